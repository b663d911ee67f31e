// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Attempt} from '../../suite/attempt.js';
import {judgeAttempt, PRECEDENCE} from '../../verdict/outcome.js';
import {attempt, seen, splat} from './fixture.js';

const lost = {how: 'panic', detail: 'Kernel panic: VFS'} as const;
const notRun = {status: 'error', reason: 'did not compile', blame: 'kernel'} as const;
const timeout = {code: null, endedBy: 'timeout'} as const;
const a = {'': 'pass', a: 'pass'} as const;

/** One line per row of the table, and per pair of neighbours: the upper one wins. */
const ROWS: [string, Attempt, string[]][] = [
  ['not run', attempt('base', {}, {notRun}), ['t error']],
  ['not run wins over a lost guest', attempt('base', {a: 'pass'}, {notRun, lost}), ['t error']],
  ['guest lost', attempt('base', {a: 'pass'}, {lost}), ['t crash', 't/a pass']],
  [
    'guest lost, by the exit alone',
    attempt('base', {a: 'pass'}, {exit: {code: null, endedBy: 'guest-lost'}}),
    ['t crash', 't/a pass'],
  ],
  ['guest lost wins over the time limit', attempt('base', {a: 'fail'}, {lost, exit: timeout}), ['t crash', 't/a fail']],
  ['time limit', attempt('base', {a: 'pass'}, {exit: timeout}), ['t timeout', 't/a pass']],
  ['time limit wins over a pass that the reader gave', attempt('base', a, {exit: timeout}), ['t timeout', 't/a pass']],
  [
    'guest lost, and what the kernel said has a row of its own',
    attempt('base', {a: 'pass'}, {lost, kernel: seen({kind: 'oops', title: 'NULL in f'})}),
    ['t crash', 't/kernel: NULL in f crash', 't/a pass'],
  ],
  [
    'kernel report: a test that says ok while the kernel warned is no pass',
    attempt('base', {a: 'pass'}, {kernel: seen({kind: 'warning', title: 'WARNING in f'})}),
    ['t fail', 't/kernel: WARNING in f fail', 't/a pass'],
  ],
  [
    'kernel report: nor while it oopsed',
    attempt('base', {'': 'pass'}, {kernel: seen({kind: 'oops', title: 'NULL in f'})}),
    ['t crash', 't/kernel: NULL in f crash', 't/own result pass'],
  ],
  [
    'kernel report: what the test says of itself is not hidden by it',
    attempt('base', {a: 'pass'}, {exit: {code: 3}, kernel: seen({kind: 'warning', title: 'WARNING in f'})}),
    ['t fail', 't/kernel: WARNING in f fail', 't/own result fail', 't/a pass'],
  ],
  [
    'kernel report wins over a skip',
    attempt('base', {'': 'skip'}, {exit: {code: 4}, kernel: seen({kind: 'lockdep', title: 'lockdep: circular'})}),
    ['t fail', 't/kernel: lockdep: circular fail', 't/own result skip'],
  ],
  [
    'kernel report: a new taint that nothing explains',
    attempt('base', {a: 'pass'}, {kernel: {splats: [], allowed: [], taint: {before: 0, after: 512, fresh: ['W']}}}),
    ['t fail', 't/kernel: tainted W fail', 't/a pass'],
  ],
  [
    'an allowed warning, and the taint that comes with it',
    attempt(
      'base',
      {a: 'pass'},
      {
        kernel: {
          ...seen(),
          allowed: [{splat: splat({kind: 'warning', title: 'WARNING in f'}), reason: '', link: '', expires: ''}],
          taint: {before: 0, after: 512, fresh: ['W']},
        },
      },
    ),
    ['t/a pass'],
  ],
  [
    'time limit wins over a kernel report, which is told',
    attempt('base', {a: 'pass'}, {exit: timeout, kernel: seen({kind: 'soft-lockup', title: 'soft lockup in f'})}),
    ['t timeout', 't/kernel: soft lockup in f fail', 't/a pass'],
  ],
  [
    'kernel unknown: nobody could ask it',
    attempt('base', {'': 'pass'}, {kernel: {splats: [], allowed: [], problem: 'no answer'}}),
    ['t error', 't/own result pass'],
  ],
  [
    'a plan that was not reached when the guest was lost is no row a number',
    attempt('base', {a: 'pass', 'missing #2': 'crash', 'missing #3': 'crash'}, {lost}),
    ['t crash', 't/a pass'],
  ],
  [
    'but it is when the test ended by itself',
    attempt('base', {a: 'pass', 'missing #2': 'missing'}),
    ['t/a pass', 't/missing #2 missing'],
  ],
  ['the reader says', attempt('base', {'': 'skip', a: 'skip'}), ['t skip', 't/a skip']],
  ['killed', attempt('base', {a: 'pass'}, {exit: {code: null}}), ['t crash', 't/a pass']],
  ['no result', attempt('base', {}), ['t missing']],
  ['no result, and exit 1', attempt('base', {}, {exit: {code: 1}}), ['t missing']],
  ['unexplained exit', attempt('base', {a: 'pass'}, {exit: {code: 3}}), ['t fail', 't/a pass']],
  [
    'no row: only the subtests speak',
    attempt('base', {a: 'pass', 'a/b': 'fail'}, {exit: {code: 1}}),
    ['t/a pass', 't/a/b fail'],
  ],
];

for (const [name, given, expected] of ROWS) {
  t.same(
    judgeAttempt(given).map(({key, status}) => `${key} ${status}`),
    expected,
    name,
  );
}

t.test('every row of the table is tested by name', async (t) => {
  for (const {name} of PRECEDENCE)
    t.ok(
      ROWS.some(([tested]) => tested.startsWith(name)),
      name,
    );
});

t.test('two results with one key: the worse counts', async (t) => {
  const given = attempt('base', {});
  given.report = {
    results: [
      {path: ['a'], status: 'fail', diagnostics: []},
      {path: ['a'], status: 'pass', diagnostics: []},
    ],
    problems: [],
  };
  t.match(judgeAttempt({...given, exit: {code: 1}}), [{key: 't/a', status: 'fail'}]);
});

t.test(
  'whatever the attempt, it has an outcome, and no failure is blamed on a kernel that was never tried',
  async (t) => {
    const outcomes = judgeAttempt(attempt('base', {a: 'pass'}, {notRun: {...notRun, blame: 'infra'}}));
    t.match(outcomes, [{key: 't', blame: 'infra', reason: 'did not compile'}]);
    t.equal(outcomes.length, 1);
  },
);

t.test('a skip that the suite expects there is declared; one that it does not expect is a hole in the proof', (t) => {
  const exit = {code: 4};
  t.equal(judgeAttempt(attempt('base', {wp: 'skip'}, {exit}))[0]?.declared, false);
  t.equal(judgeAttempt(attempt('base', {wp: 'skip'}, {exit, skipExpected: 'no soft-dirty'}))[0]?.declared, true);
  const pass = attempt('base', {wp: 'pass'}, {skipExpected: 'no soft-dirty'});
  t.equal(judgeAttempt(pass)[0]?.declared, false, 'a pass is a pass');
  t.end();
});
