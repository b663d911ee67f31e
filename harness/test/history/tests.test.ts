// SPDX-License-Identifier: MIT
import t from 'tap';
import {flakeRanking, lastChange, listTests, outcomesOverTime} from '../../history/read-tests.js';
import {HistoryStage, row} from './stage.js';

const NAME = {profile: 'x86_64', suite: 'toy', test: 'a'};

t.test('a test over time, and when it last changed', async (t) => {
  const stage = new HistoryStage();
  t.teardown(() => stage.remove());
  await using history = await stage.open();
  const branchId = await stage.branch(history);
  const hunts = [
    {...NAME, test: 'z', selects: null, good: 'c1', bad: 'c2', folder: '/z', state: 'pending' as const},
    {...NAME, selects: null, good: 'c1', bad: 'c2', folder: '/a', state: 'pending' as const},
  ];
  await stage.run(history, [row('a', 'new', 'p')]);
  const bad = [row('a', 'regressed', 'fff', 'ppp'), row('a/sub', 'gone', '', 'ppp', {follows: 'a'})];
  await stage.run(history, bad, {hunts});
  await stage.run(history, [row('a', 'still-failing', 'fff', 'fff')]);
  await stage.run(history, [row('a', 'regressed', 'fff', 'ppp')], {branchId: await stage.branch(history, 'other')});

  const over = await outcomesOverTime(history, NAME, {branchId});
  t.match(over, [
    {commit: 'c1', change: 'new', state: 'pass', base_commit: null},
    {commit: 'c2', change: 'regressed', state: 'fail', fail: 3, base_pass: 3, subject: 'change 2', branch: 'master'},
    {commit: 'c3', change: 'still-failing'},
  ]);
  t.equal((await outcomesOverTime(history, NAME)).length, 4);
  t.match(await outcomesOverTime(history, NAME, {branchId, limit: 1}), [{commit: 'c3'}], 'the newest');

  const last = await lastChange(history, NAME, {branchId});
  t.match(last, {outcome: {commit: 'c2', change: 'regressed'}, bisect: {folder: '/a'}});
  const sub = await lastChange(history, {...NAME, test: 'a/sub'});
  t.match(sub, {outcome: {commit: 'c2', change: 'gone'}, bisect: {folder: '/a'}}, 'by the row that explains it');
  t.match(await lastChange(history, NAME), {outcome: {commit: 'c4'}, bisect: undefined});
  t.equal(await lastChange(history, {...NAME, suite: 'none'}), undefined);
  t.same(
    (await listTests(history, {branchId})).map(({test}) => test),
    ['a', 'a/sub'],
  );
});

t.test('first seen is no change', async (t) => {
  const stage = new HistoryStage();
  t.teardown(() => stage.remove());
  await using history = await stage.open();
  await stage.run(history, [row('a', 'new', 'f')]);
  t.equal(await lastChange(history, NAME), undefined);
});

t.test('flakes: sides that are mixed, neighbours that differ without a change', async (t) => {
  const stage = new HistoryStage();
  t.teardown(() => stage.remove());
  await using history = await stage.open();
  await stage.run(history, [
    ...[row('steady', 'new', 'p'), row('mixed', 'new', 'p'), row('flips', 'new', 'p')],
    ...[row('changed', 'new', 'p'), row('skips', 'new', 's')],
  ]);
  await stage.run(history, [
    ...[row('steady', 'unchanged', 'ppp', 'ppp'), row('mixed', 'flaky', 'pfp', 'ppf')],
    ...[row('flips', 'inconclusive', 'fff', 'ppp'), row('changed', 'regressed', 'fff', 'ppp')],
    row('skips', 'unchanged', 'p', 's'),
  ]);
  await stage.run(history, [
    ...[row('steady', 'unchanged', 'ppp', 'ppp'), row('mixed', 'unchanged', 'ppp', 'ppp')],
    ...[row('flips', 'unchanged', 'ppp', 'ppp'), row('changed', 'fixed', 'ppp', 'fff')],
    row('skips', 'unchanged', 's', 'p'),
  ]);
  // The same test on another branch is no neighbour.
  await stage.run(history, [row('steady', 'new', 'f')], {branchId: await stage.branch(history, 'other')});
  const ranking = await flakeRanking(history);
  t.match(ranking, [
    {test: 'mixed', runs: 3, sides: 5, mixed: 2, flips: 0, share: 2 / 5},
    {test: 'flips', runs: 3, sides: 5, mixed: 0, flips: 2, share: 2 / 7},
  ]);
  t.equal(ranking.length, 2);
  t.same(
    (await flakeRanking(history, {limit: 1})).map(({test}) => test),
    ['mixed'],
  );
  t.same(await flakeRanking(history, {since: new Date(3 * 86_400_000).toISOString()}), [], 'from the third run on');
  t.same(await flakeRanking(history, {branchId: 99}), []);
});
