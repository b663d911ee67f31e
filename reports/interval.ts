// SPDX-License-Identifier: MIT
import {logChoose} from '../harness/verdict/statistics.js';

export interface Interval {
  low: number;
  high: number;
}

/** Halvings of [0, 1]: the bounds are right to ten digits. */
const STEPS = 34;

/**
 * Clopper and Pearson's exact interval for a failure rate, as exact as the test that compares two of them: it holds the
 * true rate at least as often as `confidence` says, also at 0 of 5. Without attempts it is all of [0, 1].
 */
export function rateInterval(failed: number, of: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  return {
    low: failed === 0 ? 0 : solve((rate) => atLeast(failed, of, rate) >= tail),
    high: failed === of ? 1 : solve((rate) => 1 - atLeast(failed + 1, of, rate) < tail),
  };
}

/** The rate from which on `holds` is true. */
function solve(holds: (rate: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** The probability of `failed` or more failures in `of` attempts at this rate. */
function atLeast(failed: number, of: number, rate: number): number {
  let sum = 0;
  for (let k = failed; k <= of; k++) {
    sum += Math.exp(logChoose(of, k) + k * Math.log(rate) + (of - k) * Math.log(1 - rate));
  }
  return Math.min(1, sum);
}
