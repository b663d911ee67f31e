// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Attempt} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import {withOwnSelftests} from '../../verdict/own-selftests.js';
import {attempt, printed} from './fixture.js';

type Results = Parameters<typeof attempt>[1];

/** With the series' selftests both kernels give `both`; base's own give `own` on base. */
function changes(both: Results, own: Results | Attempt): string[] {
  const attempts = [attempt('base', both), attempt('patched', both)];
  const compared = compareAttempts(attempts);
  const before = 'guest' in own ? (own as Attempt) : attempt('base', own as Results);
  return withOwnSelftests(compared, [before], attempts)
    .filter(({change}) => change !== 'unchanged')
    .map(({test, change}) => `${test} ${change}`);
}

t.test('what the series did to the tests themselves', (t) => {
  t.same(changes({a: 'pass'}, {a: 'pass'}), []);
  t.same(changes({a: 'pass', b: 'fail'}, {a: 'pass'}), ['t/b new'], 'added, and it fails');
  t.same(changes({a: 'pass', b: 'pass'}, {a: 'pass'}), [], 'added, and it passes');
  t.same(changes({a: 'pass', b: 'fail'}, {a: 'pass', b: 'fail'}), ['t/b still-failing'], 'it failed before');
  t.same(changes({a: 'pass', b: 'fail'}, {a: 'pass', b: 'pass'}), ['t/b regressed'], 'broken by the series');
  t.same(changes({a: 'pass', b: 'fail'}, {a: 'pass', b: 'skip'}), ['t/b new'], 'skipped before');
  t.same(changes({a: 'pass', b: 'skip'}, {a: 'pass', b: 'pass'}), ['t/b skip-regressed']);
  t.same(changes({a: 'pass', b: 'skip'}, {a: 'pass', b: 'skip'}), []);
  t.same(changes({a: 'pass'}, {a: 'pass', b: 'pass'}), ['t/b gone'], 'taken away');
  t.same(changes({a: 'pass'}, {a: 'pass', b: 'fail'}), ['t/b gone'], 'taken away as it failed');
  t.same(changes({a: 'pass'}, {a: 'pass', 'missing #2': 'missing'}), [], 'a plan that the series repairs');
  t.same(changes({a: 'pass', c: 'pass'}, {a: 'pass', b: 'pass'}), ['t/b gone'], 'another name is another test');
  t.end();
});

t.test('a test that has gone as a whole', (t) => {
  const other = attempt('base', {a: 'pass'}, {test: 'other'});
  t.same(changes({a: 'pass'}, other), ['other/a gone', 'other gone']);
  t.end();
});

t.test('an attempt that our host did not run says nothing', (t) => {
  const notRun = {status: 'error', reason: 'no memory', blame: 'infra'} as const;
  t.same(changes({a: 'pass', b: 'fail'}, attempt('base', {}, {notRun})), ['t/b still-failing']);
  t.end();
});

t.test('a base that crashes under its own tests had what it did not reach', (t) => {
  const lost = attempt('base', {a: 'pass'}, {lost: {how: 'panic', detail: 'oops'}, exit: {code: null}});
  t.same(changes({a: 'pass', b: 'fail'}, lost), ['t/b still-failing']);
  t.end();
});

t.test('no part of the statistics: one attempt says it, and nothing is left open', (t) => {
  const attempts = [attempt('base', {a: 'fail'}), attempt('patched', {a: 'fail'})];
  const rows = withOwnSelftests(compareAttempts(attempts), [attempt('base', {a: 'pass', b: 'pass'})], attempts);
  t.match(rows, [
    {test: 't/a', change: 'regressed', pValue: 1},
    {test: 't/b', change: 'gone', pValue: null, adjusted: 1},
  ]);
  t.same(
    rows.map(({open, advice}) => [open, advice]),
    [
      [undefined, undefined],
      [undefined, undefined],
    ],
  );
  t.end();
});

t.test('names that change, and numbers without one, are none that base alone has', (t) => {
  const rows = (outputOf: (n: number) => string, own: string): string[] => {
    const attempts = [1, 2, 3].flatMap((n) => [
      printed('base', outputOf(n), {number: n}),
      printed('patched', outputOf(n + 9), {number: n}),
    ]);
    return withOwnSelftests(compareAttempts(attempts), [printed('base', own)], attempts).map(
      ({test, change}) => `${test} ${change}`,
    );
  };
  const one = (n: number): string => `TAP version 13|1..2|ok 1 a|ok 2 pid ${n}`;
  t.same(rows(one, one(77)), ['t/a unchanged', 't/pid * unchanged']);
  const two = (n: number): string => `TAP version 13|1..2|ok 1 worker ${2000 + n}|ok 2 worker ${3000 + n}`;
  t.same(rows(two, two(77)), ['t/[names that change] unchanged']);
  t.same(
    rows(two, `${two(77)}|ok 3 b`),
    ['t/[names that change] unchanged', 't/b gone'],
    'but what is not alike is gone',
  );
  const deep = 'KTAP version 1|1..1|    KTAP version 1|    1..2|    ok 1 x';
  t.same(
    rows(() => `${deep}|    ok 2 y|ok 1 deep`, deep),
    ['t/deep unchanged', 't/deep/x unchanged', 't/deep/y unchanged'],
  );
  t.end();
});
