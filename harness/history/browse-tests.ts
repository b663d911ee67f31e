// SPDX-License-Identifier: MIT
/** Lists of tests for people: how each stands on each branch, and what changed. */
import type {Change} from '../verdict/results.js';
import {like, type Slice} from './browse-runs.js';
import {type History, sql} from './database.js';
import {CHANGED, type TestName} from './read-tests.js';
import type {OutcomeTable, State} from './tables.js';

export interface TestFilter extends Slice {
  branchId?: number;
  profile?: string;
  suite?: string;
  /** Of `profile suite:test`. */
  words: readonly string[];
}

/** A test of a branch. */
export interface TestOfBranch extends TestName {
  test_id: number;
  branch_id: number;
}

/** Every condition of a filter on `t` (tests) and `branch`, joined by AND. */
function conditions({profile, suite, words, branchId}: TestFilter, branch: string) {
  const all = [sql`1 = 1`];
  if (branchId !== undefined) all.push(sql`${sql.ref(branch)} = ${branchId}`);
  if (profile !== undefined) all.push(sql`t.profile = ${profile}`);
  if (suite !== undefined) all.push(sql`t.suite = ${suite}`);
  for (const word of words) {
    all.push(sql`(t.profile || ' ' || t.suite || ':' || t.test) LIKE ${like(word)} ESCAPE '\\'`);
  }
  return sql.join(all, sql` AND `);
}

/**
 * Tests that one of the newest runs of a branch saw, by name.
 *
 * @param filter.state in the very newest run; `none` when that has no result of it
 * @param newest how many runs of each branch count
 */
export async function browseTests(
  {db}: History,
  {state, ...filter}: TestFilter & {state?: State},
  newest: number,
): Promise<{rows: TestOfBranch[]; total: number}> {
  const {rows} = await sql<TestOfBranch & {total: number}>`
    WITH recent AS (
      SELECT id, branch_id, first_value(id) OVER runs_of AS last, row_number() OVER runs_of AS place
      FROM runs WINDOW runs_of AS (PARTITION BY branch_id ORDER BY id DESC)
    ), seen AS (
      SELECT DISTINCT o.test_id, r.branch_id, r.last
      FROM recent r JOIN outcomes o ON o.run_id = r.id WHERE r.place <= ${newest}
    )
    SELECT s.test_id, s.branch_id, t.profile, t.suite, t.test, count(*) OVER () AS total
    FROM seen s JOIN tests t ON t.id = s.test_id
    LEFT JOIN outcomes o ON o.run_id = s.last AND o.test_id = s.test_id
    WHERE ${conditions(filter, 's.branch_id')}
      AND (${state ?? null} IS NULL OR coalesce(o.state, 'none') = ${state ?? null})
    ORDER BY t.suite, t.test, t.profile, s.branch_id
    LIMIT ${filter.limit} OFFSET ${filter.from}`.execute(db);
  return {rows, total: rows[0]?.total ?? 0};
}

/** All outcomes of some tests in some runs. */
export async function outcomesOfTests(
  {db}: History,
  {tests, runs}: {tests: readonly number[]; runs: readonly number[]},
): Promise<OutcomeTable[]> {
  if (tests.length === 0 || runs.length === 0) return [];
  return db.selectFrom('outcomes').selectAll().where('test_id', 'in', tests).where('run_id', 'in', runs).execute();
}

/** A change that a run claimed. */
export type ChangedOutcome = OutcomeTable & TestOfBranch;

/** That something is another result than before, newest first; not what follows from a row that is there itself. */
export async function browseChanges(
  {db}: History,
  {change, testId, runId, ...filter}: TestFilter & {change?: Change; testId?: number; runId?: number},
): Promise<ChangedOutcome[]> {
  const words = change === undefined ? CHANGED : CHANGED.filter((word) => word === change);
  const {rows} = await sql<ChangedOutcome>`
    SELECT o.*, r.branch_id, t.profile, t.suite, t.test
    FROM runs r JOIN outcomes o ON o.run_id = r.id JOIN tests t ON t.id = o.test_id
    WHERE r.base_commit IS NOT NULL AND ${conditions(filter, 'r.branch_id')}
      AND o.change IN (${sql.join(words.map((word) => sql`${word}`))})
      AND (${testId ?? null} IS NULL OR o.test_id = ${testId ?? null})
      AND (${runId ?? null} IS NULL OR r.id = ${runId ?? null})
      AND (o.follows IS NULL OR ${testId ?? null} IS NOT NULL)
    ORDER BY r.id DESC, t.suite, t.test, t.profile
    LIMIT ${filter.limit} OFFSET ${filter.from}`.execute(db);
  return rows;
}

/** Results of a run that failed, each time or now and then, by name. */
export async function failuresOf(
  {db}: History,
  {id, branch_id}: {id: number; branch_id: number},
  limit: number,
): Promise<TestOfBranch[]> {
  const rows = await db
    .selectFrom('outcomes')
    .innerJoin('tests', 'tests.id', 'outcomes.test_id')
    .select(['outcomes.test_id', 'tests.profile', 'tests.suite', 'tests.test'])
    .where('outcomes.run_id', '=', id)
    .where('outcomes.state', 'in', ['fail', 'mixed'])
    .orderBy('tests.suite')
    .orderBy('tests.test')
    .orderBy('tests.profile')
    .limit(limit)
    .execute();
  return rows.map((row) => ({...row, branch_id}));
}

export async function readTest({db}: History, id: number): Promise<TestName | undefined> {
  return db.selectFrom('tests').select(['profile', 'suite', 'test']).where('id', '=', id).executeTakeFirst();
}

/** Numbers of tests, in the order of their names. */
export async function testNumbers({db}: History, names: readonly TestName[]): Promise<(number | undefined)[]> {
  const numbers: (number | undefined)[] = [];
  for (const {profile, suite, test} of names) {
    const query = db
      .selectFrom('tests')
      .select('id')
      .where((is) => is.and({profile, suite, test}));
    numbers.push((await query.executeTakeFirst())?.id);
  }
  return numbers;
}

/** Branches that ever had a result of the test, the one with the newest first. */
export async function branchesOfTest({db}: History, testId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('outcomes')
    .innerJoin('runs', 'runs.id', 'outcomes.run_id')
    .select('runs.branch_id')
    .where('outcomes.test_id', '=', testId)
    .groupBy('runs.branch_id')
    .orderBy((is) => is.fn.max('runs.id'), 'desc')
    .execute();
  return rows.map(({branch_id}) => branch_id);
}

/** Everything that tests can be filtered by. */
export async function profilesAndSuites({db}: History): Promise<{profiles: string[]; suites: string[]}> {
  const distinct = async (column: 'profile' | 'suite'): Promise<string[]> => {
    const rows = await db.selectFrom('tests').select(column).distinct().orderBy(column).execute();
    return rows.map((row) => (row as Record<typeof column, string>)[column]);
  };
  return {profiles: await distinct('profile'), suites: await distinct('suite')};
}
