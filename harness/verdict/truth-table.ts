// SPDX-License-Identifier: MIT
/** Does the judging hold what it states? Runs with known rates, a cell of the table each. */
import {type Design, firstRuns} from './design.js';
import {firstToPromise, type Rates, repeatsToPromise} from './promise.js';
import {createRandom} from './random.js';
import {type Rate, rateOf} from './rate.js';
import {type Simulated, simulateRun} from './simulate.js';

export const RATES = [0, 0.01, 0.1, 0.5, 1] as const;
export const SUBTESTS = 500;
/** First attempts, and attempts at most: few first ones fall evenly most often, many looks are many chances to be fooled. */
export const DESIGNS: readonly (readonly [first: number, maxRuns: number])[] = [
  [2, 4],
  [2, 6],
  [2, 20],
  [3, 12],
  [5, 60],
  [29, 100],
];
/** At which those are tried on two sides that are the same: where a claim too many shows most. */
export const DESIGN_RATE = 0.3;
/** A promise of more repeats than this is none that anybody would take. */
const MOST_REPEATS = 5000;

export interface Cell {
  rates: Rates;
  /** First attempts a side. */
  first: number;
  /** Of the most often repeated; undefined: no promise is made for so small a difference. */
  repeats: number | undefined;
}

export interface CellResult extends Cell {
  runs: number;
  /** Runs with a claim about one that is the same on both sides, or with one of the wrong direction. */
  alarms: Rate;
  /** Runs in which the one that changed was claimed; absent where nothing changed. */
  found?: Rate;
  /** Mean share of false claims among a run's claims. */
  falseShare: number;
  /** Mean repeats of a run, both sides and all subtests together. */
  meanRepeats: number;
}

export const TRUTH_TABLE_SCHEMA = 'kverdict/truth-table/1';

export interface TruthTable {
  schema: typeof TRUTH_TABLE_SCHEMA;
  kverdict: string;
  alpha: number;
  power: number;
  maxRuns: number;
  runs: number;
  seed: number;
  cells: CellResult[];
}

/**
 * The same rate on both sides: once as tests that are run once, once as racy ones. Different rates: one subtest of 500 has
 * changed, and the others fail as often as base does on both sides; it gets the runs that are promised for it. Then the
 * same rate again, under designs that a user may ask for.
 */
export function cellsOf({alpha, power, maxRuns}: Pick<Design, 'alpha' | 'power' | 'maxRuns'>): Cell[] {
  const same = RATES.flatMap((rate) =>
    [1, firstRuns(0.5, power)].map((first) => ({rates: {base: rate, patched: rate}, first, repeats: maxRuns - first})),
  );
  const different = RATES.flatMap((base) =>
    RATES.filter((patched) => patched !== base).map((patched) => {
      const rates = {base, patched};
      const first = firstToPromise(rates, power);
      // Neighbours that never or always fail have nothing to claim.
      const rivals = base > 0 && base < 1 ? SUBTESTS : 1;
      const repeats =
        first === undefined ? undefined : repeatsToPromise(rates, first, {alpha, power, rivals}, MOST_REPEATS);
      return {rates, first: first ?? 1, repeats};
    }),
  );
  const designs = DESIGNS.map(([first, most]) => ({
    ...{rates: {base: DESIGN_RATE, patched: DESIGN_RATE}, first, repeats: most - first},
  }));
  return [...same, ...different, ...designs];
}

export function simulateCell(
  cell: Cell,
  {alpha, power}: Pick<Design, 'alpha' | 'power'>,
  runs: number,
  seed: number,
): CellResult {
  const {rates, first, repeats = 0} = cell;
  const random = createRandom(seed);
  const design: Design = {alpha, power, maxRuns: first + repeats, maxRepeats: repeats};
  const changed = rates.base === rates.patched ? 0 : 1;
  const plan: Simulated = {subtests: SUBTESTS, changed, rates, first, design};
  let [alarms, found, falseShare, repeated] = [0, 0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const seen = simulateRun(plan, random);
    if (seen.wrong > 0) alarms++;
    found += seen.found;
    falseShare += seen.wrong === 0 ? 0 : seen.wrong / (seen.wrong + seen.found);
    repeated += seen.repeats;
  }
  return {
    ...cell,
    ...{runs, alarms: rateOf(alarms, runs), falseShare: falseShare / runs, meanRepeats: repeated / runs},
    ...(changed === 0 ? {} : {found: rateOf(found, runs)}),
  };
}

/** What a cell states, and does not hold, beyond what chance explains; undefined: it holds. */
export function brokenPromise(
  {rates, runs, repeats, alarms, found, falseShare}: CellResult,
  {alpha, power}: Pick<Design, 'alpha' | 'power'>,
): string | undefined {
  const of = `base ${rates.base}, patched ${rates.patched}`;
  if (found === undefined)
    return alarms.low > alpha ? `${of}: false alarms in ${alarms.rate} of the runs, above ${alpha}` : undefined;
  const chance = 2 * Math.sqrt((falseShare * (1 - falseShare)) / runs);
  if (falseShare - chance > alpha) return `${of}: ${falseShare} of the claims are false, above ${alpha}`;
  return repeats !== undefined && found.high < power
    ? `${of}: found in ${found.rate} of the runs, below ${power}`
    : undefined;
}
