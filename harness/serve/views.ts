// SPDX-License-Identifier: MIT
/** From rows of the history to what its pages show. Pure. */
import type {
  BisectView,
  BranchView,
  ChangeView,
  Counts,
  Point,
  RunView,
  TestName,
} from '../../reports/history/views.js';
import type {CountedRun} from '../history/browse-runs.js';
import type {ChangedOutcome, TestOfBranch} from '../history/browse-tests.js';
import type {BisectRow, BranchRow, RunRow} from '../history/read.js';
import {absentIn} from '../history/rows.js';
import type {OutcomeTable} from '../history/tables.js';

export const HREF = {
  run: (id: number): string => `/runs/${id}`,
  file: (id: number, file: string): string => `/runs/${id}/files/${file.split('/').map(encodeURIComponent).join('/')}`,
  test: (id: number, branch: number): string => `/tests/${id}?branch=${branch}`,
  branch: (id: number): string => `/runs?branch=${id}`,
  bisect: (id: number): string => `/bisects/${id}`,
} as const;

/** Names of branches by their number: as short as tells them apart. */
export function lineNames(branches: readonly BranchRow[]): ReadonlyMap<number, string> {
  const isAlone = (name: (row: BranchRow) => string, row: BranchRow): boolean =>
    branches.filter((one) => name(one) === name(row)).length === 1;
  const ways: readonly ((row: BranchRow) => string)[] = [
    ({branch}) => branch,
    ({nightly, branch}) => `${nightly} ${branch}`,
    ({tree, branch}) => `${tree} ${branch}`,
    ({nightly, tree, branch}) => `${nightly} ${tree} ${branch}`,
  ];
  const nameOf = (row: BranchRow): string => (ways.find((way) => isAlone(way, row)) ?? (({branch}) => branch))(row);
  return new Map(branches.map((row) => [row.id, nameOf(row)]));
}

export class Views {
  constructor(private readonly lines: ReadonlyMap<number, string>) {}

  line(branch: number): string {
    return this.lines.get(branch) ?? `branch ${branch}`;
  }

  run(run: RunRow | CountedRun): RunView {
    const {id, branch_id, commit, subject, started, seconds, verdict, because} = run;
    const {pass, fail, mixed, skip} = 'states' in run ? run.states : {pass: 0, fail: 0, mixed: 0, skip: 0};
    return {
      ...{commit, subject, started, seconds, verdict, because},
      ...{href: HREF.run(id), line: this.line(branch_id), lineHref: HREF.branch(branch_id)},
      ...{counts: {pass, fail: fail + mixed, skip}},
    };
  }

  test({test_id, branch_id, profile, suite, test}: TestOfBranch): TestName {
    return {href: HREF.test(test_id, branch_id), line: this.line(branch_id), profile, suite, test};
  }

  point(run: RunRow, outcome: OutcomeTable | undefined): Point {
    return {run: this.run(run), counts: countsOf(outcome), reason: outcome?.reason ?? ''};
  }

  change(changed: ChangedOutcome, run: RunRow, bisect: BisectRow | undefined): ChangeView {
    return {
      ...this.test(changed),
      change: changed.change,
      before: baseCountsOf(changed),
      after: countsOf(changed),
      reason: changed.reason ?? '',
      run: this.run(run),
      base: run.base_commit ?? '',
      bisect: bisect === undefined ? null : this.bisect(bisect),
    };
  }

  bisect(row: BisectRow): BisectView {
    const {id, profile, suite, test, state, because, culprit, culprit_subject, culprit_author, culprits} = row;
    return {
      ...{href: HREF.bisect(id), profile, test: `${suite}:${test}`, state, because: because ?? ''},
      culprit:
        culprit === null ? null : {commit: culprit, subject: culprit_subject ?? '', author: culprit_author ?? ''},
      suspects: culprits?.split(' ').length ?? 0,
      ...{confidence: row.confidence, good: row.good, bad: row.bad, ended: row.ended},
    };
  }

  /** @param last its results were counted; undefined: no run yet */
  branch(
    {id, tree}: BranchRow,
    {runs, last}: {runs: readonly RunRow[]; last: CountedRun | undefined},
    visit: BranchView['visit'],
  ): BranchView {
    const count = last === undefined ? 0 : last.states.fail + last.states.mixed;
    const href = last === undefined ? HREF.branch(id) : `${HREF.run(last.id)}#failing`;
    return {
      ...{line: this.line(id), tree, href: HREF.branch(id), visit, failing: {count, href}},
      runs: runs.map((run) => this.run(run)),
    };
  }
}

function countsOf(outcome: OutcomeTable | undefined): Counts {
  if (outcome === undefined) return {pass: 0, fail: 0, skip: 0};
  const {pass, fail, skip, timeout, crash, missing, letters} = outcome;
  return {pass, fail: fail + timeout + crash + missing, skip, missing, absent: absentIn(letters)};
}

function baseCountsOf(outcome: OutcomeTable): Counts {
  const {base_pass: pass, base_fail, base_skip: skip, base_timeout, base_crash, base_missing: missing} = outcome;
  const fail = base_fail + base_timeout + base_crash + missing;
  return {pass, fail, skip, missing, absent: absentIn(outcome.base_letters)};
}
