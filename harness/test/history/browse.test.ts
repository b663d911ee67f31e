// SPDX-License-Identifier: MIT
import t from 'tap';
import {browseRuns, countStates, lastVisits, neighbours, newestRuns, runsByNumber} from '../../history/browse-runs.js';
import {branchesOfTest, browseChanges, browseTests, failuresOf, testNumbers} from '../../history/browse-tests.js';
import type {History} from '../../history/database.js';
import {rememberVisit} from '../../history/record.js';
import {HistoryStage, row} from './stage.js';

const ALL = {words: [], from: 0, limit: 100};

async function staged(t: {
  teardown(work: () => Promise<void>): void;
}): Promise<{stage: HistoryStage; history: History}> {
  const stage = new HistoryStage();
  const history = await stage.open();
  t.teardown(async () => {
    await history[Symbol.asyncDispose]();
    stage.remove();
  });
  return {stage, history};
}

t.test('a test is as the newest run of its branch saw it, and gone is no pass', async (t) => {
  const {stage, history} = await staged(t);
  const other = await stage.branch(history, 'other');
  await stage.run(history, [row('a', 'new', 'p'), row('b', 'new', 'p'), row('c', 'new', 'f')]);
  await stage.run(history, [row('a', 'regressed', 'ff', 'pp'), row('c', 'still-failing', 'pf', 'f')]);
  await stage.run(history, [row('a', 'new', 'p')], {branchId: other});
  const names = async (more: object, newest = 10): Promise<string[]> => {
    const {rows, total} = await browseTests(history, {...ALL, ...more}, newest);
    t.equal(total, rows.length);
    return rows.map(({test, branch_id}) => `${test} ${branch_id === other ? 'other' : 'master'}`);
  };
  t.same((await names({})).sort(), ['a master', 'a other', 'b master', 'c master']);
  t.same(await names({state: 'pass'}), ['a other']);
  t.same(await names({state: 'fail'}), ['a master']);
  t.same(await names({state: 'mixed'}), ['c master']);
  t.same(await names({state: 'none'}), ['b master'], 'the newest run does not have it');
  t.same(await names({branchId: other}), ['a other']);
  t.same(await names({words: ['X86', 'toy:c']}), ['c master'], 'every word, in any case');
  t.same(await names({profile: 'arm64'}), []);
  t.same((await names({}, 1)).sort(), ['a master', 'a other', 'c master'], 'only so many runs count');
  const part = await browseTests(history, {...ALL, from: 1, limit: 2}, 10);
  t.same([part.rows.length, part.total], [2, 4]);
});

t.test('letters that mean something to SQL are letters', async (t) => {
  const {stage, history} = await staged(t);
  await stage.run(history, [
    row('100%', 'new', 'p'),
    row('a_b', 'new', 'p'),
    row('acb', 'new', 'p'),
    row("x'y\\z", 'new', 'p'),
  ]);
  for (const [word, found] of [
    ['0%', '100%'],
    ['a_b', 'a_b'],
    ["'y\\", "x'y\\z"],
  ] as const) {
    const {rows} = await browseTests(history, {...ALL, words: [word]}, 10);
    t.same(
      rows.map(({test}) => test),
      [found],
    );
  }
});

t.test('changes: claimed ones, newest first, and none twice', async (t) => {
  const {stage, history} = await staged(t);
  await stage.run(history, [row('a', 'new', 'p'), row('a/x', 'new', 'p')]);
  await stage.run(history, [row('a', 'gone', '', 'p'), row('a/x', 'gone', '', 'p', {follows: 'a'})]);
  await stage.run(history, [
    row('a', 'fixed', 'p', 'f'),
    row('b', 'flaky', 'pf', 'pf'),
    row('c', 'unchanged', 'p', 'p'),
  ]);
  const changes = await browseChanges(history, ALL);
  t.same(
    changes.map(({test, change, run_id}) => `${run_id} ${test} ${change}`),
    ['3 a fixed', '2 a gone'],
    'the first run has nothing to change from; what follows from another is told there',
  );
  t.same((await browseChanges(history, {...ALL, change: 'gone'})).length, 1);
  t.same(
    (await browseChanges(history, {...ALL, runId: 3})).map(({test}) => test),
    ['a'],
  );
  const [x] = await testNumbers(history, [{profile: 'x86_64', suite: 'toy', test: 'a/x'}]);
  t.same(
    (await browseChanges(history, {...ALL, testId: x ?? 0})).map(({test}) => test),
    ['a/x'],
    'on its own page it is',
  );
});

t.test('runs by words, and those beside them', async (t) => {
  const {stage, history} = await staged(t);
  const other = await stage.branch(history, 'other');
  await stage.run(history, [row('a', 'new', 'p'), row('b', 'new', 'pf'), row('c', 'new', 's')]);
  await stage.run(history, [row('a', 'new', 'p')], {branchId: other});
  await stage.run(history, [row('a', 'unchanged', 'p', 'p')]);
  const found = await browseRuns(history, {words: ['change'], from: 0, limit: 2});
  t.same([found.rows.map(({id}) => id), found.total], [[3, 2], 3]);
  t.same(
    (await browseRuns(history, {words: ['C2', 'change'], from: 0, limit: 9})).rows.map(({commit}) => commit),
    ['c2'],
  );
  t.equal((await browseRuns(history, {words: [], verdict: 'bad', from: 0, limit: 9})).total, 0);
  const [first, third] = await runsByNumber(history, [1, 3, 1]);
  if (first === undefined || third === undefined) return;
  const beside = await neighbours(history, first);
  t.same([beside.before, beside.after?.id], [undefined, 3], 'of its own branch');
  t.same(
    (await newestRuns(history, 1)).map(({id}) => id),
    [2, 3],
    'one a branch',
  );
  t.same(
    (await newestRuns(history, 9, first)).map(({id}) => id),
    [1],
    'none after it',
  );
  const [counted] = await countStates(history, [first]);
  t.same(counted?.states, {pass: 1, fail: 0, mixed: 1, skip: 1, none: 0});
  t.same(
    (await failuresOf(history, first, 9)).map(({test}) => test),
    ['b'],
  );
  const [a] = await testNumbers(history, [{profile: 'x86_64', suite: 'toy', test: 'a'}]);
  t.same(await branchesOfTest(history, a ?? 0), [first.branch_id, other], 'the branch with the newest one first');
  t.same(await testNumbers(history, [{profile: 'x', suite: 'toy', test: 'a'}]), [undefined]);
});

t.test('the last night that looked at a branch is told, also when it failed', async (t) => {
  const {stage, history} = await staged(t);
  await stage.run(history, [row('a', 'new', 'p')]);
  const branch_id = await stage.branch(history);
  const values = {nightly: 'toy', config: 'x', started: '2026-02-02T00:00:00Z', ended: null, exit: null};
  const {id} = await history.db.insertInto('nights').values(values).returning('id').executeTakeFirstOrThrow();
  await rememberVisit(history, {night_id: id, branch_id, tip: null, state: 'failed', detail: 'no network'});
  t.same(await lastVisits(history), [
    {branch_id, state: 'failed', detail: 'no network', started: '2026-02-02T00:00:00Z'},
  ]);
});
