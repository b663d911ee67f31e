// SPDX-License-Identifier: MIT
import {type Design, looksOf} from './design.js';
import {binomialChance, exactTest, type Stratum} from './statistics.js';

/** How often each side fails, 0 to 1. */
export interface Rates {
  base: number;
  patched: number;
}

/** Further runs a side beyond which nobody waits; a difference that needs more is not one a tool should claim. */
export const MAX_MORE_RUNS = 200;

export interface Promised extends Pick<Design, 'alpha' | 'power'> {
  /** Differences that are open beside it, itself included: each wants its part of alpha. */
  rivals: number;
}

/**
 * Further runs on each side after which the difference is claimed with a chance of `power`, in a run that has them as its
 * `--max-runs`, if both sides go on failing as often as so far. Only the last of that run's looks is counted, and each
 * rival is given its full part: earlier looks and quieter rivals do better. Undefined: both fail equally often, or it is
 * more than `MAX_MORE_RUNS`.
 *
 * @param strata first attempts, and repeats so far
 */
export function moreRunsToDecide(strata: readonly Stratum[], promised: Promised): number | undefined {
  const rates = ratesOf(strata);
  if (rates.base === rates.patched) return undefined;
  const [first = NOTHING, repeats = NOTHING] = strata;
  return runsFor(promised, (done) => chanceToClaim(first, repeats, rates, done), runsOf(repeats));
}

/**
 * The same before anything was run: rounds of repeats that the rates need after `first` attempts a side. Counted are
 * first attempts that make us look twice, as the sides differ in them.
 */
export function repeatsToPromise(
  rates: Rates,
  first: number,
  promised: Promised,
  limit = MAX_MORE_RUNS,
): number | undefined {
  const pilots: {stratum: Stratum; chance: number}[] = [];
  for (const [a, chanceOfA] of binomial(first, rates.base)) {
    for (const [c, chanceOfC] of binomial(first, rates.patched)) {
      const stratum = {base: counts(a, first), patched: counts(c, first)};
      if (a !== c) pilots.push({stratum, chance: chanceOfA * chanceOfC});
    }
  }
  const chanceAfter = (repeats: number): ((level: number) => number) => {
    const each = pilots.map(({stratum, chance}) => ({chance, claim: chanceToClaim(stratum, NOTHING, rates, repeats)}));
    return (level) => each.reduce((sum, {chance, claim}) => sum + chance * claim(level), 0);
  };
  return runsFor(promised, chanceAfter, 0, limit);
}

/** First attempts a side in which the sides differ with the chance that `firstRuns` asks for. */
export function firstToPromise(rates: Rates, power: number): number | undefined {
  if (rates.base === rates.patched) return undefined;
  for (let first = 1; first <= 2 * MAX_MORE_RUNS; first++) {
    const patched = new Map(binomial(first, rates.patched));
    const equal = binomial(first, rates.base).reduce((sum, [a, chance]) => sum + chance * (patched.get(a) ?? 0), 0);
    if (equal <= (1 - power) / 2) return first;
  }
  return undefined;
}

const NOTHING: Stratum = {base: {failed: 0, passed: 0}, patched: {failed: 0, passed: 0}};
const counts = (failed: number, of: number): {failed: number; passed: number} => ({failed, passed: of - failed});
const runsOf = ({base, patched}: Stratum): number =>
  Math.max(base.failed + base.passed, patched.failed + patched.passed);

function runsFor(
  {alpha, power, rivals}: Promised,
  chanceAfter: (more: number) => (level: number) => number,
  done: number,
  limit = MAX_MORE_RUNS,
): number | undefined {
  for (let more = 1; more <= limit; more += Math.max(1, Math.floor(more / 12))) {
    const share = looksOf(done + more).at(-1)?.share ?? 1;
    const level = share * alpha;
    // As `levelsOf` asks it of one among so many.
    if (chanceAfter(more)((level * (1 - level)) / rivals) >= power) return more;
  }
  return undefined;
}

/** The chance that after `more` runs a side p is at most a level, and the side that fails more often is the right one. */
function chanceToClaim(first: Stratum, repeats: Stratum, rates: Rates, more: number): (level: number) => number {
  return (level) => {
    let sum = 0;
    for (const [a, chanceOfA] of binomial(more, rates.base)) {
      for (const [c, chanceOfC] of binomial(more, rates.patched)) {
        // A claim of the wrong direction is so rare that it is not looked for: the rates are those that were seen.
        const base = {failed: repeats.base.failed + a, passed: repeats.base.passed + more - a};
        const patched = {failed: repeats.patched.failed + c, passed: repeats.patched.passed + more - c};
        if (exactTest([first, {base, patched}]).p <= level) sum += chanceOfA * chanceOfC;
      }
    }
    return sum;
  };
}

function ratesOf(strata: readonly Stratum[]): Rates {
  const rate = (side: keyof Stratum): number => {
    const failed = strata.reduce((sum, one) => sum + one[side].failed, 0);
    return (
      failed /
      Math.max(
        1,
        strata.reduce((sum, one) => sum + one[side].passed, failed),
      )
    );
  };
  return {base: rate('base'), patched: rate('patched')};
}

const LAWS = new Map<string, [number, number][]>();

/** Outcomes that matter, with their chances. */
function binomial(n: number, rate: number): [number, number][] {
  const key = `${n} ${rate}`;
  const known = LAWS.get(key);
  if (known !== undefined) return known;
  const all: [number, number][] = [];
  for (let k = 0; k <= n; k++) {
    const chance = binomialChance(k, n, rate);
    if (chance > 1e-9) all.push([k, chance]);
  }
  if (LAWS.size > 10_000) LAWS.clear();
  LAWS.set(key, all);
  return all;
}
