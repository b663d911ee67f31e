// SPDX-License-Identifier: MIT
/** The tables of the history as kysely sees them. `migrations.ts` makes them; times are ISO 8601 in UTC. */

import type {BisectOutcome} from '../bisect/report.js';
import type {Change, Tally, Verdict} from '../verdict/results.js';
import type {Generated} from './database.js';

/** A branch of a tree that a nightly watches. The same branch under another nightly is another row. */
export interface BranchTable {
  id: Generated<number>;
  /** Name of the nightly, from its configuration. */
  nightly: string;
  /** Address or path, as configured. */
  tree: string;
  branch: string;
}

export interface NightTable {
  id: Generated<number>;
  nightly: string;
  /** The configuration's path. */
  config: string;
  started: string;
  /** null: it is under way, or was killed. */
  ended: string | null;
  /** Exit code; null until it ended. */
  exit: number | null;
}

/** What a night did with a branch: `judged` made a run, `unchanged` had none to make, `failed` is tried again. */
export const VISITS = ['judged', 'unchanged', 'failed'] as const;
export type VisitState = (typeof VISITS)[number];

export interface VisitTable {
  night_id: number;
  branch_id: number;
  /** Tip of the branch; null: it could not be fetched. */
  tip: string | null;
  state: VisitState;
  /** Why it failed. */
  detail: string | null;
}

/** A commit that was judged: alone, or against one that was judged before. */
export interface RunTable {
  id: Generated<number>;
  night_id: number;
  branch_id: number;
  /** Hash. */
  commit: string;
  subject: string;
  author: string;
  author_date: string;
  /** What it was compared with; null: with nothing. */
  base_commit: string | null;
  verdict: Verdict;
  because: string;
  kernel_version: string;
  /** 1: every kernel of it was built and booted, so that a later commit can be compared with it. */
  comparable: number;
  /** Absolute path of the run's folder. */
  folder: string;
  started: string;
  seconds: number;
}

/** A row of a results table, of any run. */
export interface TestTable {
  id: Generated<number>;
  profile: string;
  suite: string;
  /** `test` or `test/subtest/…` */
  test: string;
}

/** `none`: no attempt counted. `mixed`: some passed and some failed. A lost result counts as a failure. */
export const STATES = ['pass', 'fail', 'mixed', 'skip', 'none'] as const;
export type State = (typeof STATES)[number];

/** How the attempts of one side ended. */
export type SideColumns = Tally & {
  /** A letter an attempt, as `Comparison.outcomes`; from the counts where the run has none. */
  letters: string;
  state: State;
};

/** What one run saw of one test; the columns without `base_` are of the commit that was judged. */
export type OutcomeTable = {
  run_id: number;
  test_id: number;
  /** Against the base; of a run without one, `new`. */
  change: Change;
  p_value: number | null;
  /** `pValue` after all other subtests: see docs/statistics.md. */
  adjusted: number;
  reason: string | null;
  /** The row whose change explains this one. */
  follows: string | null;
} & SideColumns & {
    [Column in keyof SideColumns as `base_${Column}`]: SideColumns[Column];
  };

/** `pending`: not begun, or not ended. `failed`: it cannot be done. `left`: the night had too many. */
export const BISECT_STATES = ['pending', 'failed', 'left'] as const;
export type BisectState = BisectOutcome | (typeof BISECT_STATES)[number];

export interface BisectTable {
  id: Generated<number>;
  /** The run whose regression is hunted. */
  run_id: number;
  profile: string;
  suite: string;
  /** The row of the results that changed. */
  test: string;
  /** What `-t SUITE:` takes to see it; null: the row by its name. */
  selects: string | null;
  good: string;
  bad: string;
  state: BisectState;
  /** One sentence; why it failed. */
  because: string | null;
  /** Of the only culprit, or of the likeliest. */
  culprit: string | null;
  culprit_subject: string | null;
  culprit_author: string | null;
  /** Hashes of all that cannot be told apart, separated by blanks. */
  culprits: string | null;
  /** Probability that the culprit, or one of the culprits, did it. */
  confidence: number | null;
  folder: string;
  ended: string | null;
}

/** A file that a run left for people or programs. */
export interface ReportTable {
  run_id: number;
  format: string;
  /** In the run's folder. */
  file: string;
}

export interface Tables {
  branches: BranchTable;
  nights: NightTable;
  visits: VisitTable;
  runs: RunTable;
  tests: TestTable;
  outcomes: OutcomeTable;
  bisects: BisectTable;
  reports: ReportTable;
}
