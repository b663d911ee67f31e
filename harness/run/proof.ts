// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';
import {DEFAULT_ALPHA, DEFAULT_MAX_RUNS, DEFAULT_POWER} from '../verdict/design.js';
import {toSee} from '../verdict/promise.js';
import type {Request} from './request.js';

/** How much proof was asked for, as options and configurations have it. */
export interface ProofWords {
  /** A rate that is to be seen: stands for `runs` and `maxRuns`. */
  see?: number | undefined;
  runs?: number | undefined;
  maxRuns?: number | undefined;
  alpha?: number | undefined;
  power?: number | undefined;
}

/** With `see` what it stands for is not looked at. @throws UserError when a race of that rate wants too many attempts */
export function proofOf({
  see,
  runs,
  maxRuns,
  alpha = DEFAULT_ALPHA,
  power = DEFAULT_POWER,
}: ProofWords): Pick<Request, 'alpha' | 'power' | 'runs' | 'maxRuns'> {
  if (see === undefined) {
    const most = Math.max(maxRuns ?? DEFAULT_MAX_RUNS, runs ?? 1);
    return {alpha, power, maxRuns: most, ...(runs === undefined ? {} : {runs})};
  }
  const sight = toSee(see, {alpha, power});
  if (sight === undefined) throw new UserError(`A race of a rate of ${see} wants more attempts than a run can make`);
  return {alpha, power, ...sight};
}
