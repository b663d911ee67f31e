// SPDX-License-Identifier: MIT
/** Questions about a test and its subtests: over time, how flaky, when it changed and why. */
import {testOf} from '../verdict/needs-more.js';
import type {Change} from '../verdict/results.js';
import {type History, sql} from './database.js';
import type {BisectRow} from './read.js';
import type {BranchTable, OutcomeTable, RunTable, TestTable} from './tables.js';

/** A row of a results table, as `results.json` names it. */
export type TestName = Pick<TestTable, 'profile' | 'suite' | 'test'>;

/** Of one test in one run. */
export type TestOutcome = Omit<OutcomeTable, 'test_id'> &
  Pick<RunTable, 'branch_id' | 'commit' | 'subject' | 'author_date' | 'started' | 'kernel_version' | 'base_commit'> &
  Pick<BranchTable, 'nightly' | 'tree' | 'branch'>;

/** Words that say: it is another result than before, and no chance. */
export const CHANGED: readonly Change[] = ['regressed', 'fixed', 'less-often', 'gone', 'skip-regressed', 'new'];

/** Every test that a run of the branch saw (of all branches without one), by name. */
export async function listTests({db}: History, {branchId}: {branchId?: number} = {}): Promise<TestName[]> {
  const all = db.selectFrom('tests').select(['profile', 'suite', 'test']);
  const seen =
    branchId === undefined
      ? all
      : all.where('tests.id', 'in', (from) =>
          from
            .selectFrom('outcomes')
            .innerJoin('runs', 'runs.id', 'outcomes.run_id')
            .select('outcomes.test_id')
            .where('runs.branch_id', '=', branchId),
        );
  return seen.orderBy('suite').orderBy('test').orderBy('profile').execute();
}

/** A test's outcomes, oldest run first. @param options.limit the newest so many; default 1000 */
export async function outcomesOverTime(
  history: History,
  test: TestName,
  {branchId, limit = 1000}: {branchId?: number; limit?: number} = {},
): Promise<TestOutcome[]> {
  const all = outcomes(history, test).orderBy('runs.id', 'desc').limit(limit);
  const rows = await (branchId === undefined ? all : all.where('runs.branch_id', '=', branchId)).execute();
  return rows.reverse();
}

/** All outcomes of a run, in the order of the tests' names. */
export async function outcomesOfRun(
  {db}: History,
  runId: number,
): Promise<(Omit<OutcomeTable, 'test_id'> & TestName)[]> {
  return db
    .selectFrom('outcomes')
    .innerJoin('tests', 'tests.id', 'outcomes.test_id')
    .selectAll('outcomes')
    .select(['tests.profile', 'tests.suite', 'tests.test'])
    .where('run_id', '=', runId)
    .orderBy('tests.suite')
    .orderBy('tests.test')
    .orderBy('tests.profile')
    .execute();
}

function outcomes({db}: History, {profile, suite, test}: TestName) {
  return db
    .selectFrom('outcomes')
    .innerJoin('tests', 'tests.id', 'outcomes.test_id')
    .innerJoin('runs', 'runs.id', 'outcomes.run_id')
    .innerJoin('branches', 'branches.id', 'runs.branch_id')
    .selectAll('outcomes')
    .select(['runs.branch_id', 'runs.commit', 'runs.subject', 'runs.author_date', 'runs.started'])
    .select(['runs.kernel_version', 'runs.base_commit', 'branches.nightly', 'branches.tree', 'branches.branch'])
    .where('tests.profile', '=', profile)
    .where('tests.suite', '=', suite)
    .where('tests.test', '=', test);
}

/** When a test last changed on a branch, and the bisect that says why; undefined: it never did. */
export interface LastChange {
  outcome: TestOutcome;
  bisect: BisectRow | undefined;
}

