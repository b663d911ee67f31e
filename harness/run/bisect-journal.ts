// SPDX-License-Identifier: MIT
/** The journal of a bisect: what it is about, then every finding. Commits are named by hash. */
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Finding} from '../bisect/bisection.js';
import {Journal} from '../lib/journal.js';
import {storeKey} from '../lib/store.js';
import type {Request} from './request.js';

export const JOURNAL_FILE = 'bisect.jsonl';

/** What the user asked for. */
export interface BisectRequest {
  /** `series` is empty when a history is bisected; `tests` are what is hunted. */
  request: Request;
  /** As typed; absent with a series. */
  good?: string;
  bad?: string;
  firstParent: boolean;
  confidence: number;
  /** Attempts at each end; absent: by the kind of the test. */
  endLimit?: number;
  limit: number;
  reporter?: string;
  link?: string;
}

export interface StartLine {
  type: 'start';
  schema: 'kverdict/bisect-journal/1';
  asked: BisectRequest;
  good: string;
  bad: string;
  profile: string;
  tests: string[];
}

export type FindingLine = Finding & {commit: string};
export type BisectLine = StartLine | FindingLine | {type: 'end'};

/**
 * Where a bisect goes without --out: the same question finds its own folder again. What only says how fast or how sure
 * is no part of the question.
 */
export function folderName({request, good, bad, firstParent}: BisectRequest): string {
  const {tree, series, rev, profiles, tests, variables, suiteDirs, profileDirs, overrideTimeout} = request;
  const {listDirs = [], qemuDir, selftestsFrom} = request;
  const words = Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
  const question = [
    tree,
    series,
    rev,
    good,
    bad,
    firstParent,
    profiles,
    tests,
    words,
    suiteDirs,
    profileDirs,
    overrideTimeout,
    // What a kernel may say, which machine it runs on, and whose tests: another answer, not a slower one.
    listDirs,
    qemuDir,
    selftestsFrom,
  ];
  return `bisect-${storeKey(question).slice(0, 12)}`;
}

/** The start of a bisect that has not ended in this folder; undefined: none, or it has. */
export function unfinished(folder: string): StartLine | undefined {
  const lines = readJournal(folder);
  return lines.some(({type}) => type === 'end') ? undefined : startOf(lines);
}

export function readJournal(folder: string): BisectLine[] {
  const file = join(folder, JOURNAL_FILE);
  return existsSync(file) ? Journal.read<BisectLine>(file) : [];
}

export function startOf(lines: readonly BisectLine[]): StartLine | undefined {
  const [first] = lines;
  return first?.type === 'start' && first.schema === 'kverdict/bisect-journal/1' ? first : undefined;
}
