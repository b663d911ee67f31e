// SPDX-License-Identifier: MIT
/**
 * What the pages of the history show, and nothing of how it is kept. Text is as guests and patches wrote it until
 * `cleanViews` had it; an `href` is ready to be used, escaped by who made it.
 */
import type {BisectReport} from '../../harness/bisect/report.js';
import type {BisectState, State, VisitState} from '../../harness/history/tables.js';
import type {Change, Verdict} from '../../harness/verdict/results.js';

export type {State};

/** Results by how they stand: those of one run, or attempts of one test. */
export interface Counts {
  pass: number;
  fail: number;
  skip: number;
  /** Of `fail`: promised, and never came. */
  missing?: number;
  /** Beside all of these: ended without it. */
  absent?: number;
}

/** One run: a commit of a branch, judged. */
export interface RunView {
  href: string;
  /** Branch, and what else tells it from others. */
  line: string;
  lineHref: string;
  commit: string;
  subject: string;
  /** ISO 8601, UTC. */
  started: string;
  seconds: number;
  verdict: Verdict;
  because: string;
  /** Of results. */
  counts: Counts;
}

/** A test of one branch on one machine, told from others by all of it. */
export interface TestName {
  href: string;
  line: string;
  profile: string;
  suite: string;
  /** `test` or `test/subtest/…`. */
  test: string;
}

/** What one run saw of a test. */
export interface Point {
  run: RunView;
  /** Of attempts; all zero: the run had no result of it. */
  counts: Counts;
  /** What it says, when it is no pass. */
  reason: string;
}

export interface TestRow extends TestName {
  /** Oldest first: the newest runs of the branch, with the last one. */
  points: readonly Point[];
}

/** A change that was claimed: which one is a matter of proof, not of two outcomes that differ. */
export interface ChangeView extends TestName {
  change: Change;
  /** Of attempts. */
  before: Counts;
  after: Counts;
  reason: string;
  run: RunView;
  /** What the run was compared with. */
  base: string;
  /** That hunts it. */
  bisect: BisectView | null;
}

/** What the history says of a bisect. */
export interface BisectView {
  href: string;
  profile: string;
  /** `suite:test` */
  test: string;
  state: BisectState;
  because: string;
  /** The only one, or the likeliest. */
  culprit: {commit: string; subject: string; author: string} | null;
  /** How many cannot be told apart. */
  suspects: number;
  confidence: number | null;
  good: string;
  bad: string;
  /** ISO 8601, UTC; null: it did not end. */
  ended: string | null;
}

/** All that a bisect rests on: its own report. */
export type BisectDetail = Pick<
  BisectReport,
  'candidates' | 'culprits' | 'tested' | 'skipped' | 'cost' | 'drafts' | 'good' | 'bad'
>;

export interface FlakeView extends TestName {
  /** Of sides and pairs of neighbouring runs, those that differ: 0 to 1. */
  share: number;
  /** Sides on which attempts passed and failed, of all. */
  mixed: number;
  sides: number;
  /** Neighbouring runs that differ, though no change was found. */
  flips: number;
  /** Oldest first: the newest runs. */
  points: readonly Point[];
}

export interface BranchView {
  line: string;
  /** Address or path. */
  tree: string;
  href: string;
  /** What the last night that looked at it did. */
  visit: {state: VisitState; detail: string; started: string} | null;
  /** Oldest first: the newest runs. */
  runs: readonly RunView[];
  /** Results of the last run that failed, each time or now and then. */
  failing: {count: number; href: string};
}

/** Part of a list, and the ways to the rest of it. */
export interface Paged<T> {
  rows: readonly T[];
  /** In all, with the filter; null: nobody counted. */
  total: number | null;
  /** Of the first row, from 0. */
  from: number;
  newer: string | null;
  older: string | null;
}

/** What a list was asked for; every one may be empty. */
export interface Filter {
  /** Words that must all be there. */
  q: string;
  /** Its number. */
  branch: string;
  profile: string;
  suite: string;
  verdict: string;
  state: string;
  change: string;
  /** Only the last so many. */
  days: string;
}

export interface Choice {
  value: string;
  word: string;
}

/** What there is to choose from. */
export interface Choices {
  branches: readonly Choice[];
  profiles: readonly Choice[];
  suites: readonly Choice[];
}
