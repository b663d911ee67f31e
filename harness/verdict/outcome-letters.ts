// SPDX-License-Identifier: MIT
import type {Attempt} from '../suite/attempt.js';
import type {Comparison} from './results.js';
import {type Judged, type Slot, slotIn} from './tally.js';

const LETTER: Readonly<Record<Slot, string>> = {
  pass: 'p',
  fail: 'f',
  skip: 's',
  timeout: 't',
  crash: 'c',
  missing: 'm',
  absent: 'a',
};
const NOT_COUNTED = '-';

/** One letter an attempt, as `Comparison.outcomes` has them; nothing when no side has more than one attempt. */
export function outcomesOf(
  key: string,
  group: readonly Attempt[],
  [base, patched]: readonly [readonly Judged[], readonly Judged[]],
  single: boolean,
): Pick<Comparison, 'outcomes'> {
  const sides = {base: single ? [] : of(group, 'base'), patched: single ? group : of(group, 'patched')};
  if (sides.base.length < 2 && sides.patched.length < 2) return {};
  return {outcomes: {base: letters(key, sides.base, base), patched: letters(key, sides.patched, patched)}};
}

const of = (group: readonly Attempt[], side: Attempt['side']): Attempt[] => group.filter((one) => one.side === side);

function letters(key: string, attempts: readonly Attempt[], judged: readonly Judged[]): string {
  return [...attempts]
    .sort((a, b) => a.number - b.number)
    .map((attempt) => {
      const found = judged.find((one) => one.attempt === attempt);
      const slot = found === undefined ? undefined : slotIn(found, key);
      return slot === undefined ? NOT_COUNTED : LETTER[slot];
    })
    .join('');
}
