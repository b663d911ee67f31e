// SPDX-License-Identifier: MIT
/** What a nightly writes. Each function is one transaction: after a SIGKILL all of it is there, or nothing. */
import type {BisectReport} from '../bisect/report.js';
import type {Comparison} from '../verdict/results.js';
import type {History, Queries} from './database.js';
import {outcomeRow} from './rows.js';
import type {BisectState, BisectTable, BranchTable, ReportTable, RunTable, VisitTable} from './tables.js';

type Row<Table> = Omit<Table, 'id'>;

/** The branch's number; it is made when it is new. */
export async function rememberBranch({db}: History, branch: Row<BranchTable>): Promise<number> {
  await db
    .insertInto('branches')
    .values(branch)
    .onConflict((one) => one.doNothing())
    .execute();
  const {nightly, tree, branch: name} = branch;
  const where = {nightly, tree, branch: name};
  const found = db
    .selectFrom('branches')
    .select('id')
    .where((is) => is.and(where));
  return (await found.executeTakeFirstOrThrow()).id;
}

/** The night of that nightly that has not ended, else a new one. */
export async function beginNight(
  {db}: History,
  {nightly, config, now}: {nightly: string; config: string; now: Date},
): Promise<{id: number; resumed: boolean}> {
  const open = db.selectFrom('nights').select('id').where('nightly', '=', nightly).where('ended', 'is', null);
  const known = await open.orderBy('id', 'desc').executeTakeFirst();
  if (known !== undefined) return {id: known.id, resumed: true};
  const values = {nightly, config, started: now.toISOString(), ended: null, exit: null};
  const made = await db.insertInto('nights').values(values).returning('id').executeTakeFirstOrThrow();
  return {id: made.id, resumed: false};
}

export async function endNight({db}: History, id: number, {exit, now}: {exit: number; now: Date}): Promise<void> {
  await db.updateTable('nights').set({exit, ended: now.toISOString()}).where('id', '=', id).execute();
}

/** What a night did with a branch; said again, the later word counts. */
export async function rememberVisit({db}: History, visit: VisitTable): Promise<void> {
  await addVisit(db, visit);
}

async function addVisit(db: Queries, visit: VisitTable): Promise<void> {
  const {tip, state, detail} = visit;
  const insert = db.insertInto('visits').values(visit);
  await insert.onConflict((one) => one.columns(['night_id', 'branch_id']).doUpdateSet({tip, state, detail})).execute();
}

/** A bisect that is to be done. */
export type Hunt = Pick<BisectTable, 'profile' | 'suite' | 'test' | 'selects' | 'good' | 'bad' | 'folder'> & {
  state: Extract<BisectState, 'pending' | 'left'>;
};

/** A judged commit, all its outcomes, the files about it, and the bisects that follow from it. @returns its number */
export async function rememberRun(
  {db}: History,
  run: Row<RunTable>,
  {
    comparisons,
    reports,
    hunts,
  }: {comparisons: readonly Comparison[]; reports: readonly Row<Omit<ReportTable, 'run_id'>>[]; hunts: readonly Hunt[]},
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const {id} = await tx.insertInto('runs').values(run).returning('id').executeTakeFirstOrThrow();
    for (const one of comparisons) {
      const {profile, suite, test} = one;
      const test_id = await testNumber(tx, {profile, suite, test});
      const row = {run_id: id, test_id, ...outcomeRow(one)};
      // A key is one row of a run; were it told twice, the first would stand.
      await tx
        .insertInto('outcomes')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    for (const report of reports)
      await tx
        .insertInto('reports')
        .values({run_id: id, ...report})
        .execute();
    for (const hunt of hunts)
      await tx
        .insertInto('bisects')
        .values({run_id: id, ...hunt, ...UNKNOWN})
        .execute();
    const {night_id, branch_id} = run;
    await addVisit(tx, {night_id, branch_id, tip: run.commit, state: 'judged', detail: null});
    return id;
  });
}

/** Of a bisect that has not ended. */
const UNKNOWN = {
  ...{because: null, culprit: null, culprit_subject: null, culprit_author: null, culprits: null},
  ...{confidence: null, ended: null},
};

async function testNumber(db: Queries, row: {profile: string; suite: string; test: string}): Promise<number> {
  const known = await db
    .selectFrom('tests')
    .select('id')
    .where((is) => is.and(row))
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  return (await db.insertInto('tests').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

/** How a bisect ended. */
export async function rememberBisect({db}: History, id: number, report: BisectReport, now: Date): Promise<void> {
  const [first] = report.culprits;
  const facts = {
    ...{state: report.outcome, because: report.because, confidence: report.confidence.reached},
    ...{culprit: first?.commit ?? null, culprit_subject: first?.subject ?? null, culprit_author: first?.author ?? null},
    culprits: report.culprits.length === 0 ? null : report.culprits.map(({commit}) => commit).join(' '),
    ended: now.toISOString(),
  };
  await db.updateTable('bisects').set(facts).where('id', '=', id).execute();
}

/** A bisect that cannot be done (its commits are gone): it is not tried again. */
export async function giveUpBisect({db}: History, id: number, because: string, now: Date): Promise<void> {
  const facts = {state: 'failed' as const, because, ended: now.toISOString()};
  await db.updateTable('bisects').set(facts).where('id', '=', id).execute();
}
