// SPDX-License-Identifier: MIT
import t from 'tap';
import {renderItself} from '../../../reports/itself.js';
import type {Attempt} from '../../suite/attempt.js';
import {
  claimsOf,
  falseAlarmsOf,
  ITSELF_SCHEMA,
  type ItselfReport,
  type ItselfRun,
  itselfVerdict,
  resample,
} from '../../verdict/itself.js';
import type {Comparison} from '../../verdict/results.js';
import {attempt, times} from './fixture.js';

const design = {alpha: 0.05, power: 0.9, maxRuns: 20, maxRepeats: 19};
const run = (more: Partial<ItselfRun> = {}): ItselfRun => ({
  ...{verdict: 'good', because: '1 result passed', claims: [], compared: 3, attempts: 6, repeats: 0, seconds: 9},
  ...more,
});
const claim = {profile: 'x86_64', suite: 's', test: 't/a', change: 'regressed'} as const;

function report(runs: ItselfRun[], more: Partial<ItselfReport> = {}): ItselfReport {
  return {
    ...{
      schema: ITSELF_SCHEMA,
      kverdict: '0',
      command: 'kverdict selfcheck --aa',
      started: '',
      seconds: 1,
      complete: true,
    },
    tree: {origin: '/usr/src/linux', commit: 'c0ffee', kernelVersion: '6.12.95'},
    machines: ['x86_64: QEMU 10.0.2, tcg'],
    ...{design, runs, falseAlarms: falseAlarmsOf(runs)},
    ...more,
  };
}

t.test('a claim, or a bad verdict without one, is a false alarm; what proves nothing is not counted', async (t) => {
  t.match(falseAlarmsOf([run(), run({verdict: 'inconclusive'})]), {hits: 0, of: 2});
  t.match(falseAlarmsOf([run(), run({claims: [claim], verdict: 'bad'}), run({verdict: 'bad'})]), {hits: 2, of: 3});
  t.match(falseAlarmsOf([run({compared: 0, verdict: 'infra-error'})]), {of: 0, low: 0, high: 1});
});

t.test('what is a claim', async (t) => {
  const row = (change: Comparison['change'], failed = 0): Comparison =>
    ({...claim, change, patched: {pass: 1, fail: failed, skip: 0, timeout: 0, crash: 0, missing: 0}}) as Comparison;
  const words = (['regressed', 'fixed', 'gone', 'skip-regressed', 'new', 'flaky', 'inconclusive'] as const).map(
    (word) => row(word),
  );
  t.same(
    claimsOf(words).map(({change}) => change),
    ['regressed', 'fixed', 'gone', 'skip-regressed'],
  );
  t.equal(claimsOf([row('new', 1)]).length, 1, 'a new subtest that fails');
});

t.test('one word for it all, failing closed', async (t) => {
  const twenty = new Array(20).fill(run());
  t.equal(itselfVerdict(report(twenty)), 'passed');
  t.equal(itselfVerdict(report([...twenty.slice(1), run({claims: [claim]})])), 'passed', '1 of 20 is alpha');
  t.equal(itselfVerdict(report(new Array(20).fill(run({claims: [claim]})))), 'failed');
  t.equal(itselfVerdict(report(twenty, {complete: false})), 'cannot-tell');
  t.equal(itselfVerdict(report([...twenty, run({compared: 0})])), 'cannot-tell');
  t.equal(itselfVerdict(report([])), 'cannot-tell');
  const resampled = {hits: 900, of: 10_000, rate: 0.09, low: 0.085, high: 0.096, seed: 1};
  t.equal(itselfVerdict(report(twenty, {resampled})), 'failed');
});

t.test('the last screen', async (t) => {
  const resampled = {hits: 3, of: 10_000, rate: 0.0003, low: 0.00006, high: 0.00088, seed: 1};
  const text = renderItself(
    report([run(), run({claims: [{...claim, reason: 'fails\nin 5'}], verdict: 'bad'})], {resampled}),
    'out',
  );
  t.match(text, /^selfcheck: passed: Linux 6\.12\.95 \(\/usr\/src\/linux\) against itself, alpha 0\.05$/m);
  t.match(
    text,
    / {2}2 {2}FALSE ALARM, bad: 3 subtests, 6 attempts \(0 repeats\), 9 s\n {5}x86_64 s:t\/a: regressed: fails/,
  );
  t.match(text, /^false alarms, live: +1 of 2 runs: 50\.0 % \(95 % interval 1\.3 % to 98\.7 %\)$/m);
  t.match(text, /^false alarms, resampled: 3 of 10000 runs: 0\.030 % \(95 % interval 0\.006 % to 0\.088 %\), seed 1$/m);
});

/** Two runs' worth of a test that fails in so many of ten attempts. */
const recorded = (failing: number): Attempt[] => [
  ...times(5, 'base', {a: 'pass'}),
  ...times(failing, 'patched', {a: 'fail'}),
  ...times(5 - failing, 'patched', {a: 'pass'}),
];

t.test('drawn again: nothing where nothing failed, at most alpha where half did', async (t) => {
  t.match(resample(recorded(0), design, 200, 1), {hits: 0, of: 200, seed: 1});
  const racy = resample(recorded(5), design, 400, 1);
  t.ok(racy.rate <= 0.05, `${racy.rate}: all failures were on one side, and yet the sides are the same`);
  t.ok(racy.hits > 0, 'a coin does so now and then');
  t.same(resample(recorded(5), design, 50, 3), resample(recorded(5), design, 50, 3), 'the seed decides');
});

t.test('attempts that our host did not run are not drawn', async (t) => {
  const broken = attempt('base', {}, {notRun: {status: 'error', reason: 'no space', blame: 'infra'}});
  t.match(resample([...recorded(0), broken], design, 50, 1), {hits: 0});
});
