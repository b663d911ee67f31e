// SPDX-License-Identifier: MIT
/**
 * Two-sided Fisher exact test on the table
 *
 *             failed  passed
 *     base       a       b
 *     patched    c       d
 *
 * It is exact at 4 against 4, where a chi-square is not, and assumes nothing about how often a race shows. Two-sided
 * in R's way: the sum over all tables with the same margins that are at most as likely as this one. Counts are whole
 * numbers from 0; an empty row or column gives 1. Works on log-gamma, so thousands of runs do not overflow.
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const base = a + b;
  const failed = a + c;
  const total = base + c + d;
  const low = Math.max(0, failed - (c + d));
  const high = Math.min(failed, base);
  const logProbability = (x: number): number =>
    logChoose(base, x) + logChoose(total - base, failed - x) - logChoose(total, failed);
  // R's own relative tolerance: equally likely tables must count as equal after rounding.
  const limit = logProbability(a) + 1e-7;
  let sum = 0;
  for (let x = low; x <= high; x++) {
    const p = logProbability(x);
    if (p <= limit) sum += Math.exp(p);
  }
  return Math.min(1, sum);
}

export interface Counts {
  failed: number;
  passed: number;
}

/** Further runs a side beyond which nobody waits; a difference that needs more is not one a tool should claim. */
export const MAX_MORE_RUNS = 200;

/**
 * Further runs on each side after which the test would say `p <= alpha`, if both sides go on failing as often as so
 * far; undefined when that is more than `MAX_MORE_RUNS`, or the two fail equally often.
 */
export function moreRunsToDecide(base: Counts, patched: Counts, alpha: number): number | undefined {
  const rateOf = ({failed, passed}: Counts): number => failed / Math.max(1, failed + passed);
  const [baseRate, patchedRate] = [rateOf(base), rateOf(patched)];
  if (baseRate === patchedRate) return undefined;
  for (let more = 1; more <= MAX_MORE_RUNS; more++) {
    const a = base.failed + Math.round(more * baseRate);
    const b = base.failed + base.passed + more - a;
    const c = patched.failed + Math.round(more * patchedRate);
    const d = patched.failed + patched.passed + more - c;
    if (fisherExact(a, b, c, d) <= alpha) return more;
  }
  return undefined;
}

/** ln of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
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
