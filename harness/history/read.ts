// SPDX-License-Identifier: MIT
/** Questions about runs, nights and bisects. `read-tests.ts` has those about a test. */
import type {Verdict} from '../verdict/results.js';
import type {History} from './database.js';
import type {BisectTable, BranchTable, NightTable, ReportTable, RunTable, VisitTable} from './tables.js';

/** A row as it is read: numbers are there. */
type Known<Table> = Omit<Table, 'id'> & {id: number};
export type BranchRow = Known<BranchTable>;
export type NightRow = Known<NightTable>;
export type BisectRow = Known<BisectTable>;

/** A run, and the names of its branch. */
export type RunRow = Known<RunTable> & Pick<BranchTable, 'nightly' | 'tree' | 'branch'>;

/** The newest judged commit of a branch; with `comparable`: the newest that another can be compared with. */
export async function lastJudged(
  {db}: History,
  branchId: number,
  {comparable = false}: {comparable?: boolean} = {},
): Promise<Known<RunTable> | undefined> {
  const all = db.selectFrom('runs').selectAll().where('branch_id', '=', branchId).orderBy('id', 'desc');
  return (comparable ? all.where('comparable', '=', 1) : all).executeTakeFirst();
}

/** Branches by nightly, tree and name. */
export async function listBranches({db}: History): Promise<BranchRow[]> {
  return db.selectFrom('branches').selectAll().orderBy('nightly').orderBy('tree').orderBy('branch').execute();
}

export interface RunFilter {
  branchId?: number;
  nightId?: number;
  verdict?: Verdict;
  /** Only runs with a lower number: the next page after the last of this one. */
  before?: number;
  /** Default 100. */
  limit?: number;
}

/** Judged commits, newest first. */
export async function listRuns(history: History, filter: RunFilter = {}): Promise<RunRow[]> {
  const {branchId, nightId, verdict, before, limit = 100} = filter;
  let query = runs(history).orderBy('runs.id', 'desc').limit(limit);
  if (branchId !== undefined) query = query.where('runs.branch_id', '=', branchId);
  if (nightId !== undefined) query = query.where('runs.night_id', '=', nightId);
  if (verdict !== undefined) query = query.where('runs.verdict', '=', verdict);
  if (before !== undefined) query = query.where('runs.id', '<', before);
  return query.execute();
}

export async function readRun(history: History, id: number): Promise<RunRow | undefined> {
  return runs(history).where('runs.id', '=', id).executeTakeFirst();
}

function runs({db}: History) {
  return db
    .selectFrom('runs')
    .innerJoin('branches', 'branches.id', 'runs.branch_id')
    .selectAll('runs')
    .select(['branches.nightly', 'branches.tree', 'branches.branch']);
}

/** Nights, newest first. */
export async function listNights(
  {db}: History,
  {nightly, limit = 100}: {nightly?: string; limit?: number} = {},
): Promise<NightRow[]> {
  const all = db.selectFrom('nights').selectAll().orderBy('id', 'desc').limit(limit);
  return (nightly === undefined ? all : all.where('nightly', '=', nightly)).execute();
}

export async function readNight({db}: History, id: number): Promise<NightRow | undefined> {
  return db.selectFrom('nights').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What a night did, a branch a row, in the order in which they were first seen. */
export async function visitsOf(
  {db}: History,
  nightId: number,
): Promise<(VisitTable & Pick<BranchTable, 'tree' | 'branch'>)[]> {
  return db
    .selectFrom('visits')
    .innerJoin('branches', 'branches.id', 'visits.branch_id')
    .selectAll('visits')
    .select(['branches.tree', 'branches.branch'])
    .where('night_id', '=', nightId)
    .orderBy('branch_id')
    .execute();
}

/** Bisects of a run, in the order of its findings. */
export async function bisectsOf({db}: History, runId: number): Promise<BisectRow[]> {
  return db.selectFrom('bisects').selectAll().where('run_id', '=', runId).orderBy('id').execute();
}

/** Bisects of a branch that have not ended, oldest first, whichever night they are from. */
export async function pendingBisects({db}: History, branchId: number): Promise<BisectRow[]> {
  return db
    .selectFrom('bisects')
    .innerJoin('runs', 'runs.id', 'bisects.run_id')
    .selectAll('bisects')
    .where('runs.branch_id', '=', branchId)
    .where('bisects.state', '=', 'pending')
    .orderBy('bisects.id')
    .execute();
}

/** Files that a run left. */
export async function reportsOf({db}: History, runId: number): Promise<ReportTable[]> {
  return db.selectFrom('reports').selectAll().where('run_id', '=', runId).orderBy('format').execute();
}
