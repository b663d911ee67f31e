// SPDX-License-Identifier: MIT
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {matchExactly} from '../match-exactly.js';
import {Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
// Each test is a few runs of the program.
t.setTimeout(300_000);
const run = (...more: string[]): Promise<{code: number | null; stdout: string; stderr: string}> =>
  stage.run(['run', ...stage.common(), '--profiles', 'x86_64', ...more]);

t.test('run: 0 when all passes, 1 when a test fails', async (t) => {
  t.equal((await run()).code, 0);
  stage.scenario('test toy-steady fail');
  const bad = stage.commit('broken');
  t.equal((await run('--rev', bad)).code, 1);
});

t.test('run: 125 when a subtest that was asked for never came', async (t) => {
  const {code, stdout} = await run('--rev', 'HEAD~1', '-t', 'toy:steady/nonesuch');
  t.equal(code, 125);
  t.match(stdout, /no guest gave a result for `toy:steady\/nonesuch`/);
});

t.test('run: 125 when the kernel does not build, or does not boot', async (t) => {
  stage.write('mm/memory.c', 'int broken(\n');
  t.equal((await run('--rev', stage.commit('does not build'))).code, 125);
  stage.git('checkout', '-q', 'HEAD~1', '--', 'mm/memory.c');
  stage.write('scenario/00-boot.txt', 'boot panic\n');
  t.equal((await run('--rev', stage.commit('does not boot'))).code, 125);
});

t.test('verify: 125 when base is broken too', async (t) => {
  const series = stage.patch('mm: on a broken base', () => stage.scenario('test toy-race fail'));
  t.equal((await stage.verify(series, '--profiles', 'x86_64')).code, 125);
  stage.git('reset', '-q', '--hard', 'HEAD~3');
});

t.test('128: input and host; the message names whose fault it is, and how to go on', async (t) => {
  const plain = join(stage.folder, 'plain');
  mkdirSync(plain);
  writeFileSync(join(stage.folder, 'empty.mbox'), '');
  const good = stage.patch('mm: good', () => stage.scenario('# nothing'));
  const rows: [string[], RegExp][] = [
    [['verify', join(stage.folder, 'empty.mbox'), '--tree', stage.tree], /your input: .*empty/],
    [['verify', join(stage.folder, 'no-such.mbox'), '--tree', stage.tree], /your input: .*no-such\.mbox/],
    [['verify', good, '--tree', plain], /your input: .*(not|no) .*Linux/i],
    [
      ['verify', good, ...stage.common(), '--profiles', 'sparc'],
      /your input: There is no profile `sparc`[\s\S]*hint: .*x86_64/,
    ],
    [['verify', good, ...stage.common(), '-t', 'nonesuch'], /your input: There is no suite/],
    [['verify', good, ...stage.common(), 'ARCH=arm64', 'CROSS_COMPILE=no-such-'], /host or kverdict: .*no-such-gcc/],
  ];
  for (const [args, message] of rows) {
    const {code, stderr} = await stage.run(args);
    t.equal(code, 128, args.join(' '));
    t.match(stderr, message);
  }
});

t.test('129: usage', async (t) => {
  for (const args of [
    ['verify'],
    ['verify', 'x', '--runs', '0'],
    ['nonesuch'],
    ['run', 'KCFLAG=1'],
    ['list', 'nothing'],
  ]) {
    t.equal((await stage.run(args)).code, 129, args.join(' '));
  }
});

t.test('a QEMU that ends at once is our fault, in its own words', async (t) => {
  stage.write('scenario/00-boot.txt', 'boot exit\n');
  const {code, stdout} = await run('--rev', stage.commit('boot exit'));
  t.equal(code, 128);
  t.match(stdout, /could not load kernel/);
});

t.test('a QEMU that is too old is unsupported, never red', async (t) => {
  const old = await new Stage('7.2.22').seed();
  t.teardown(() => old.remove());
  const {code, stderr} = await old.run(['run', ...old.common(), '--profiles', 'x86_64']);
  t.equal(code, 128);
  t.match(stderr, /unsupported here: .*7\.2\.22/);
  matchExactly(t, old.results(), {verdict: 'infra-error', comparisons: []});
});

t.test('help has examples; a verb without words says what it wants', async (t) => {
  const help = await stage.run(['verify', '--help']);
  t.equal(help.code, 0);
  t.match(help.stdout, /Examples:\n {2}kverdict verify/);
});
