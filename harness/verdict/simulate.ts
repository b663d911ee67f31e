// SPDX-License-Identifier: MIT
/**
 * Runs with known failure rates, judged by what judges real ones: `look` and `levelsOf` for the claims, `looksOf` for the
 * looks, the rules of `change.ts` for what is repeated. Only attempts are made up.
 */
import {changeOf} from './change.js';
import {type Design, looksOf} from './design.js';
import {type Evidence, look, NO_EVIDENCE, type Open} from './evidence.js';
import type {Facts} from './facts.js';
import type {Rates} from './promise.js';
import type {Random} from './random.js';

import {binomialChance, type Counts, type Stratum} from './statistics.js';
import {emptyTally} from './tally.js';

export interface Simulated {
  /** Subtests, each a test of its own. */
  subtests: number;
  /** So many of them, the first ones, fail at the two rates; all others fail at base's rate on both sides. */
  changed: number;
  rates: Rates;
  /** First attempts a side. */
  first: number;
  design: Design;
}

export interface SimulatedRun {
  /** Claims about subtests that are the same on both sides, or of the wrong direction. */
  wrong: number;
  /** How many of the changed ones were claimed. */
  found: number;
  /** Attempts on both sides together, beyond the first ones. */
  repeats: number;
}

/** One subtest under way. */
interface Subtest extends Open {
  rates: Rates;
  strata: [Stratum, Stratum];
  evidence: Evidence;
}

export function simulateRun(plan: Simulated, random: Random): SimulatedRun {
  const {first, design} = plan;
  const subtests = firstAttempts(plan, random);
  const looks = looksOf(design.maxRepeats);
  let [done, repeated] = [0, 0];
  let open: Subtest[] = [];
  for (const {repeats, share} of looks) {
    const more = Math.min(repeats, design.maxRuns - first) - done;
    for (const {strata, rates} of more > 0 ? open : []) {
      add(strata[1].base, more, rates.base, random);
      add(strata[1].patched, more, rates.patched, random);
      repeated += 2 * more;
    }
    done = Math.max(done, repeats);
    look(subtests, share, design.alpha, share * design.alpha);
    open = (repeats === 0 ? subtests : open).filter(isOpen);
    if (open.length === 0) break;
  }
  const claimed = subtests.filter(({evidence}) => evidence.claim !== undefined);
  const right = claimed.filter(({rates, evidence}) => rates.patched > rates.base === (evidence.claim === 'more'));
  const found = right.filter(({rates}) => rates.patched !== rates.base).length;
  return {wrong: claimed.length - found, found, repeats: repeated};
}

/** Those that failed at least once; the others, drawn all the same, are equal on both sides and have nothing to claim. */
function firstAttempts({subtests, changed, rates, first}: Simulated, random: Random): Subtest[] {
  const all: Subtest[] = [];
  for (let index = 0; index < subtests; index++) {
    const own = index < changed ? rates : {base: rates.base, patched: rates.base};
    const strata: [Stratum, Stratum] = [none(), none()];
    add(strata[0].base, first, own.base, random);
    add(strata[0].patched, first, own.patched, random);
    if (strata[0].base.failed + strata[0].patched.failed === 0) continue;
    all.push({strata, rates: own, evidence: {p: null, adjusted: 1, strata}});
  }
  return all;
}

function isOpen({strata, evidence}: Subtest): boolean {
  if (evidence.claim !== undefined) return false;
  const tally = (side: keyof Stratum): Facts['base'] => ({
    ...emptyTally(),
    pass: strata[0][side].passed + strata[1][side].passed,
    fail: strata[0][side].failed + strata[1][side].failed,
  });
  const counted = {baseRuns: 1, patchedRuns: 1, single: false};
  const facts = {base: tally('base'), patched: tally('patched'), ...counted, ...NO_EVIDENCE, failures: evidence};
  return changeOf(facts).open !== undefined;
}

const none = (): Stratum => ({base: {failed: 0, passed: 0}, patched: {failed: 0, passed: 0}});

function add(counts: Counts, runs: number, rate: number, random: Random): void {
  const failed = drawBinomial(runs, rate, random);
  counts.failed += failed;
  counts.passed += runs - failed;
}

const SUMS = new Map<string, number[]>();

/** How many of `runs` fail: by inversion, from the sums of the law. */
function drawBinomial(runs: number, rate: number, random: Random): number {
  if (rate <= 0) return 0;
  if (rate >= 1) return runs;
  const key = `${runs} ${rate}`;
  let sums = SUMS.get(key);
  if (sums === undefined) {
    let sum = 0;
    sums = Array.from({length: runs + 1}, (_, k) => {
      sum += binomialChance(k, runs, rate);
      return sum;
    });
    SUMS.set(key, sums);
  }
  const drawn = random();
  let failed = 0;
  while (failed < runs && drawn >= (sums[failed] ?? 1)) failed++;
  return failed;
}
