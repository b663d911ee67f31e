// SPDX-License-Identifier: MIT
import type {Comparison} from '../harness/verdict/results.js';
import {bySuite, standingOf} from './standing.js';

/** Results of a suite that were only skipped, for one reason. */
export interface Skipped {
  suite: string;
  profiles: string[];
  reason: string;
  count: number;
  /** On one of the profiles it tested nothing. */
  whole: boolean;
}

/**
 * What did not run, and why: a skip that nobody sees is a green that nobody earned. Suites that tested nothing come
 * first, then the largest.
 */
export function foldSkipped(comparisons: readonly Comparison[]): Skipped[] {
  const folded = new Map<string, Skipped>();
  for (const {profile, suite, rows} of bySuite(comparisons)) {
    const skips = rows.filter((row) => standingOf(row) === 'skip');
    for (const {reason = 'no reason given'} of skips) {
      const key = JSON.stringify([suite, reason]);
      const entry = folded.get(key) ?? {suite, reason, profiles: [], count: 0, whole: false};
      if (!entry.profiles.includes(profile)) entry.profiles.push(profile);
      entry.count++;
      entry.whole ||= skips.length === rows.length;
      folded.set(key, entry);
    }
  }
  return [...folded.values()].sort((a, b) => Number(b.whole) - Number(a.whole) || b.count - a.count);
}
