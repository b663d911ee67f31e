// SPDX-License-Identifier: MIT
import type {Comparison} from './results.js';

/** A test to run again, on both sides: what the scheduler knows by name. */
export interface RepeatTarget {
  profile: string;
  suite: string;
  test: string;
  /** Further runs a side that would decide its most open subtest, if the rates stay as seen; Infinity: hardly any. */
  moreRuns: number;
}

/**
 * Tests that further attempts could decide: inconclusive ones, and flaky ones that fail more often on one side. Each once, however many of its subtests are open; most promising first. The scheduler sets the cap.
 */
export function testsToRepeat(comparisons: readonly Comparison[]): RepeatTarget[] {
  const targets = new Map<string, RepeatTarget>();
  for (const {profile, suite, test: key, open, moreRuns = Number.POSITIVE_INFINITY} of comparisons) {
    if (open === undefined) continue;
    const test = testOf(key);
    const id = JSON.stringify([profile, suite, test]);
    const known = targets.get(id);
    if (known === undefined) targets.set(id, {profile, suite, test, moreRuns});
    else known.moreRuns = Math.max(known.moreRuns, moreRuns);
  }
  return [...targets.values()].sort((a, b) => (a.moreRuns < b.moreRuns ? -1 : Number(a.moreRuns > b.moreRuns)));
}

/** The test of a key: a manifest's test names hold no `/`. */
export function testOf(key: string): string {
  return key.split('/', 1)[0] ?? key;
}
