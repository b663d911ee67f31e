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

/**
 * Why there is a second stratum: `differ`: the first attempts failed unequally often. `agree`: they did not, and were
 * repeated for the sake of another subtest of their test. `no`: nothing was repeated, or what the first attempts are
 * cannot have decided it.
 */
type Selected = 'no' | 'differ' | 'agree';

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
 *
 * With a second stratum the first one is also conditional on what made us repeat: that its sides differ. Else a margin
 * that can fall evenly adds more false claims than its p says (docs/statistics.md, "First attempts that agree").
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

function selectedOf([first, ...repeats]: readonly Stratum[]): Selected {
  if (first === undefined || repeats.every((one) => runsOf(one.base) + runsOf(one.patched) === 0)) return 'no';
  const {base, patched} = first;
  // Only then can both sides fail equally often.
  if (runsOf(base) !== runsOf(patched) || (base.failed + patched.failed) % 2 !== 0) return 'no';
  return base.failed === patched.failed ? 'agree' : 'differ';
}

const SELECTED: Readonly<Record<Selected, number>> = {no: 0, differ: 1, agree: 2};

const runsOf = ({failed, passed}: Counts): number => failed + passed;

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
  const selected = selectedOf(strata);
  let at = known;
  for (const [index, {base, patched}] of strata.entries()) {
    // Unique below 65536 runs a side, and exact as a double.
    const runs = runsOf(base) * 65536 + runsOf(patched);
    const margins = (runs * 131072 + base.failed + patched.failed) * 4 + (index === 0 ? SELECTED[selected] : 0);
    let next = at.next.get(margins);
    if (next === undefined) {
      next = {next: new Map()};
      at.next.set(margins, next);
    }
    at = next;
  }
  if (at.law === undefined) {
    at.law = makeLaw(strata, selected);
    laws++;
    if (laws > MAX_LAWS) [known, laws] = [{next: new Map()}, 0];
  }
  return at.law;
}

function makeLaw(strata: readonly Stratum[], selected: Selected): Law {
  let low = 0;
  let chances = [1];
  for (const [index, stratum] of strata.entries()) {
    const one = hypergeometric(stratum);
    low += one.low;
    chances = convolve(chances, index === 0 ? given(one.chances, selected) : one.chances);
  }
  const weights = selected === 'no' ? chances : closeness(chances);
  const order = chances.map((_, index) => index).sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0));
  const p = new Array<number>(chances.length).fill(1);
  const attainable: number[] = [];
  let sum = 0;
  for (let start = 0; start < order.length; ) {
    const limit = (weights[order[start] ?? 0] ?? 0) * (1 + TOLERANCE);
    let end = start;
    for (; end < order.length && (weights[order[end] ?? 0] ?? 0) <= limit; end++) sum += chances[order[end] ?? 0] ?? 0;
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

/** The law of the first attempts, given why they were repeated. Its middle is the outcome with equally many on each side. */
function given(chances: readonly number[], selected: Selected): readonly number[] {
  if (selected === 'no') return chances;
  const middle = (chances.length - 1) / 2;
  if (selected === 'agree') return chances.map((_, index) => (index === middle ? 1 : 0));
  const rest = 1 - (chances[middle] ?? 0);
  return chances.map((chance, index) => (index === middle ? 0 : chance / rest));
}

/**
 * What has its middle taken out may have two summits, and an outcome between them is no more extreme for being rare: how
 * far it lies from the mean counts then.
 */
function closeness(chances: readonly number[]): number[] {
  const mean = chances.reduce((sum, chance, index) => sum + chance * index, 0);
  return chances.map((_, index) => 1 / (1 + Math.abs(index - mean)));
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
