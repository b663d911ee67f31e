// SPDX-License-Identifier: MIT
/** `itself.json`: a kernel compared with itself, and how often that was called a change. Pure but for the types. */
import type {Attempt} from '../suite/attempt.js';
import type {Design} from './design.js';
import {createRandom} from './random.js';
import {type Rate, rateOf} from './rate.js';
import {resampleRun} from './resample.js';
import type {Change, Comparison, Results, Verdict} from './results.js';
import {countsOf} from './tally.js';

export const ITSELF_SCHEMA = 'kverdict/itself/1';

/** Changes that say "it differs", for the worse or the better (`new`: when it fails): of a kernel and itself, each is false. */
export const CLAIMS: readonly Change[] = ['regressed', 'fixed', 'less-often', 'gone', 'skip-regressed', 'new'];

export interface ItselfRun {
  verdict: Verdict;
  because: string;
  /** Subtests that were called changed. */
  claims: {profile: string; suite: string; test: string; change: Change; reason?: string}[];
  /** Subtests that were compared. */
  compared: number;
  /** Attempts on both sides together, repeats included. */
  attempts: number;
  repeats: number;
  seconds: number;
  /** Folder of the run, below that of itself.json; absent when an earlier one brought it. */
  folder?: string;
}

/** What every report of a `selfcheck` begins with. */
export interface CheckHead {
  kverdict: string;
  command: string;
  /** ISO 8601, UTC. */
  started: string;
  seconds: number;
  /** false: it was ended before all of it had its turn. */
  complete: boolean;
  tree: {origin: string; commit: string; kernelVersion: string};
}

export interface ItselfReport extends CheckHead {
  schema: typeof ITSELF_SCHEMA;
  machines: string[];
  design: Design;
  runs: ItselfRun[];
  /** Of the runs in which anything was compared. */
  falseAlarms: Rate;
  resampled?: Rate & {seed: number};
}

export const claimsOf = (comparisons: readonly Comparison[]): ItselfRun['claims'] =>
  comparisons
    .filter(({change, patched}) => CLAIMS.includes(change) && (change !== 'new' || countsOf(patched).failed > 0))
    .map(({profile, suite, test, change, reason}) => ({
      ...{profile, suite, test, change},
      ...(reason === undefined ? {} : {reason}),
    }));

export function itselfRun(results: Results, attempts: readonly Attempt[], folder: string): ItselfRun {
  return {
    verdict: results.verdict,
    because: results.because,
    claims: claimsOf(results.comparisons),
    compared: results.comparisons.filter(({pValue}) => pValue !== null).length,
    attempts: attempts.length,
    repeats: attempts.filter(({repeat}) => repeat !== undefined).length,
    seconds: results.seconds,
    folder,
  };
}

/** A verdict `bad` with no claim (a guest that did not boot) is a false alarm, too. A run that compared nothing is none. */
export function falseAlarmsOf(runs: readonly ItselfRun[]): Rate {
  const told = runs.filter(({compared}) => compared > 0);
  return rateOf(told.filter(isFalseAlarm).length, told.length);
}

export const isFalseAlarm = ({claims, verdict}: ItselfRun): boolean => claims.length > 0 || verdict === 'bad';

/** So many runs, drawn anew from what was recorded. */
export function resample(
  recorded: readonly Attempt[],
  design: Design,
  times: number,
  seed: number,
): NonNullable<ItselfReport['resampled']> {
  const random = createRandom(seed);
  let alarms = 0;
  for (let run = 0; run < times; run++) {
    if (claimsOf(resampleRun(recorded, design, random)).length > 0) alarms++;
  }
  return {...rateOf(alarms, times), seed};
}

export type ItselfVerdict = 'passed' | 'failed' | 'cannot-tell';

/**
 * Fails closed: more false alarms than alpha explains are a failure (the interval lies above it), and too few runs, or
 * runs that compared nothing, no proof.
 */
export function itselfVerdict({complete, runs, falseAlarms, resampled, design}: ItselfReport): ItselfVerdict {
  if ([falseAlarms, ...(resampled === undefined ? [] : [resampled])].some(({low}) => low > design.alpha))
    return 'failed';
  return complete && runs.length > 0 && falseAlarms.of === runs.length ? 'passed' : 'cannot-tell';
}
