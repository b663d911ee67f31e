// SPDX-License-Identifier: MIT
import {type Design, firstRuns, looksOf} from './design.js';
import {binomialChance, pByFailures, type Stratum} from './statistics.js';

/** How often each side fails, 0 to 1. */
export interface Rates {
  base: number;
  patched: number;
}

/** Runs a side beyond which nobody waits; a difference that needs more is not one a tool should claim. */
export const MAX_MORE_RUNS = 200;

export interface Promised extends Pick<Design, 'alpha' | 'power'> {
  /** Differences that are open beside it, itself included: each wants its part of alpha. */
  rivals: number;
}

/** What a new run must be given to find a difference. */
export interface Advice {
  /** `--runs`, where more first attempts are needed than were made. */
  runs?: number;
  /** `--max-runs` */
  maxRuns: number;
  /** 0 to 1, if both sides fail as often as was seen. */
  chance: number;
}

/**
 * What a new run needs to find this difference with a chance of `power`, if the rates are those seen: it begins from
 * nothing, so the attempts so far count for the rates only. Undefined: both fail equally often, or no number up to
 * `MAX_MORE_RUNS` is enough. Of a test that is run once at first, that is often so: only racy ones have `--runs`.
 *
 * @param strata first attempts, and repeats so far
 * @param first first attempts a side
 */
export function adviceFor(
  strata: readonly Stratum[],
  first: number,
  {alpha, power}: Pick<Design, 'alpha' | 'power'>,
  rivals: number,
): Advice | undefined {
  const rates = ratesOf(strata);
  const needed = first > 1 ? firstToPromise(rates, power) : first;
  if (needed === undefined || needed >= MAX_MORE_RUNS) return undefined;
  const runs = Math.max(first, needed);
  const repeats = remembered(rates, runs, {alpha, power, rivals});
  if (repeats === undefined) return undefined;
  return {...(runs > first ? {runs} : {}), maxRuns: runs + repeats, chance: power};
}

const ANSWERS = new Map<string, number | undefined>();

/** Hundreds of subtests may be open with the same counts. */
function remembered(rates: Rates, runs: number, promised: Promised): number | undefined {
  const key = JSON.stringify([rates, runs, promised]);
  if (ANSWERS.size > 10_000) ANSWERS.clear();
  if (!ANSWERS.has(key)) ANSWERS.set(key, repeatsToPromise(rates, runs, promised, MAX_MORE_RUNS - runs));
  return ANSWERS.get(key);
}

/**
 * Before anything was run: rounds of repeats after `first` attempts a side, with which a run that has them as its limit
 * finds a difference of these rates with a chance of `power`. Counted are first attempts that make us look twice, as the
 * sides differ in them, and the last look alone, with its full part of alpha for each rival: earlier looks and quieter
 * rivals do better. Undefined: more than `limit`, or the rates are equal.
 */
export function repeatsToPromise(
  rates: Rates,
  first: number,
  {alpha, power, rivals}: Promised,
  limit = MAX_MORE_RUNS,
): number | undefined {
  if (rates.base === rates.patched) return undefined;
  const pilots = byMargin(first, rates, (base, patched) => base !== patched);
  // As often as that it is looked at twice, and no number of repeats makes it more.
  if (chanceOf(pilots) < power) return undefined;
  const from = fewest(rates, first);
  for (let more = 1; more <= limit; more += Math.max(1, Math.floor(more / 12))) {
    if (more < from) continue;
    const level = (looksOf(more).at(-1)?.share ?? 1) * alpha;
    // As `levelsOf` asks it of one among so many.
    if (chanceToClaim(pilots, byMargin(more, rates), first, more, (level * (1 - level)) / rivals) >= power) return more;
  }
  return undefined;
}

/** Attempts a side that see a bug of this rate where base never fails: what `--see` stands for. */
export interface Sight {
  runs: number;
  maxRuns: number;
}

/** Rounds of repeats that `toSee` looks up to: one in a hundred wants 1059. */
const MAX_REPEATS_TO_SEE = 4000;

/** @param rate above 0 and below 1. Undefined: no number of attempts up to some thousand is enough. */
export function toSee(rate: number, {alpha, power}: Pick<Design, 'alpha' | 'power'>): Sight | undefined {
  const runs = firstRuns(rate, power);
  const repeats = repeatsToPromise({base: 0, patched: rate}, runs, {alpha, power, rivals: 1}, MAX_REPEATS_TO_SEE);
  return repeats === undefined ? undefined : {runs, maxRuns: runs + repeats};
}

/** (z(0.975) + z(0.9))²: what one look at a level of 0.05 asks of a normal law for a chance of 0.9. */
const ROUGHLY = 10.5;

/** Fewer are not tried: the last look has a third of alpha and two strata, so it never wants fewer than this. */
function fewest({base, patched}: Rates, first: number): number {
  const variance = base * (1 - base) + patched * (1 - patched);
  return Math.max(1, Math.floor((ROUGHLY * variance) / (base - patched) ** 2) - first);
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

/** By failures of both sides together: their chance, and that of each number of them on the patched side. */
type ByMargin = ReadonlyMap<number, {chance: number; patched: [failed: number, chance: number][]}>;
/** Margins that are rarer than this together are left out: the chance is a little more than is said. */
const RARE = 1e-7;

function byMargin(runs: number, rates: Rates, counts = (_base: number, _patched: number): boolean => true): ByMargin {
  const all = new Map<number, {chance: number; patched: [number, number][]}>();
  for (const [base, chanceOfBase] of binomial(runs, rates.base)) {
    for (const [patched, chanceOfPatched] of binomial(runs, rates.patched)) {
      if (!counts(base, patched)) continue;
      const same = all.get(base + patched) ?? {chance: 0, patched: []};
      const chance = chanceOfBase * chanceOfPatched;
      same.chance += chance;
      same.patched.push([patched, chance]);
      all.set(base + patched, same);
    }
  }
  return all;
}

const chanceOf = (all: ByMargin): number => [...all.values()].reduce((sum, {chance}) => sum + chance, 0);

/** The chance that p is at most a level. That the claim is of the wrong direction is so rare that it is not looked for. */
function chanceToClaim(pilots: ByMargin, repeats: ByMargin, first: number, more: number, level: number): number {
  let sum = 0;
  for (const [early, pilot] of pilots) {
    for (const [late, repeated] of repeats) {
      if (pilot.chance * repeated.chance < RARE) continue;
      const p = pByFailures([stratumOf(early, first), stratumOf(late, more)]);
      for (const [a, chanceOfA] of pilot.patched) {
        for (const [c, chanceOfC] of repeated.patched) if (p(a + c) <= level) sum += chanceOfA * chanceOfC;
      }
    }
  }
  return sum;
}

/** Any stratum with these margins. */
function stratumOf(failures: number, runs: number): Stratum {
  const base = Math.min(failures, runs);
  const patched = failures - base;
  return {base: {failed: base, passed: runs - base}, patched: {failed: patched, passed: runs - patched}};
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
