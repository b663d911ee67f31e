// SPDX-License-Identifier: MIT
/** The search against histories with a known culprit: how often it is right, and what it costs. */
import {informationBound, type PlainStep, plainStep} from './channel.js';
import {GOOD_END} from './history.js';
import {LinearHistory} from './linear-history.js';
import {createRandom} from './random.js';
import {Search} from './search.js';

export interface Setting {
  size: number;
  /** How often an attempt fails where the culprit is held, and elsewhere. */
  bad: number;
  falseFailures: number;
}

export interface SimulationOptions {
  confidence: number;
  histories: number;
  seed: number;
  /** A build, in attempts. */
  buildCost: number;
}

/** Averages are for one history. */
export interface Measured extends Setting {
  /** Share of histories in which the culprit was found. */
  right: number;
  wrong: number;
  /** Attempts between the ends; with which the ends were verified; kernels that were built between them. */
  attempts: number;
  endAttempts: number;
  builds: number;
  /** Plain repetition: right, and its attempts. */
  plainRight: number;
  plainAttempts: number;
  /** Attempts, by information theory. */
  bound: number;
}

/** Both outcomes are known to be possible, unless nothing is left to chance. */
const isRacy = ({bad, falseFailures}: Setting): boolean => bad < 1 || falseFailures > 0;

/** One setting over many histories; the same seed gives the same figures. */
export function simulate(setting: Setting, options: SimulationOptions): Measured {
  const {size, bad, falseFailures} = setting;
  const random = createRandom(options.seed ^ hash(setting));
  const plain = plainStep(bad, falseFailures, (1 - options.confidence) / Math.max(1, Math.log2(size)));
  const sum = {right: 0, wrong: 0, attempts: 0, endAttempts: 0, builds: 0, plainRight: 0, plainAttempts: 0};
  for (let run = 0; run < options.histories; run++) {
    const culprit = Math.floor(random() * size);
    const fails = (at: number): boolean => random() < (at >= culprit ? bad : falseFailures);
    const one = searchOnce(setting, options, fails);
    sum[one.found === culprit ? 'right' : 'wrong']++;
    sum.attempts += one.attempts;
    sum.endAttempts += one.endAttempts;
    sum.builds += one.builds;
    const other = repeatPlainly(size, plain, fails);
    if (other.found === culprit) sum.plainRight++;
    sum.plainAttempts += other.attempts;
  }
  const bound = informationBound(size, bad, falseFailures, options.confidence);
  const average = Object.entries(sum).map(([name, total]) => [name, total / options.histories]);
  return {...setting, ...(Object.fromEntries(average) as typeof sum), bound};
}

interface Found {
  found: number | undefined;
  attempts: number;
}

function searchOnce(
  setting: Setting,
  {confidence, buildCost}: SimulationOptions,
  fails: (at: number) => boolean,
): Found & {endAttempts: number; builds: number} {
  const search = new Search(new LinearHistory(setting.size), {
    confidence,
    racy: isRacy(setting),
    costs: {build: buildCost, visit: 0.5, attempt: 1},
    endLimit: Number.POSITIVE_INFINITY,
    limit: Number.POSITIVE_INFINITY,
  });
  for (;;) {
    const action = search.next();
    if (action.type === 'end') {
      const {ending} = action;
      const endAttempts = runsAt(search, GOOD_END) + runsAt(search, setting.size - 1);
      return {
        found: ending.how === 'found' && ending.culprits.length === 1 ? ending.culprits[0] : undefined,
        attempts: search.attempts - endAttempts,
        endAttempts,
        builds: search.kernels.size - 2,
      };
    }
    const {at} = action;
    if (action.type === 'prepare') {
      search.apply({type: 'kernel', at, kernel: String(at)});
      continue;
    }
    let bad = 0;
    for (let i = 0; i < action.attempts; i++) if (fails(at)) bad++;
    search.apply({type: 'runs', at, bad, good: action.attempts - bad, mute: 0});
  }
}

function runsAt(search: Search<unknown>, at: number): number {
  const {bad, good} = search.tallies.get(at) ?? {bad: 0, good: 0};
  return bad + good;
}

/** Halving, `runs` attempts a step, no more than it takes to know that step's answer. */
function repeatPlainly(size: number, {runs, fails: limit}: PlainStep, fails: (at: number) => boolean): Found {
  let [low, high, attempts] = [GOOD_END, size - 1, 0];
  while (high - low > 1) {
    const at = (low + high) >> 1;
    let [bad, good] = [0, 0];
    while (bad < limit && good <= runs - limit) {
      if (fails(at)) bad++;
      else good++;
    }
    attempts += bad + good;
    if (bad >= limit) high = at;
    else low = at;
  }
  return {found: high, attempts};
}

function hash({size, bad, falseFailures}: Setting): number {
  return Math.imul(size, 0x01000193) ^ Math.imul(Math.round(bad * 1000), 0x27d4eb2f) ^ Math.round(falseFailures * 1e6);
}
