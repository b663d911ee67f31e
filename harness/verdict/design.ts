// SPDX-License-Identifier: MIT
/** How a comparison is to be made: fixed before the first attempt, so that what is seen cannot bend it. */
export interface Design {
  /** At most this chance of any claim in a run whose sides are the same. */
  alpha: number;
  /** Chance to see a difference of the rates that were stated, or seen so far, in the runs that are promised. */
  power: number;
  /** Attempts a side of a test at most. */
  maxRuns: number;
  /** Rounds of repeats at most, after the first attempts: of the test that has the fewest of these. */
  maxRepeats: number;
  /** Of the order in which the sides' guests were started, drawn for the run; absent in results of before 0.2. */
  seed?: number;
}

export const DEFAULT_ALPHA = 0.05;
export const DEFAULT_POWER = 0.9;
/** Attempts a side at most. From never to every second time is seen in 12 (docs/verdicts.md), and 20 cost few minutes. */
export const DEFAULT_MAX_RUNS = 20;
/** How often the bug that a racy test looks for shows, when its suite does not say. */
export const DEFAULT_RATE = 0.5;

export const FIXED: Design = {alpha: DEFAULT_ALPHA, power: DEFAULT_POWER, maxRuns: 0, maxRepeats: 0};

/** A moment at which the attempts are judged, and the part of alpha that may be spent at it. */
export interface Look {
  /** Rounds of repeats made by then. */
  repeats: number;
  share: number;
}

/** What the first attempts, the first look at repeats and the last look may spend; looks in between share the rest. */
const SHARES = {first: 0.2, early: 0.3, last: 0.3} as const;
/** The first count of repeats at which always against never is clear: 1 in 70, and 0.3 of 0.05 is enough for that. */
const EARLY = 4;

/**
 * When to look, and what each look may spend of alpha, known before the first attempt. The shares add up to one, so by
 * Bonferroni's inequality the chance of a false claim at any look is at most alpha, however the looks depend on each
 * other (a spending function as of Lan and DeMets 1983, without their assumption of a normal law). Each look is 1.6 times
 * as late as the one before: what is as seldom as to need many runs gains little from being looked at more often.
 */
export function looksOf(maxRepeats: number): Look[] {
  const times = [0];
  for (let next = EARLY; next < maxRepeats; next = Math.ceil(next * 1.6)) times.push(next);
  const between = Math.max(0, times.length - 2);
  const shares: number[] = times.map((_, index) =>
    index === 0 ? SHARES.first : index === 1 ? SHARES.early : (1 - SHARES.first - SHARES.early - SHARES.last) / between,
  );
  if (maxRepeats > 0) times.push(maxRepeats);
  const before = shares.slice(0, times.length - 1);
  shares[times.length - 1] = 1 - before.reduce((sum, share) => sum + share, 0);
  return times.map((repeats, index) => ({repeats, share: shares[index] ?? 0}));
}

/**
 * The looks of a run in which so many rounds of repeats were made. One that was ended between two looks (`--budget`, by
 * the clock, not by what was seen) is looked at once more, with all that is left.
 */
export function looksUpTo(done: number, maxRepeats: number): Look[] {
  const past = looksOf(Math.max(done, maxRepeats)).filter(({repeats}) => repeats <= done);
  if (past.at(-1)?.repeats === done) return past;
  return [...past, {repeats: done, share: 1 - past.reduce((sum, {share}) => sum + share, 0)}];
}

/**
 * First attempts a side of a racy test. A bug that shows at `rate` stays unseen in n of them with a chance of (1 - rate)^n;
 * half of what `power` leaves is for that, the other half for telling it from noise afterwards.
 */
export function firstRuns(rate: number, power: number): number {
  if (rate >= 1) return 1;
  return Math.ceil(Math.log((1 - power) / 2) / Math.log(1 - rate) - 1e-9);
}
