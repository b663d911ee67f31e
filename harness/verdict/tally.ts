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
  /** The guest ran others of the suite and does not list this test: stands for an attempt, and gave nothing. */
  unlisted?: true;
}

/** Where an attempt is counted. */
export type Slot = keyof Tally;

/** `fail` holds what the test said against itself. */
const SLOT: Readonly<Record<Status, Slot>> = {
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

/** What a subtest that was not reached inherits from its test as a whole; under anything else it is absent. */
const INHERITED: readonly Status[] = ['crash', 'timeout', 'skip', 'error'];

export const emptyTally = (): Tally => ({pass: 0, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0});

/** Judges the attempts of one side; those that our host or harness did not run are left out. */
export function judgeSide(attempts: readonly Attempt[]): Judged[] {
  return attempts
    .filter(({notRun}) => notRun?.blame !== 'infra' || notRun.status === 'skip')
    .map((attempt) => ({attempt, outcomes: new Map(judgeAttempt(attempt).map((outcome) => [outcome.key, outcome]))}));
}

/** Counts one key over a side. */
export function tallySide(side: readonly Judged[], key: string): Tally {
  const tally = emptyTally();
  for (const one of side) {
    const slot = slotIn(one, key);
    if (slot !== undefined) tally[slot] = (tally[slot] ?? 0) + 1;
  }
  return tally;
}

/**
 * Where an attempt is counted; undefined: it has no word on this key. It is a function of that attempt alone: what others
 * of its side have does not matter, or the same attempt would count otherwise on the other side.
 */
export function slotIn(one: Judged, key: string): Slot | undefined {
  const status = statusIn(one, key);
  if (status !== undefined) return SLOT[status];
  // Of what a kernel does not print nobody can say that it should be there.
  return isSplatKey(one.attempt.test, key) ? undefined : 'absent';
}

/** It ended before it came to this subtest: nobody knows what would have come. */
export function isInherited(one: Judged, key: string): boolean {
  if (one.outcomes.has(key)) return false;
  const {test} = one.attempt;
  const isOwn = key === test || key === ownKey(test) || isSplatKey(test, key);
  return !isOwn && statusIn(one, key) !== undefined;
}

/** No attempt has more of it than a promise: then the promise is what the row is about. */
export function isPromiseOnly(base: readonly Judged[], patched: readonly Judged[], key: string): boolean {
  const isResult = ({outcomes}: Judged): boolean => (outcomes.get(key)?.status ?? 'missing') !== 'missing';
  if (base.some(isResult) || patched.some(isResult)) return false;
  return [...base, ...patched].some(({outcomes}) => outcomes.has(key));
}

/** The status of a key in one attempt; undefined: it lacks it. */
export function statusIn({attempt, outcomes, unlisted}: Judged, key: string): Status | undefined {
  if (unlisted) return undefined;
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

/** Failed and passed; skips are not runs, and what is absent did not fail. */
export function countsOf(tally: Tally): Counts {
  return {failed: tally.fail + tally.timeout + tally.crash + tally.missing, passed: tally.pass};
}

/** An attempt of either side says something about it. */
export const wasSeen = ({base, patched}: {base: Tally; patched: Tally}): boolean =>
  [base, patched].some((tally) => Object.values(tally).some((count) => count > 0));
