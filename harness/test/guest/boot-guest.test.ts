// SPDX-License-Identifier: MIT
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {BootFailed} from '../../guest/boot-guest.js';
import {HostKeyMismatch} from '../../guest/ssh.js';
import {makeKeys} from '../../image/access.js';
import {InfraError} from '../../lib/errors.js';
import {limitOf} from '../fakes/scale.js';
import {starving} from '../fakes/starve.js';
import {boot, bootOptions, testContext} from './support.js';

t.setTimeout(180_000);

t.test('a guest boots, says how long it took, and leaves nothing behind', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const guest = await boot(ctx, 'boot ok\n');
  t.ok(guest.bootSeconds > 0 && guest.bootSeconds < 10);
  t.match(guest.console(), /Run \/init as init process/);
  t.ok(existsSync(join(ctx.folder, 'out', 'g1.console.log')));
  const {pid} = guest.machine;
  await guest[Symbol.asyncDispose]();
  t.throws(() => process.kill(pid, 0), 'QEMU is gone');
  t.same(readdirSync(ctx.paths.runtime), [], 'so are the sockets');
  await t.resolves(guest[Symbol.asyncDispose](), 'a second time is nothing');
});

t.test('a panic is a finding that quotes the kernel, and does not wait for the deadline', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const started = performance.now();
  const error = await failure(boot(ctx, 'boot panic\n', {limit: limitOf(60)}));
  t.type(error, BootFailed);
  t.match(error, {how: 'panic', blame: 'kernel'});
  t.match(error.message, /Guest g1 did not boot: the kernel panicked: Kernel panic - not syncing: VFS/);
  t.match(error.message, /end Kernel panic/);
  t.ok(performance.now() - started < 8000);
  t.same(readdirSync(ctx.paths.runtime), []);
});

t.test('a kernel that is gone before its sockets were seen is the kernel all the same', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot fast-panic\n', {limit: limitOf(60)}));
  t.match(error, {how: 'panic', blame: 'kernel'});
  t.match(error.message, /Guest g1 did not boot: the kernel panicked: Kernel panic - not syncing: No working init/);
  t.same(readdirSync(ctx.paths.runtime), []);
});

t.test('a kernel that ends the machine in silence is to blame, whatever QEMU has warned of', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot reset\n', {limit: limitOf(60)}));
  t.match(error, {how: 'exited', blame: 'kernel'});
  t.match(error.message, /^Guest g1 did not boot: the kernel ended the machine and said nothing \(a triple fault, /);
});

t.test('a kernel that hangs is told with its limit and the end of its console', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot hang\n', {limit: limitOf(1)}));
  t.match(error, {how: 'timeout', blame: 'kernel'});
  t.match(
    error.message,
    /was not ready within 1\.\d s, and printed nothing new for 1 s \(limit: 1 s \(1 s x 1\), accelerator: tcg\)\n.*Linux version 6\.12\.0-fake/s,
  );
  t.same(readdirSync(ctx.paths.runtime), []);
});

t.test('a kernel that gets on is waited for beyond its limit', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  await using guest = await boot(ctx, 'boot crawl 10 200\n', {limit: limitOf(1)});
  t.ok(guest.bootSeconds > 1.8, `${guest.bootSeconds} s`);
  const notes = ctx.events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
  t.equal(notes.length, 1);
  t.match(
    notes[0],
    /^Guest g1 is waited for beyond 1\.0 s: (new lines still come on its console|this host gave it only \d\.\d s)$/,
  );
});

t.test('one that prints for ever is not, and that proves nothing about it', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot crawl 1000 100\n', {limit: limitOf(1)}));
  t.type(error, InfraError);
  t.match(
    error.message,
    /^This host was too slow: guest g1 was still printing new lines after 4\.\d s, 4 times its limit \(limit: 1 s \(1 s x 1\), accelerator: tcg.*initcall/s,
  );
  t.same(readdirSync(ctx.paths.runtime), []);
});

