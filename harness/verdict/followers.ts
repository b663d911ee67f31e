// SPDX-License-Identifier: MIT
import {testOf} from './needs-more.js';
import type {Change, Comparison, Tally} from './results.js';

/**
 * When a test crashes as a whole, the subtests it did not reach changed with it, and so did what the kernel said: one
 * finding, not three hundred. The rows stay, and name the row that explains them.
 *
 * @returns the same comparisons, in their order, `follows` set where it applies
 */
export function markFollowers(all: readonly Comparison[]): Comparison[] {
  const id = ({profile, suite}: Comparison, test: string): string => JSON.stringify([profile, suite, test]);
  const wholes = new Map(all.filter(({test}) => testOf(test) === test).map((one) => [id(one, one.test), one]));
  const marked = all.map((one) => {
    const whole = wholes.get(id(one, testOf(one.test)));
    return whole !== undefined && whole !== one && isExplainedBy(whole, one) ? {...one, follows: whole.test} : one;
  });
  const leaders = leadersOf(marked);
  return marked.map((one) => {
    const leader = leaders.get(one);
    return leader === undefined ? one : {...one, follows: leader.test};
  });
}

/** A plan that shrank, or a feature that was lost, takes many results of a test along. */
const CROWDED: readonly Change[] = ['gone', 'skip-regressed'];
/** Up to so many of a test have a finding each. */
const CROWD = 5;

/** Of more than a few results of one test and one change, the first speaks for the others. */
function leadersOf(all: readonly Comparison[]): ReadonlyMap<Comparison, Comparison> {
  const groups = new Map<string, Comparison[]>();
  for (const one of all) {
    if (one.follows !== undefined || !CROWDED.includes(one.change)) continue;
    const key = JSON.stringify([one.profile, one.suite, testOf(one.test), one.change]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const crowds = [...groups.values()].filter(({length}) => length > CROWD);
  return new Map(crowds.flatMap(([first, ...others]) => others.map((one) => [one, first ?? one] as const)));
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
