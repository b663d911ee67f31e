// SPDX-License-Identifier: MIT
import {chanceOfAtMost, type ExactTest} from './statistics.js';

/**
 * The level at which each of many tests may be claimed when all are judged together: claims at `level <= a` hold the
 * share of false ones among them at `a` in the mean, and when nothing differs at all, the chance of any claim.
 *
 * This is Benjamini and Hochberg (1995) for tests whose p can take few values only (Heyse 2011): of k claims with a p of
 * at most p, the number to be expected by chance is not m·p but the sum of what each test could give at all. A subtest
 * that never fails, or too seldom for such a p, adds nothing (Tarone 1990), so hundreds of quiet subtests cost nothing.
 * Döhler, Durand and Roquain (2018, [HSU]) prove it when a test's own chance is divided by 1 minus its chance at the
 * largest threshold; no threshold above `a` is used here, so that this is at most `1 - a`.
 */
export function levelsOf(tests: readonly ExactTest[], highest = 1): number[] {
  const kinds = new Map<readonly number[], number>();
  for (const {attainable} of tests) kinds.set(attainable, (kinds.get(attainable) ?? 0) + 1);
  const claimed = new Map<number, number>();
  for (const {p} of tests) if (p <= highest) claimed.set(p, (claimed.get(p) ?? 0) + 1);
  const ascending = [...claimed.keys()].sort((a, b) => a - b);
  let claims = 0;
  const needed = ascending.map((p) => {
    claims += claimed.get(p) ?? 0;
    let expected = 0;
    for (const [attainable, times] of kinds) expected += times * chanceOfAtMost(attainable, p);
    return Math.max(p, levelFor(expected / claims));
  });
  const levels = new Map<number, number>();
  let smallest = 1;
  for (let index = ascending.length - 1; index >= 0; index--) {
    smallest = Math.min(smallest, needed[index] ?? 1);
    levels.set(ascending[index] ?? 1, smallest);
  }
  return tests.map(({p}) => levels.get(p) ?? 1);
}

/** The smallest a with `a(1 - a) >= share`; 1 when there is none. */
function levelFor(share: number): number {
  return share > 0.25 ? 1 : (1 - Math.sqrt(1 - 4 * share)) / 2;
}
