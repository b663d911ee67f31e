// SPDX-License-Identifier: MIT
import type {Comparison} from './results.js';

/** A test to run again, on both sides: what the scheduler knows by name. */
export interface RepeatTarget {
  profile: string;
  suite: string;
  test: string;
}

/**
 * Tests that further attempts could decide: inconclusive ones, and those that fail on both sides or at times, more often
 * on one side. Each once, however many of its subtests are open; first the one that is nearest to a decision. The
 * scheduler sets the cap. What a kernel says as it boots (`[boot]`) is repeated in the same way: by a guest that is booted and runs no test.
 */
export function testsToRepeat(comparisons: readonly Comparison[]): RepeatTarget[] {
  const targets = new Map<string, RepeatTarget & {adjusted: number}>();
  for (const {profile, suite, test: key, open, adjusted} of comparisons) {
    if (open === undefined) continue;
    const test = testOf(key);
    const id = JSON.stringify([profile, suite, test]);
    const known = targets.get(id);
    if (known === undefined) targets.set(id, {profile, suite, test, adjusted});
    else known.adjusted = Math.min(known.adjusted, adjusted);
  }
  return [...targets.values()]
    .sort((a, b) => a.adjusted - b.adjusted)
    .map(({profile, suite, test}) => ({profile, suite, test}));
}

/** The test of a key: a manifest's test names hold no `/`. */
export function testOf(key: string): string {
  return key.split('/', 1)[0] ?? key;
}
