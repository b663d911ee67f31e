// SPDX-License-Identifier: MIT
import {type Changed, changeOf} from './change.js';
import type {Facts} from './facts.js';
import type {Change} from './results.js';
import {countsOf} from './tally.js';

/** Whatever is bad: none of these is said of results that cannot be compared one by one. */
const BAD: readonly Change[] = ['regressed', 'gone', 'skip-regressed'];

/**
 * The same of results whose names change from run to run, taken together: what would be bad is `inconclusive`, as is a
 * failure that only the patched side has, and none of it is open, as further runs bring further names.
 */
export function withoutComparing(facts: Facts): Changed {
  const {change, reason = '', about} = changeOf(facts);
  const [b, p] = [countsOf(facts.base), countsOf(facts.patched)];
  const isBad = BAD.includes(change) || (change === 'new' && p.failed > 0);
  const isQuiet = !isBad && p.failed === 0 && b.failed === 0;
  const why = 'the names change from run to run, so that these results cannot be compared one by one';
  return {
    change:
      isBad && !facts.single ? 'inconclusive' : isQuiet && change !== 'new' && !facts.single ? 'unchanged' : change,
    reason: [why, isQuiet ? '' : reason].filter(Boolean).join(': '),
    ...(about === undefined ? {} : {about}),
  };
}
