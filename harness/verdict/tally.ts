// SPDX-License-Identifier: MIT
import type {Status} from '../ktap/result.js';
import type {Attempt} from '../suite/attempt.js';
import {isSplatKey, ownKey} from './kernel-keys.js';
import {isOverruled, judgeAttempt, type Outcome} from './outcome.js';
import type {Tally} from './results.js';
import type {Counts} from './statistics.js';

/** An attempt that says something about its kernel, with its outcomes by key. */
export interface Judged {
  attempt: Attempt;
  outcomes: ReadonlyMap<string, Outcome>;
}

/** Where each status is counted; `fail` holds what the test said against itself. */
export const SLOT: Readonly<Record<Status, keyof Tally>> = {
  pass: 'pass',
  xfail: 'pass',
  fail: 'fail',
  xpass: 'fail',
  error: 'fail',
  skip: 'skip',
  timeout: 'timeout',
  crash: 'crash',
  missing: 'missing',
};

/** What a subtest that was not reached inherits from its test as a whole; anything else makes it `missing`. */
const INHERITED: readonly Status[] = ['crash', 'timeout', 'skip', 'error'];

export const emptyTally = (): Tally => ({pass: 0, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0});

/** Judges the attempts of one side; those that our host or harness did not run are left out. */
export function judgeSide(attempts: readonly Attempt[]): Judged[] {
  return attempts
    .filter(({notRun}) => notRun?.blame !== 'infra' || notRun.status === 'skip')
    .map((attempt) => ({attempt, outcomes: new Map(judgeAttempt(attempt).map((outcome) => [outcome.key, outcome]))}));
}

/**
 * Counts one key over a side. A subtest that an attempt lacks is `missing` there when another attempt of the side had
 * it; when none had it, nothing was promised and nothing is counted (that is what `new` and `gone` look at).
 */
export function tallySide(side: readonly Judged[], key: string): Tally {
  const tally = emptyTally();
  const known = side.some(({outcomes}) => outcomes.has(key));
  for (const one of side) {
    const absent = known && !isSplatKey(one.attempt.test, key) ? 'missing' : undefined;
    const status = statusIn(one, key) ?? absent;
    if (status !== undefined) tally[SLOT[status]]++;
  }
  return tally;
}

/** The status of a key in one attempt; undefined: it lacks it. */
export function statusIn({attempt, outcomes}: Judged, key: string): Status | undefined {
  const own = outcomes.get(key);
  if (own !== undefined) return own.status;
  // No word about the whole: it ran to its end, and its exit fits.
  if (key === attempt.test) return 'pass';
  // Where the kernel did not overrule it, the whole is its own word; where it did, the test had nothing against itself.
  if (key === ownKey(attempt.test))
    return isOverruled(attempt) ? 'pass' : (outcomes.get(attempt.test)?.status ?? 'pass');
  const whole = outcomes.get(attempt.test)?.status;
  // A report that was not seen in a test that ran to its end was not there; of any other nobody knows.
  if (isSplatKey(attempt.test, key)) return ranToItsEnd(attempt) ? 'pass' : undefined;
  return whole !== undefined && INHERITED.includes(whole) ? whole : undefined;
}

const ranToItsEnd = ({notRun, lost, exit, kernel}: Attempt): boolean =>
  notRun === undefined && lost === undefined && exit.endedBy === undefined && kernel !== undefined;

/** Failed and passed; skips are not runs. */
export function countsOf(tally: Tally): Counts {
  return {failed: tally.fail + tally.timeout + tally.crash + tally.missing, passed: tally.pass};
}
