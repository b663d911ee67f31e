// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Attempt} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import {withOwnSelftests} from '../../verdict/own-selftests.js';
import {attempt} from './fixture.js';

type Results = Parameters<typeof attempt>[1];

/** With the series' selftests both kernels give `both`; base's own give `own` on base. */
function changes(both: Results, own: Results | Attempt): string[] {
  const compared = compareAttempts([attempt('base', both), attempt('patched', both)]);
  const before = 'guest' in own ? (own as Attempt) : attempt('base', own as Results);
  return withOwnSelftests(compared, [before])
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
  const compared = compareAttempts([attempt('base', {a: 'fail'}), attempt('patched', {a: 'fail'})]);
  const rows = withOwnSelftests(compared, [attempt('base', {a: 'pass', b: 'pass'})]);
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
