// SPDX-License-Identifier: MIT
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {ItselfReport} from '../../verdict/itself.js';
import {matchExactly} from '../match-exactly.js';
import {type Ended, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
t.setTimeout(300_000);

const suites = join(import.meta.dirname, '../../../../harness/test/fixtures/e2e/suites');
const [first, second] = [join(stage.folder, 'first'), join(stage.folder, 'second')];
const aa = (runs: number, out: string, ...more: string[]): Promise<Ended> =>
  stage.run([
    ...['selfcheck', '--aa', String(runs), '-t', 'toy', '-p', 'x86_64', '--runs', '2', '--tree', stage.tree],
    ...['--qemu', stage.qemu, '--suites', suites, '--out', out, ...more],
  ]);
const report = (out: string): ItselfReport => JSON.parse(readFileSync(join(out, 'itself.json'), 'utf8'));

t.test('a kernel against itself: no change is claimed, the sides are one build, each run is kept', async (t) => {
  const {code, stdout} = await aa(2, first, '--resample', '50');
  t.equal(code, 0, stdout);
  t.match(stdout, /^selfcheck: passed: Linux 6\.12\.7 /);
  t.match(stdout, /^false alarms, live: +0 of 2 runs: 0\.0 % \(95 % interval 0\.0 % to 84\.2 %\)$/m);
  t.match(stdout, /^false alarms, resampled: 0 of 50 runs/m);
  const {runs, complete} = report(first);
  matchExactly(t, [runs, complete], [[{verdict: 'good', claims: [], folder: 'itself/1'}, {folder: 'itself/2'}], true]);
  const results = JSON.parse(readFileSync(join(first, 'itself/2/results.json'), 'utf8'));
  t.match(results.builds, [
    {side: 'base', cached: true},
    {side: 'patched', cached: true},
  ]);
  t.match(
    results.comparisons.find(({test}: {test: string}) => test.startsWith('race')),
    {change: 'unchanged', base: {pass: 2}, patched: {pass: 2}},
  );
});

t.test('earlier runs count as well, and can be drawn from without a guest', async (t) => {
  const one = await aa(1, second, '--recorded', first);
  t.match(one.stdout, /0 of 3 runs/);
  const none = await aa(0, join(stage.folder, 'third'), '--recorded', second, '--resample', '20');
  t.equal(none.code, 0, none.stderr);
  t.match(none.stdout, /0 of 3 runs.*0 of 20 runs/s);
  t.notMatch(none.stderr, /boot/);
});

t.test('a difference of the kernel and itself is a false alarm, and more of them a failure', async (t) => {
  const whole = report(first);
  const [run] = whole.runs;
  const claims = [{profile: 'x86_64', suite: 'toy', test: 'race', change: 'regressed' as const}];
  const runs = new Array(20).fill({...run, claims});
  writeFileSync(join(first, 'itself.json'), JSON.stringify({...whole, runs}));
  const {code, stdout} = await aa(0, join(stage.folder, 'fourth'), '--recorded', first);
  t.equal(code, 1);
  t.match(stdout, /^selfcheck: FAILED/);
});

t.test('what to check is said once', async (t) => {
  t.equal((await stage.run(['selfcheck'])).code, 129);
  t.equal((await stage.run(['selfcheck', '--aa', '1', '--simulate'])).code, 129);
  t.equal((await stage.run(['selfcheck', '--aa', '0'])).code, 129);
  const {code, stderr} = await aa(0, second, '--recorded', stage.folder);
  t.equal(code, 128);
  t.match(stderr, /holds no recorded run/);
});
