// SPDX-License-Identifier: MIT
/** Lists of runs for people: a page at a time, filtered by words. */
import type {Verdict} from '../verdict/results.js';
import {type History, sql} from './database.js';
import type {BisectRow, RunRow} from './read.js';
import type {State, VisitState} from './tables.js';

/** Which rows of a list: `limit` of them from `from` on. */
export interface Slice {
  from: number;
  limit: number;
}

/** A run, and how many of its results stand how. */
export type CountedRun = RunRow & {states: Readonly<Record<State, number>>};

/** Runs with any of the words left out are left out; newest first. */
export async function browseRuns(
  {db}: History,
  {branchId, verdict, words, ...slice}: {branchId?: number; verdict?: Verdict; words: readonly string[]} & Slice,
): Promise<{rows: RunRow[]; total: number}> {
  let query = db.selectFrom('runs').innerJoin('branches', 'branches.id', 'runs.branch_id');
  if (branchId !== undefined) query = query.where('runs.branch_id', '=', branchId);
  if (verdict !== undefined) query = query.where('runs.verdict', '=', verdict);
  for (const word of words) {
    query = query.where(sql<boolean>`(runs."commit" || ' ' || runs.subject) LIKE ${like(word)} ESCAPE '\\'`);
  }
  const {total} = await query.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const rows = await query
    .selectAll('runs')
    .select(['branches.nightly', 'branches.tree', 'branches.branch'])
    .orderBy('runs.id', 'desc')
    .limit(slice.limit)
    .offset(slice.from)
    .execute();
  return {rows, total};
}

/** A word anywhere in a text, whatever it is made of. */
export function like(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}

/**
 * The newest runs of every branch, oldest first.
 *
 * @param upTo only of its branch, and none after it
 */
export async function newestRuns({db}: History, perBranch: number, upTo?: RunRow): Promise<RunRow[]> {
  const rows = await sql<RunRow>`
    SELECT r.*, b.nightly, b.tree, b.branch
    FROM (
      SELECT *, row_number() OVER (PARTITION BY branch_id ORDER BY id DESC) AS place FROM runs
      WHERE ${upTo?.id ?? null} IS NULL OR (id <= ${upTo?.id ?? null} AND branch_id = ${upTo?.branch_id ?? null})
    ) r
    JOIN branches b ON b.id = r.branch_id WHERE r.place <= ${perBranch} ORDER BY r.id`.execute(db);
  return rows.rows;
}

export async function runsByNumber({db}: History, numbers: readonly number[]): Promise<RunRow[]> {
  if (numbers.length === 0) return [];
  return db
    .selectFrom('runs')
    .innerJoin('branches', 'branches.id', 'runs.branch_id')
    .selectAll('runs')
    .select(['branches.nightly', 'branches.tree', 'branches.branch'])
    .where('runs.id', 'in', [...new Set(numbers)])
    .execute();
}

/** How many results of each run stand how. */
export async function countStates({db}: History, runs: readonly RunRow[]): Promise<CountedRun[]> {
  const none = {pass: 0, fail: 0, mixed: 0, skip: 0, none: 0};
  const numbers = runs.map(({id}) => id);
  const counts =
    numbers.length === 0
      ? []
      : await db
          .selectFrom('outcomes')
          .select(['run_id', 'state', (is) => is.fn.countAll<number>().as('n')])
          .where('run_id', 'in', numbers)
          .groupBy(['run_id', 'state'])
          .execute();
  return runs.map((run) => {
    const mine = counts.filter(({run_id}) => run_id === run.id);
    return {...run, states: {...none, ...Object.fromEntries(mine.map(({state, n}) => [state, n]))}};
  });
}

/** The runs of a branch right before and after one of it. */
export async function neighbours(
  {db}: History,
  {id, branch_id}: {id: number; branch_id: number},
): Promise<{before: RunRow | undefined; after: RunRow | undefined}> {
  const all = db
    .selectFrom('runs')
    .innerJoin('branches', 'branches.id', 'runs.branch_id')
    .selectAll('runs')
    .select(['branches.nightly', 'branches.tree', 'branches.branch'])
    .where('branch_id', '=', branch_id)
    .limit(1);
  return {
    before: await all.where('runs.id', '<', id).orderBy('runs.id', 'desc').executeTakeFirst(),
    after: await all.where('runs.id', '>', id).orderBy('runs.id').executeTakeFirst(),
  };
}

export interface LastVisit {
  branch_id: number;
  state: VisitState;
  detail: string | null;
  /** When the night began. */
  started: string;
}

/** What the newest night that looked at a branch did with it, for each. */
export async function lastVisits({db}: History): Promise<LastVisit[]> {
  const rows = await sql<LastVisit>`
    SELECT v.branch_id, v.state, v.detail, n.started
    FROM visits v JOIN nights n ON n.id = v.night_id
    WHERE v.night_id = (SELECT max(night_id) FROM visits WHERE branch_id = v.branch_id)`.execute(db);
  return rows.rows;
}

export async function readBisect({db}: History, id: number): Promise<BisectRow | undefined> {
  return db.selectFrom('bisects').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Bisects of several runs, in their order. */
export async function bisectsOfRuns({db}: History, runs: readonly number[]): Promise<BisectRow[]> {
  if (runs.length === 0) return [];
  return db.selectFrom('bisects').selectAll().where('run_id', 'in', runs).orderBy('id').execute();
}
