// SPDX-License-Identifier: MIT
import {binomialChance} from './statistics.js';

export interface Interval {
  low: number;
  high: number;
}

/** 95 in 100 such intervals hold the true rate, or more. */
export const CONFIDENCE = 0.95;

/**
 * Clopper and Pearson's (1934) interval of a rate: exact, so it holds for zero of twenty, too, where the one by a normal
 * law says `0 to 0`. Each end leaves half of what `confidence` leaves.
 *
 * @param hits of `of`, from 0 to `of`
 */
export function clopperPearson(hits: number, of: number, confidence = CONFIDENCE): Interval {
  const tail = (1 - confidence) / 2;
  return {
    low: hits === 0 ? 0 : solve((rate) => 1 - atMost(hits - 1, of, rate) - tail),
    high: hits === of ? 1 : solve((rate) => tail - atMost(hits, of, rate)),
  };
}

/** P(X <= k) of n tries. */
function atMost(k: number, n: number, rate: number): number {
  let sum = 0;
  for (let i = 0; i <= k; i++) sum += binomialChance(i, n, rate);
  return Math.min(1, sum);
}

/** Where a function that grows on 0 to 1 crosses zero. */
function solve(grows: (rate: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (grows(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
