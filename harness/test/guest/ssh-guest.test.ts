// SPDX-License-Identifier: MIT
import {PassThrough} from 'node:stream';
import t from 'tap';
import {attachShell, type Terminal} from '../../guest/shell.js';
import type {SshGuest} from '../../guest/ssh-guest.js';
import {limitOf} from '../fakes/scale.js';
import {starving} from '../fakes/starve.js';
import {boot, testContext} from './support.js';

const SCENARIO = `boot ok
test passes pass
test fails fail
test hangs hang
test panics panic
test exits exit
test floods flood
test bytes control-bytes
test crashes crash
test twice double-ok
test half fail 50%
`;

t.setTimeout(180_000);
const ctx = testContext();
t.teardown(ctx.remove);

/** Runs one command; what it printed, as text. */
async function run(guest: SshGuest, command: string, timeoutSeconds = 20) {
  const chunks: Uint8Array[] = [];
  const result = await guest.run(command, {timeoutSeconds, onOutput: (chunk) => chunks.push(chunk)});
  return {...result, output: Buffer.concat(chunks).toString('latin1')};
}

t.test('results, output and what goes wrong in one guest', async (t) => {
  await using guest = await boot(ctx, SCENARIO);

  t.match(await run(guest, './passes'), {code: 0, timedOut: false, output: /ok 1 passes/, lost: undefined});
  t.match(await run(guest, './fails'), {code: 1, output: /not ok 1 fails/});
  t.match(await run(guest, 'true'), {code: 0, output: ''});
  t.match(await run(guest, './crashes'), {code: null, signal: 'SEGV', timedOut: false});
  t.ok((await run(guest, './bytes')).output.includes('\u001b[31m'), 'bytes come as they are');

  const hung = await run(guest, './hangs', 1);
  t.match(hung, {code: null, signal: 'TERM', timedOut: true, lost: undefined, output: /KTAP version 1/});
  t.match(await run(guest, './passes'), {code: 0}, 'the guest is still of use');

  const codes = [];
  for (let i = 0; i < 4; i++) codes.push((await run(guest, './half')).code);
  t.same(codes, [0, 1, 0, 1]);

  await t.resolves(guest.push(import.meta.filename, '/tmp/x'));
  await t.rejects(guest.push('/nowhere/at-all', '/tmp/x'), {message: /There is no `\/nowhere\/at-all`/});

  const text = await guest.diagnose();
  t.match(text, /== registers ==\nCPU#0/);
  t.match(text, /== sysrq w, by a BREAK on the console ==\n.*Show Blocked State/);
  t.notMatch(text, /NMI/, 'a guest that answers is left as it is');
});

t.test('100 MB of output pass through and are not kept', async (t) => {
  await using guest = await boot(ctx, SCENARIO);
  let bytes = 0;
  let before = process.memoryUsage().rss;
  let most = 0;
  const result = await guest.run('./floods', {
    timeoutSeconds: 60,
    onOutput: (chunk) => {
      if (bytes === 0) before = process.memoryUsage().rss;
      bytes += chunk.length;
      most = Math.max(most, process.memoryUsage.rss());
    },
  });
  t.match(result, {code: 0});
  t.ok(bytes > 100_000_000, `${bytes} bytes`);
  t.ok(most - before < 100_000_000, `${Math.round((most - before) / 1e6)} MB more`);
});

t.test('a panic under a command is a lost guest, with the kernel as its reason', async (t) => {
  await using guest = await boot(ctx, SCENARIO);
  const started = performance.now();
  const result = await run(guest, './panics', 60);
  t.match(result, {code: null, timedOut: false, lostHow: 'panic', lost: 'Kernel panic - not syncing: Fatal exception'});
  t.match(result.output, /KTAP version 1/, 'what came before is kept');
  t.ok(performance.now() - started < 5000);
  t.match(await run(guest, './passes'), {code: null, lostHow: 'panic'}, 'so is every command after it');
  t.match(guest.console(), /end Kernel panic/);
  t.match(await guest.diagnose(), /QEMU is gone/);
});

t.test('a QEMU that ends under a command', async (t) => {
  await using guest = await boot(ctx, SCENARIO);
  t.match(await run(guest, './exits', 60), {
    code: null,
    timedOut: false,
    lostHow: 'qemu-exited',
    lost: 'QEMU exited 0: the kernel ended the machine and said nothing (a triple fault, a reset or a power-off)',
  });
});

t.test('a limit counts what the host gives', async (t) => {
  {
    await using guest = await boot(ctx, 'test slow pass after 2500\ntest hangs hang\n', {hostTimes: starving(0.25)});
    t.match(await run(guest, './slow', 1), {code: 0, timedOut: false}, 'two and a half seconds, of a limit of one');
    const hung = await run(guest, './hangs', 1);
    t.match(hung, {code: null, timedOut: true});
    t.equal(hung.starved, undefined, 'it had its time');
    t.ok(hung.seconds > 3.5, `${hung.seconds} s`);
  }
  await using guest = await boot(ctx, 'test hangs hang\n', {hostTimes: starving(0.01, 8), limit: limitOf(100)});
  const hung = await run(guest, './hangs', 1);
  t.match(hung, {code: null, timedOut: true});
  t.match(hung.starved, /^this host was too slow: in 2\d s it gave guest g1 only 0 of the 1 s that it may take$/);
});

t.test('what was given is told of the same span as the seconds, grace and the end of QEMU included', async (t) => {
  const half = 0.5;
  const scenario = 'test stubborn pass after 3000\ntest lost exit after 3000\n';
  await using guest = await boot(ctx, scenario, {hostTimes: starving(half)});
  for (const [command, ended] of [
    ['./stubborn', {code: 0}],
    ['./lost', {code: null, lostHow: 'qemu-exited'}],
  ] as const) {
    // Over after two seconds on the clock, and told so: it ends a second later.
    const {given = 0, ...result} = await run(guest, command, 1);
    t.match(result, ended);
    t.ok(result.seconds > 2.8, `${command} takes its time: ${result.seconds} s`);
    const told = Math.abs(given - half * result.seconds);
    t.ok(told < 0.2, `${command}: given ${given} of ${result.seconds} s`);
  }
});

t.test('a shell with piped input gives its exit code', async (t) => {
  await using guest = await boot(ctx, SCENARIO);
  const input = new PassThrough();
  const output = new PassThrough();
  input.end('echo hello\n');
  t.equal(await attachShell(guest, {input, output} as unknown as Terminal), 0);
});
