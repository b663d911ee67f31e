// SPDX-License-Identifier: MIT
/** `bisect.json`: what a bisect found, and what it rests on. Fields are only ever added within `kverdict/bisect/1`. */
import type {Failure} from './hunt.js';

export const BISECT_SCHEMA = 'kverdict/bisect/1';

export type BisectOutcome = 'found' | 'several' | 'no-difference' | 'end-untestable' | 'out-of-attempts';

export interface CommitRecord {
  commit: string;
  subject: string;
  author: string;
  /** ISO 8601. */
  date: string;
  files: string[];
  /** 1-based, in a series. */
  patch?: number;
}

/** Attempts with the hunted failure, and all that say something. */
export interface Evidence {
  failed: number;
  of: number;
}

export interface TestedCommit extends Evidence {
  commit: string;
  subject: string;
  /** Attempts that say neither, and why. */
  mute: number;
  why?: string;
}

export interface BisectReport {
  schema: typeof BISECT_SCHEMA;
  kverdict: string;
  command: string;
  started: string;
  /** Of this call; a resumed one counts its own. */
  seconds: number;
  resumed: boolean;
  outcome: BisectOutcome;
  /** One sentence. */
  because: string;
  profile: string;
  /** `suite:test[/subtest]`. */
  test: string;
  hunted: Failure | null;
  racy: boolean;
  good: {commit: string; name: string};
  bad: {commit: string; name: string};
  /** The series, when one was bisected. */
  series: string | null;
  candidates: number;
  /** Of the candidates; with `firstParent` their side branches are no candidates. */
  merges: number;
  firstParent: boolean;
  confidence: {asked: number; reached: number};
  /** One; several when no test tells them apart, or the attempts were used up: then the likeliest. */
  culprits: CommitRecord[];
  evidence: {
    /** Every attempt at commits that do not hold the culprit, and at those that do. */
    without: Evidence;
    with: Evidence;
    /** The culprit itself, and the nearest tested commits without it. */
    at: TestedCommit | null;
    before: TestedCommit | null;
  } | null;
  tested: TestedCommit[];
  skipped: {commit: string; subject: string; reason: string}[];
  sameKernel: {commit: string; as: string}[];
  cost: {
    builds: number;
    /** Found in the store. */
    cachedBuilds: number;
    attempts: number;
    /** Of the attempts: at the two ends. */
    endAttempts: number;
    /** Steps that nobody can do with fewer: log2 of the candidates. */
    leastSteps: number;
    /** Attempts that nobody can do with fewer, at the rates seen; null: the rates say nothing. */
    leastAttempts: number | null;
  };
  /** Lines for the report to the list; placeholders in `<>`. */
  drafts: string[];
}
