// SPDX-License-Identifier: MIT
/** From a comparison to a row of the history. Pure. */
import type {Comparison, Tally} from '../verdict/results.js';
import type {OutcomeTable, SideColumns, State} from './tables.js';

/** A letter an attempt, in the order of the columns: what `Comparison.outcomes` would hold. */
const LETTERS: readonly (readonly [keyof Tally, string])[] = [
  ['pass', 'p'],
  ['fail', 'f'],
  ['skip', 's'],
  ['timeout', 't'],
  ['crash', 'c'],
  ['missing', 'm'],
  ['absent', 'a'],
];

/** Absence has no column: attempts without it are counted by their letters. */
export const absentIn = (letters: string): number => [...letters].filter((letter) => letter === 'a').length;

export function outcomeRow({
  change,
  pValue,
  adjusted,
  reason,
  follows,
  base,
  patched,
  outcomes,
}: Comparison): Omit<OutcomeTable, 'run_id' | 'test_id'> {
  const before = sideColumns(base, outcomes?.base);
  return {
    ...{change, p_value: pValue, adjusted, reason: reason ?? null, follows: follows ?? null},
    ...sideColumns(patched, outcomes?.patched),
    ...{base_pass: before.pass, base_fail: before.fail, base_skip: before.skip},
    ...{base_timeout: before.timeout, base_crash: before.crash, base_missing: before.missing},
    ...{base_letters: before.letters, base_state: before.state},
  };
}

function sideColumns(tally: Tally, known = ''): SideColumns {
  const {pass, fail, skip, timeout, crash, missing} = tally;
  const letters = known === '' ? LETTERS.map(([slot, letter]) => letter.repeat(tally[slot] ?? 0)).join('') : known;
  return {pass, fail, skip, timeout, crash, missing, letters, state: stateOf(tally)};
}

/** One word for a side. A skip beside a result is not a difference: nothing was seen. */
export function stateOf({pass, fail, skip, timeout, crash, missing}: Tally): State {
  const failed = fail + timeout + crash + missing;
  if (pass > 0 && failed > 0) return 'mixed';
  if (failed > 0) return 'fail';
  if (pass > 0) return 'pass';
  return skip > 0 ? 'skip' : 'none';
}
