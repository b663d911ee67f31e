// SPDX-License-Identifier: MIT
import {messageOf} from '../../../lib/errors.js';
import {bridge} from './bridge.js';
import {Dice, type Fuzzer} from './dice.js';
import {git} from './git.js';
import {intake} from './intake.js';
import {qmp} from './qmp.js';

export const FUZZERS: readonly Fuzzer[] = [intake, qmp, bridge, git];

export interface Ended {
  cases: number;
  seconds: number;
  /** Of the whole process, so far. */
  peakMiB: number;
  /** What does not hold, with the numbers that make the case again. */
  failure?: string;
}

/** So many cases of a reader; ends at the first that does not hold. */
export async function fuzzReader(fuzzer: Fuzzer, seed: number, cases: number, first = 0): Promise<Ended> {
  const started = performance.now();
  const {one, end} = fuzzer.begin();
  let failure: string | undefined;
  let at = first;
  for (; at < first + cases && failure === undefined; at++) {
    try {
      const done = one(new Dice(seed, at));
      if (done !== undefined) await done;
    } catch (error) {
      failure = `${fuzzer.name}, seed ${seed}, case ${at}: ${error instanceof Error ? error.stack : messageOf(error)}`;
    }
  }
  try {
    end();
  } catch (error) {
    failure ??= `${fuzzer.name}, seed ${seed}: ${messageOf(error)}`;
  }
  return {
    cases: at - first,
    seconds: (performance.now() - started) / 1000,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    ...(failure === undefined ? {} : {failure}),
  };
}