t.test('one that prints nothing at all had its time', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot mute\n', {limit: limitOf(1)}));
  t.type(error, BootFailed);
  t.match(
    error.message,
    /it was not ready within 1\.\d s \(limit: 1 s \(1 s x 1\), accelerator: tcg\)\n<empty console>/,
  );
});

t.test('a host that gives a guest no CPU is to blame, not its kernel', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const slow = await failure(boot(ctx, 'boot mute\n', {limit: limitOf(0.2), hostTimes: starving(0.01)}));
  t.type(slow, InfraError);
  t.match(slow.message, /^This host was too slow: in 4\.\d s it gave guest g1 only 0\.\d s to boot \(limit: 0\.2 s/);
  const half = await failure(boot(ctx, 'boot mute\n', {limit: limitOf(1), hostTimes: starving(0.5)}));
  t.type(half, BootFailed);
  t.match(
    half.message,
    /within 1\.\d s \(limit: 1 s \(1 s x 1\), accelerator: tcg; on the clock (?:1\.9|2\.\d) s, as this host had no CPU for it\)/,
  );
});

t.test("QEMU that exits at once is not the kernel's fault", async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot exit\n'));
  t.type(error, InfraError);
  t.match(error.message, /QEMU exited 1 before the guest was ready:\nqemu-system-fake: could not load kernel/);
  t.match(error.message, /It was started as: .*qemu-system-x86_64 -nodefaults .*-kernel /);
});

t.test('a QEMU that is not there', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot ok\n', {qemu: {binary: '/nowhere/qemu', version: '10.0.2'}}));
  t.type(error, InfraError);
  t.match(error.message, /Cannot start `\/nowhere\/qemu`/);
});

t.test('a guest with another host key is refused', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const options = bootOptions(ctx, 'boot ok\n');
  const other = makeKeys();
  const error = await failure(boot(ctx, 'boot ok\n', {access: {clientKey: other.clientKey, hostKey: other.hostKey}}));
  t.type(error, HostKeyMismatch);
  t.match(error.message, /another SSH host key/);
  t.not(options.access.hostKey, other.hostKey);
});

t.test('a guest that does not know our key refuses us', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const options = bootOptions(ctx, 'boot ok\n');
  const stranger = makeKeys().clientKey;
  const {bootGuest} = await import('../../guest/boot-guest.js');
  const error = await failure(bootGuest(ctx, {...options, access: {...options.access, clientKey: stranger}}));
  t.type(error, InfraError);
  t.match(error.message, /The guest refused SSH: All configured authentication methods failed/);
});

t.test("a server that breaks off is the guest's own fault, as one that never answers is", async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const hungUp = await failure(boot(ctx, 'boot hang-up\n'));
  t.match(hungUp, {how: 'refused', blame: 'kernel'});
  t.match(hungUp.message, /^Guest g1 did not boot: its SSH server answered, and then broke off: .*\n.*Run \/init/s);
  const babbled = await failure(boot(ctx, 'boot babble\n'));
  t.match(babbled, {how: 'refused', blame: 'kernel'});
  t.same(readdirSync(ctx.paths.runtime), []);
});

t.test('so is a console that is flooded', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot flood\n', {limit: limitOf(60)}));
  t.match(error, {how: 'flooded', blame: 'kernel'});
  t.match(
    error.message,
    /^Guest g1 did not boot: QEMU was ended: the guest's console printed more than 67108864 bytes\n.*all work/s,
  );
});

t.test('an interrupt while it boots leaves no process and no socket', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const reason = new Error('Interrupted by SIGINT');
  setTimeout(() => ctx.abort.abort(reason), 300);
  const error = await failure(boot(ctx, 'boot hang\n', {limit: limitOf(60)}));
  t.equal(error, reason);
  t.same(readdirSync(ctx.paths.runtime), []);
});

t.test('a socket path that is too long is told, not truncated', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const error = await failure(boot(ctx, 'boot ok\n', {runtimeDir: join(ctx.folder, 'x'.repeat(100))}));
  t.match(error.message, /may have 107 bytes/);
});

async function failure(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}
