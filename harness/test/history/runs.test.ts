// SPDX-License-Identifier: MIT
import t from 'tap';
import type {BisectReport} from '../../bisect/report.js';
import {
  bisectsOf,
  lastJudged,
  listNights,
  listRuns,
  pendingBisects,
  readRun,
  reportsOf,
  visitsOf,
} from '../../history/read.js';
import {outcomesOfRun} from '../../history/read-tests.js';
import {beginNight, endNight, giveUpBisect, rememberBisect, rememberRun, rememberVisit} from '../../history/record.js';
import {HistoryStage, row} from './stage.js';

const stage = new HistoryStage();
t.teardown(() => stage.remove());

const hunt = (test: string, state: 'pending' | 'left' = 'pending') => ({
  ...{profile: 'x86_64', suite: 'toy', test, selects: null, good: 'c1', bad: 'c2', folder: `/runs/2/${test}`, state},
});

t.test('a night that was killed is the one that goes on', async (t) => {
  await using history = await stage.open();
  const begin = (nightly: string) => beginNight(history, {nightly, config: '/etc/a.yaml', now: new Date(0)});
  const first = await begin('mm');
  t.same(await begin('mm'), {id: first.id, resumed: true});
  t.equal((await begin('kvm')).resumed, false, 'of another nightly it is not');
  await endNight(history, first.id, {exit: 1, now: new Date(1000)});
  t.equal((await begin('mm')).resumed, false);
  t.match(await listNights(history, {nightly: 'mm'}), [
    {ended: null, exit: null},
    {id: first.id, started: '1970-01-01T00:00:00.000Z', ended: '1970-01-01T00:00:01.000Z', exit: 1},
  ]);
});

t.test('the last judged commit of a branch, and the last that can be compared with', async (t) => {
  await using history = await stage.open();
  const [one, other] = [await stage.branch(history, 'one'), await stage.branch(history, 'other')];
  t.equal(await stage.branch(history, 'one'), one, 'a branch is one row');
  t.equal(await lastJudged(history, one), undefined);
  const good = await stage.run(history, [], {branchId: one});
  const torn = await stage.run(history, [], {branchId: one, comparable: 0});
  await stage.run(history, [], {branchId: other});
  t.match(await lastJudged(history, one), {id: torn, commit: 'c2'});
  t.match(await lastJudged(history, one, {comparable: true}), {id: good, commit: 'c1'});
  t.same(
    (await listRuns(history, {branchId: one})).map(({commit}) => commit),
    ['c2', 'c1'],
    'newest first',
  );
  t.match(await listRuns(history, {limit: 1}), [{commit: 'c3', branch: 'other', tree: '/srv/linux', nightly: 'toy'}]);
  t.match(await listRuns(history, {before: torn}), [{id: good}]);
  t.same(await listRuns(history, {verdict: 'bad'}), []);
  t.match(await readRun(history, torn), {base_commit: 'c1', seconds: 12.5, folder: '/runs/2'});
  t.same(await reportsOf(history, good), [{run_id: good, format: 'html', file: 'report.html'}]);
});

t.test('a run is remembered whole or not at all', async (t) => {
  await using history = await stage.open();
  const branchId = await stage.branch(history, 'whole');
  const twice = [hunt('a'), hunt('a')];
  await t.rejects(stage.run(history, [row('a', 'regressed', 'fff', 'ppp')], {branchId, hunts: twice}), /UNIQUE/);
  t.equal(await lastJudged(history, branchId), undefined);
});

t.test('what a night did with its branches; the last word counts', async (t) => {
  await using history = await stage.open();
  const branchId = await stage.branch(history, 'visited');
  const {id: nightId} = await beginNight(history, {nightly: 'v', config: 'v.yaml', now: new Date(0)});
  const visit = {night_id: nightId, branch_id: branchId};
  await rememberVisit(history, {...visit, tip: null, state: 'failed', detail: 'no network'});
  t.match(await visitsOf(history, nightId), [{state: 'failed', detail: 'no network', branch: 'visited'}]);
  const facts = (await listRuns(history, {limit: 1}))[0];
  if (facts === undefined) throw new Error('there are runs');
  const {id: _, nightly: __, tree: ___, branch: ____, ...known} = facts;
  await rememberRun(history, {...known, ...visit, commit: 'tip'}, {comparisons: [], reports: [], hunts: []});
  t.match(await visitsOf(history, nightId), [{state: 'judged', tip: 'tip', detail: null}]);
});

t.test('outcomes: both sides, letters, one word each', async (t) => {
  await using history = await stage.open();
  const rows = [
    row('a', 'regressed', 'ffp', 'ppp', {pValue: 0.01, adjusted: 0.02, reason: 'no'}),
    row('a/b', 'regressed', 'mmm', 'ppp', {follows: 'a'}),
    row('c', 'unchanged', 'p', 's'),
    row('d', 'inconclusive', ''),
    row('e', 'unchanged', 'ct'),
  ];
  const id = await stage.run(history, rows);
  t.match(await outcomesOfRun(history, id), [
    {test: 'a', profile: 'x86_64', suite: 'toy', change: 'regressed', p_value: 0.01, adjusted: 0.02, reason: 'no'},
    {test: 'a/b', follows: 'a', missing: 3, state: 'fail', base_pass: 3, base_state: 'pass'},
    {test: 'c', letters: 'p', state: 'pass', base_letters: 's', base_state: 'skip'},
    {test: 'd', letters: '', state: 'none', base_state: 'none'},
    {test: 'e', crash: 1, timeout: 1, letters: 'ct', state: 'fail'},
  ]);
  const [a] = await outcomesOfRun(history, id);
  t.match(a, {pass: 1, fail: 2, letters: 'ffp', state: 'mixed', base_pass: 3, base_letters: 'ppp'});
});

t.test('bisects: those to be done, how they ended, and why one cannot be done', async (t) => {
  await using history = await stage.open();
  const branchId = await stage.branch(history, 'hunted');
  const run = await stage.run(history, [], {branchId, hunts: [hunt('a'), hunt('b'), hunt('c'), hunt('d', 'left')]});
  const pending = await pendingBisects(history, branchId);
  t.same(
    pending.map(({test}) => test),
    ['a', 'b', 'c'],
  );
  t.equal(pending[0]?.selects, null, 'by its name');
  const [a, b] = pending;
  const culprit = {commit: 'f00', subject: 'mm: oops', author: 'A <a@b.example>', date: '', files: []};
  const report = {
    ...{outcome: 'found', because: 'f00 did it', culprits: [culprit], confidence: {asked: 0.99, reached: 0.995}},
  } as Partial<BisectReport> as BisectReport;
  await rememberBisect(history, a?.id ?? 0, report, new Date(5000));
  await giveUpBisect(history, b?.id ?? 0, 'the commit is gone', new Date(6000));
  t.same(
    (await pendingBisects(history, branchId)).map(({test}) => test),
    ['c'],
  );
  t.same(await pendingBisects(history, await stage.branch(history, 'one')), [], 'of another branch');
  t.match(await bisectsOf(history, run), [
    {
      ...{test: 'a', state: 'found', culprit: 'f00', culprit_subject: 'mm: oops', culprits: 'f00'},
      ...{confidence: 0.995, because: 'f00 did it', ended: '1970-01-01T00:00:05.000Z'},
    },
    {test: 'b', state: 'failed', because: 'the commit is gone'},
    {test: 'c', state: 'pending', culprit: null, ended: null},
    {test: 'd', state: 'left'},
  ]);
});
