// SPDX-License-Identifier: MIT
/** `night.json`: what a night did and found. Fields are only ever added within `kverdict/night/1`. */
import {UserError} from '../lib/errors.js';
import type {Change, Verdict} from '../verdict/results.js';
import type {History} from './database.js';
import {bisectsOf, listRuns, type RunRow, readNight, visitsOf} from './read.js';
import {outcomesOfRun} from './read-tests.js';
import type {BisectState, VisitState} from './tables.js';

export const NIGHT_SCHEMA = 'kverdict/night/1';

/** Another result than the commit before had. */
export interface NightChange {
  profile: string;
  suite: string;
  test: string;
  change: Change;
}

export interface NightBisect {
  profile: string;
  suite: string;
  test: string;
  state: BisectState;
  because: string | null;
  culprit: string | null;
  subject: string | null;
  author: string | null;
  confidence: number | null;
  /** Absolute path. */
  folder: string;
}

/** A commit that the night judged. */
export interface NightRun {
  commit: string;
  subject: string;
  author: string;
  date: string;
  /** null: it was compared with nothing. */
  base: string | null;
  verdict: Verdict;
  because: string;
  /** Absolute path. */
  folder: string;
  /** Without rows that another one explains. */
  changes: NightChange[];
  bisects: NightBisect[];
}

export interface NightBranch {
  tree: string;
  branch: string;
  state: VisitState;
  tip: string | null;
  /** Why it failed. */
  detail: string | null;
  /** Oldest first; a night that went on after new commits has several. */
  runs: NightRun[];
}

export interface NightReport {
  schema: typeof NIGHT_SCHEMA;
  nightly: string;
  config: string;
  started: string;
  /** null: it is under way. */
  ended: string | null;
  exit: number | null;
  branches: NightBranch[];
}

/** Changes that a person wants to hear of. */
const TOLD: readonly Change[] = ['regressed', 'fixed', 'less-often', 'gone', 'skip-regressed'];

export async function nightReport(history: History, nightId: number): Promise<NightReport> {
  const night = await readNight(history, nightId);
  if (night === undefined) throw new UserError(`There is no night ${nightId} in ${history.file}`);
  const runs = (await listRuns(history, {nightId, limit: Number.MAX_SAFE_INTEGER})).reverse();
  const branches: NightBranch[] = [];
  for (const {branch_id, tree, branch, state, tip, detail} of await visitsOf(history, nightId)) {
    const own = runs.filter((run) => run.branch_id === branch_id);
    const told: NightRun[] = [];
    for (const run of own) told.push(await nightRun(history, run));
    branches.push({tree, branch, state, tip, detail, runs: told});
  }
  const {nightly, config, started, ended, exit} = night;
  return {schema: NIGHT_SCHEMA, nightly, config, started, ended, exit, branches};
}

async function nightRun(history: History, run: RunRow): Promise<NightRun> {
  const rows = await outcomesOfRun(history, run.id);
  const bisects = await bisectsOf(history, run.id);
  return {
    ...{commit: run.commit, subject: run.subject, author: run.author, date: run.author_date, base: run.base_commit},
    ...{verdict: run.verdict, because: run.because, folder: run.folder},
    changes: rows
      .filter(({change, follows}) => follows === null && TOLD.includes(change))
      .map(({profile, suite, test, change}) => ({profile, suite, test, change})),
    bisects: bisects.map((one) => ({
      ...{profile: one.profile, suite: one.suite, test: one.test, state: one.state, because: one.because},
      ...{culprit: one.culprit, subject: one.culprit_subject, author: one.culprit_author},
      ...{confidence: one.confidence, folder: one.folder},
    })),
  };
}
