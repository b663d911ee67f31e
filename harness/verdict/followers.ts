// SPDX-License-Identifier: MIT
import {testOf} from './needs-more.js';
import type {Comparison, Tally} from './results.js';

/**
 * When a test crashes as a whole, the subtests it did not reach changed with it, and so did what the kernel said: one
 * finding, not three hundred. The rows stay, and name the row that explains them.
 *
 * @returns the same comparisons, in their order, `follows` set where it applies
 */
export function markFollowers(all: readonly Comparison[]): Comparison[] {
  const id = ({profile, suite}: Comparison, test: string): string => JSON.stringify([profile, suite, test]);
  const wholes = new Map(all.filter(({test}) => testOf(test) === test).map((one) => [id(one, one.test), one]));
  return all.map((one) => {
    const whole = wholes.get(id(one, testOf(one.test)));
    return whole !== undefined && whole !== one && isExplainedBy(whole, one) ? {...one, follows: whole.test} : one;
  });
}

/** Row → how many subtests follow it; what the kernel said is no subtest. */
export function countFollowers(all: readonly Comparison[]): ReadonlyMap<Comparison, number> {
  const counts = new Map<Comparison, number>();
  for (const {profile, suite, follows, kernel} of all) {
    if (follows === undefined || kernel) continue;
    const whole = all.find((one) => one.profile === profile && one.suite === suite && one.test === follows);
    if (whole !== undefined) counts.set(whole, (counts.get(whole) ?? 0) + 1);
  }
  return counts;
}

function isExplainedBy(whole: Comparison, part: Comparison): boolean {
  if (whole.change !== part.change || !isWorthTelling(part)) return false;
  // What the kernel said is what the whole failed for, when both failed as often.
  if (part.kernel) return failed(part.base) === failed(whole.base) && failed(part.patched) === failed(whole.patched);
  const {patched} = part;
  return (
    patched.fail === 0 &&
    patched.missing === 0 &&
    patched.crash <= whole.patched.crash &&
    patched.timeout <= whole.patched.timeout
  );
}

const isWorthTelling = ({change, base, patched}: Comparison): boolean =>
  change === 'skip-regressed' || change === 'gone' || failed(base) + failed(patched) > 0;

const failed = ({fail, timeout, crash, missing}: Tally): number => fail + timeout + crash + missing;