/** That a test was seen for the first time is no change. */
export async function lastChange(
  history: History,
  name: TestName,
  {branchId}: {branchId?: number} = {},
): Promise<LastChange | undefined> {
  const changed = outcomes(history, name)
    .where('outcomes.change', 'in', CHANGED)
    .where('runs.base_commit', 'is not', null)
    .orderBy('runs.id', 'desc');
  const [outcome] = await (branchId === undefined ? changed : changed.where('runs.branch_id', '=', branchId))
    .limit(1)
    .execute();
  if (outcome === undefined) return undefined;
  const {profile, suite} = name;
  const bisects = await history.db
    .selectFrom('bisects')
    .selectAll()
    .where((is) => is.and({run_id: outcome.run_id, profile, suite}))
    .orderBy('id')
    .execute();
  return {outcome, bisect: bisectFor({...name, ...outcome}, bisects)};
}

/** The bisect of a changed row, else of the row that explains it, else of another row of the same test in the same run. */
export function bisectFor(
  {run_id, profile, suite, test, follows}: TestName & Pick<OutcomeTable, 'run_id' | 'follows'>,
  bisects: readonly BisectRow[],
): BisectRow | undefined {
  const mine = bisects.filter((one) => one.run_id === run_id && one.profile === profile && one.suite === suite);
  const near = [test, follows].flatMap((key) => mine.filter((one) => one.test === key));
  return [...near, ...mine.filter((one) => testOf(one.test) === testOf(test))][0];
}

/** How unsteady a test is. */
export interface Flake extends TestName {
  /** Runs that saw it, and the sides with attempts in them. */
  runs: number;
  sides: number;
  /** Sides on which some attempts passed and some failed. */
  mixed: number;
  /** Neighbouring runs of a branch between which its state differs, though no change was found. */
  flips: number;
  /** Of sides and pairs of neighbours, those that differ: 0 to 1. */
  share: number;
}

/**
 * Tests whose outcome differs between attempts of one side, or from one run to the next without a change that was
 * found; the worst first. Steady ones are left out.
 *
 * @param filter.since only runs that started then or later (ISO 8601)
 */
export async function flakeRanking(
  {db}: History,
  {branchId, since, limit = 100}: {branchId?: number; since?: string; limit?: number} = {},
): Promise<Flake[]> {
  const changed = sql.join(CHANGED.map((word) => sql`${word}`));
  const wanted = sql`(${branchId ?? null} IS NULL OR r.branch_id = ${branchId ?? null}) AND r.started >= ${since ?? ''}`;
  // Most tests are steady: leaving them out first makes it three times as fast.
  const rows = await sql<Flake>`
    WITH unsteady AS (
      SELECT o.test_id FROM outcomes o JOIN runs r ON r.id = o.run_id WHERE ${wanted} GROUP BY o.test_id
      HAVING min(o.state) != max(o.state) OR max(o.state = 'mixed') OR max(o.base_state = 'mixed')
    ), seen AS (
      SELECT o.test_id, o.state, o.base_state, o.change,
        LAG(o.state) OVER (PARTITION BY o.test_id, r.branch_id ORDER BY r.id) AS before
      FROM outcomes o JOIN runs r ON r.id = o.run_id
      WHERE ${wanted} AND o.test_id IN unsteady
    ), counted AS (
      SELECT test_id, count(*) AS runs,
        sum((state != 'none') + (base_state != 'none')) AS sides,
        sum((state = 'mixed') + (base_state = 'mixed')) AS mixed,
        sum(before IN ('pass', 'fail') AND state IN ('pass', 'fail')) AS pairs,
        sum(before IN ('pass', 'fail') AND state IN ('pass', 'fail') AND before != state
          AND change NOT IN (${changed})) AS flips
      FROM seen GROUP BY test_id
    )
    SELECT t.profile, t.suite, t.test, c.runs, c.sides, c.mixed, coalesce(c.flips, 0) AS flips,
      1.0 * (c.mixed + coalesce(c.flips, 0)) / (c.sides + coalesce(c.pairs, 0)) AS share
    FROM counted c JOIN tests t ON t.id = c.test_id
    WHERE c.mixed + coalesce(c.flips, 0) > 0
    ORDER BY share DESC, c.mixed + coalesce(c.flips, 0) DESC, t.suite, t.test, t.profile
    LIMIT ${limit}`.execute(db);
  return rows.rows;
}
