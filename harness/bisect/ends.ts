// SPDX-License-Identifier: MIT
import {BetaPrior} from './beta.js';
import type {Prior} from './posterior.js';

/** Attempts that say something: with the failure that is looked for, and without any. */
export interface Counts {
  bad: number;
  good: number;
}

export type EndsAnswer =
  /** More attempts at one end. */
  | {more: 'bad' | 'good'; attempts: number}
  /** The ends differ, as surely as was asked for. */
  | {differ: number}
  /** The bad end does not fail, or fails no more often than the good one. */
  | {same: 'never-fails' | 'both-alike'};

/** Three attempts that fail against three that pass are the first to be clear at 99 %. */
const FIRST = 3;
/** Of the attempts so far, for each further round. */
const GROWTH = 0.25;
/** The rate of both ends, if they are alike. */
const COMMON = new BetaPrior(0.5, 0.5);

/**
 * Do the ends differ at all? Two rates against one for both, each as likely before. The bad end goes first: a failure
 * that is not seen there cannot be hunted.
 *
 * @param limit attempts at each end before it gives up
 */
export function judgeEnds(bad: Counts, good: Counts, prior: Prior, confidence: number, limit: number): EndsAnswer {
  const [badRuns, goodRuns] = [bad.bad + bad.good, good.bad + good.good];
  const further = (runs: number): number => Math.min(limit - runs, Math.max(1, Math.ceil(runs * GROWTH)));
  if (badRuns < FIRST) return {more: 'bad', attempts: FIRST - badRuns};
  if (bad.bad === 0) return badRuns < limit ? {more: 'bad', attempts: further(badRuns)} : {same: 'never-fails'};
  if (goodRuns < badRuns) return {more: 'good', attempts: badRuns - goodRuns};
  const sure = probabilityOfTwo(bad, good, prior);
  if (sure >= confidence) return {differ: sure};
  if (sure < 1 - confidence || badRuns >= limit) return {same: 'both-alike'};
  return {more: 'bad', attempts: further(badRuns)};
}

function probabilityOfTwo(bad: Counts, good: Counts, {held, notHeld}: Prior): number {
  const [badRuns, goodRuns] = [bad.bad + bad.good, good.bad + good.good];
  const two = held.logEvidence(bad.bad, badRuns) + notHeld.logEvidence(good.bad, goodRuns);
  const one = COMMON.logEvidence(bad.bad + good.bad, badRuns + goodRuns);
  return 1 / (1 + Math.exp(one - two));
}
