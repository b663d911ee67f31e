// SPDX-License-Identifier: MIT
import {endedFromOutside, wholeOf} from './exit.js';
import type {Claim} from './node.js';
import type {Status, SubtestResult, TestExit} from './result.js';
import {isFailure} from './severity.js';

/** What the output itself says about the test as a whole. */
export interface WholeClaims {
  bail?: Claim | undefined;
  /** It counted more failures on the outermost level than it printed there. */
  counted?: Claim | undefined;
  /** `1..0 # SKIP why` on the outermost level, or the skip with which the program ended. */
  skipAll?: string | undefined;
  /** The limit on results was passed. */
  tooMany?: number | undefined;
  /** The last diagnostic line. */
  said?: string | undefined;
  /** The line that last ended a document. */
  lastEnd?: readonly number[];
}

/**
 * The result of the test as a whole, where output or exit say more than the results do. First that applies: it was
 * ended from outside, it bailed out, too many results, it counted failures that it did not print, all of it was skipped,
 * the exit.
 */
export function wholeResult(
  exit: TestExit,
  results: readonly SubtestResult[],
  claims: WholeClaims,
): SubtestResult | undefined {
  const {bail, counted, skipAll, tooMany, said} = claims;
  const failing = (claim: Claim, others: WholeClaims): SubtestResult => {
    const otherwise = wholeResult(exit, results, others);
    const failsAnyway = otherwise !== undefined && isFailure(otherwise.status);
    return {...whole('fail', claim.words), lines: failsAnyway ? [] : claim.lines};
  };
  if (bail !== undefined && endedFromOutside(exit) === undefined) return failing(bail, {...claims, bail: undefined});
  if (tooMany !== undefined && endedFromOutside(exit) === undefined) {
    return whole('error', `more than ${tooMany} results: the rest was not read`);
  }
  if (counted !== undefined && endedFromOutside(exit) === undefined) {
    return failing(counted, {...claims, counted: undefined});
  }
  const skips = results.length === 0 ? exit.code === 0 || exit.code === 4 : exit.code === 4;
  if (skipAll !== undefined && skips && !results.some(({status}) => isFailure(status))) return whole('skip', skipAll);
  const byExit = wholeOf(exit, results, said);
  // Without one result: what that line ended might have held some.
  if (byExit?.status === 'missing') return {...byExit, lines: claims.lastEnd ?? []};
  return byExit;
}

function whole(status: Status, reason: string): SubtestResult {
  return {path: [], status, reason, diagnostics: []};
}
