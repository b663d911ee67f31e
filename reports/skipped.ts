// SPDX-License-Identifier: MIT
import type {Comparison} from '../harness/verdict/results.js';
import {standingOf} from './standing.js';

/** Results that were only skipped, for one reason, of one suite on one profile. */
export interface Skipped {
  profile: string;
  suite: string;
  reason: string;
  count: number;
}

/** What did not run, and why, the largest first: a skip that nobody sees is a green that nobody earned. */
export function foldSkipped(comparisons: readonly Comparison[]): Skipped[] {
  const folded = new Map<string, Skipped>();
  for (const comparison of comparisons) {
    if (standingOf(comparison) !== 'skip') continue;
    const {profile, suite, reason = 'no reason given'} = comparison;
    const key = JSON.stringify([profile, suite, reason]);
    const entry = folded.get(key) ?? {profile, suite, reason, count: 0};
    entry.count++;
    folded.set(key, entry);
  }
  return [...folded.values()].sort((a, b) => b.count - a.count);
}
