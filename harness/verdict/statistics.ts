// SPDX-License-Identifier: MIT
export interface Counts {
  failed: number;
  passed: number;
}

/** Attempts that were made under the same rule: all first ones, or all repeats. */
export interface Stratum {
  base: Counts;
  patched: Counts;
}

/** What an exact test says about some strata. */
export interface ExactTest {
  /** Two-sided; 1 where nothing could differ. */
  p: number;
  /**
   * Every p that these many runs and failures could have given, ascending; the last is 1. When both sides are the same,
   * the chance of a p of at most `attainable[i]` is `attainable[i]` itself. The same object for the same margins.
   */
  attainable: readonly number[];
}

/**
 * The exact test of "both sides fail equally often", conditional on how many runs and failures there were in each
 * stratum (Fisher 1935; with strata Cox 1970 and Mehta, Patel, Gray 1985, R's `mantelhaen.test(exact=TRUE)`). It assumes
 * nothing about how often a race shows. Two-sided in R's way: the sum over all outcomes that are at most as likely as
 * this one. Counts are whole numbers from 0.
 */
export function exactTest(strata: readonly Stratum[]): ExactTest {
  const law = lawOf(strata);
  const failed = strata.reduce((sum, {patched}) => sum + patched.failed, 0);
  return {p: law.p[failed - law.low] ?? 1, attainable: law.attainable};
}

/** p of every outcome with these margins, by failures of the patched side. */
export function pByFailures(strata: readonly Stratum[]): (failed: number) => number {
  const {p, low} = lawOf(strata);
  return (failed) => p[failed - low] ?? 1;
}

/** One stratum, as a table: `a` failed and `b` passed on base, `c` and `d` on the patched side. */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  return exactTest([{base: {failed: a, passed: b}, patched: {failed: c, passed: d}}]).p;
}

/** The chance of a p of at most `p` when nothing differs: never above `p`, and 0 where so few failures cannot give it. */
export function chanceOfAtMost(attainable: readonly number[], p: number): number {
  let [low, high] = [0, attainable.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((attainable[middle] ?? 1) <= p * (1 + TOLERANCE)) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (attainable[low - 1] ?? 1);
}

/** ln(n choose k) */
function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** The chance of k hits in n tries. */
export function binomialChance(k: number, n: number, rate: number): number {
  if (rate <= 0 || rate >= 1) return k === (rate <= 0 ? 0 : n) ? 1 : 0;
  return Math.exp(logChoose(n, k) + k * Math.log(rate) + (n - k) * Math.log1p(-rate));
}

/** R's own relative tolerance: equally likely outcomes must count as equal after rounding. */
const TOLERANCE = 1e-7;

interface Law {
  /** The fewest failures that the patched side can have. */
  low: number;
  /** p by failures of the patched side, from `low` on. */
  p: readonly number[];
  attainable: readonly number[];
}

/** Laws found so far, and the way to them: a node a stratum, by its margins. A simulation asks for the same ones often. */
interface Known {
  law?: Law;
  next: Map<number, Known>;
}

let known: Known = {next: new Map()};
let laws = 0;
/** Laws kept: far above what a run needs, small enough for a simulation of hours. */
const MAX_LAWS = 500_000;

function lawOf(strata: readonly Stratum[]): Law {
  let at = known;
  for (const {base, patched} of strata) {
    // Unique below 65536 runs a side, and exact as a double.
    const runs = (base.failed + base.passed) * 65536 + patched.failed + patched.passed;
    const margins = runs * 131072 + base.failed + patched.failed;
    let next = at.next.get(margins);
    if (next === undefined) {
      next = {next: new Map()};
      at.next.set(margins, next);
    }
    at = next;
  }
  if (at.law === undefined) {
    at.law = makeLaw(strata);
    laws++;
    if (laws > MAX_LAWS) [known, laws] = [{next: new Map()}, 0];
  }
  return at.law;
}

function makeLaw(strata: readonly Stratum[]): Law {
  let low = 0;
  let chances = [1];
  for (const stratum of strata) {
    const one = hypergeometric(stratum);
    low += one.low;
    chances = convolve(chances, one.chances);
  }
  const order = chances.map((_, index) => index).sort((a, b) => (chances[a] ?? 0) - (chances[b] ?? 0));
  const p = new Array<number>(chances.length).fill(1);
  const attainable: number[] = [];
  let sum = 0;
  for (let start = 0; start < order.length; ) {
    const limit = (chances[order[start] ?? 0] ?? 0) * (1 + TOLERANCE);
    let end = start;
    for (; end < order.length && (chances[order[end] ?? 0] ?? 0) <= limit; end++) sum += chances[order[end] ?? 0] ?? 0;
    const value = end === order.length ? 1 : Math.min(1, sum);
    for (; start < end; start++) p[order[start] ?? 0] = value;
    attainable.push(value);
  }
  return {low, p, attainable};
}

/** How the failures of a stratum fall on the patched side when both are the same. */
function hypergeometric({base, patched}: Stratum): {low: number; chances: number[]} {
  const [b, p] = [base.failed + base.passed, patched.failed + patched.passed];
  const failed = base.failed + patched.failed;
  const low = Math.max(0, failed - b);
  const chances: number[] = [];
  for (let x = low; x <= Math.min(failed, p); x++) {
    chances.push(Math.exp(logChoose(p, x) + logChoose(b, failed - x) - logChoose(b + p, failed)));
  }
  return {low, chances};
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const sum = new Array<number>(a.length + b.length - 1).fill(0);
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) sum[i + j] = (sum[i + j] ?? 0) + x * y;
  return sum;
}

const SMALL: number[] = [0];

/** ln n!: summed for small n, Stirling's series above (error below 1e-14 from 256 on). */
function logFactorial(n: number): number {
  if (n < 256) {
    for (let k = SMALL.length; k <= n; k++) SMALL.push((SMALL[k - 1] ?? 0) + Math.log(k));
    return SMALL[n] ?? 0;
  }
  const inverse = 1 / n;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260;
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
