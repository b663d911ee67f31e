// SPDX-License-Identifier: MIT
import type {Stratum} from './statistics.js';
import {isInherited, isPromiseOnly, type Judged, type Slot, slotIn} from './tally.js';

/** `failures`: it fails. `losses`: it gives no result, or a skip. `absences`: it gives no result, not even a skip. */
export type Kind = 'failures' | 'losses' | 'absences';

/** Something that may happen more often on one side. */
export interface Question {
  key: string;
  kind: Kind;
  /** The first attempts, and those repeated because of them. */
  strata: Stratum[];
  /** Yes, no or no word of every attempt, in order. */
  pattern: string;
}

/** One attempt's word on one key. */
interface Word {
  slot: Slot | undefined;
  /** From the whole, which ended before it. */
  inherited: boolean;
  /** On both sides there is nothing but the promise, which then is what may be there or not. */
  promiseOnly: boolean;
}

const isAbsent = ({slot, promiseOnly}: Word): boolean => slot === 'absent' || (slot === 'missing' && !promiseOnly);

/**
 * What an attempt answers; undefined: it has no word on that. A skip is no run, so it is not asked whether it failed, and
 * neither is what is not there. What was promised and did not come is both a failure and no result. An attempt that ended
 * early says of what it did not reach that it failed or was skipped with the whole, and not that it would have been absent.
 */
const ANSWERS: Readonly<Record<Kind, (word: Word) => boolean | undefined>> = {
  failures: ({slot}) => (slot === undefined || slot === 'skip' || slot === 'absent' ? undefined : slot !== 'pass'),
  losses: (word) => {
    if (word.slot === undefined) return undefined;
    return word.slot === 'skip' || isAbsent(word) || (word.inherited ? undefined : false);
  },
  absences: (word) => (word.slot === undefined || word.inherited ? undefined : isAbsent(word)),
};

/** All that is asked about one key. Without skips losses and absences are one pattern, and then count once. */
export function questionsOf(key: string, base: readonly Judged[], patched: readonly Judged[]): Question[] {
  const promiseOnly = isPromiseOnly(base, patched, key);
  const words = {base: wordsOf(base, key, promiseOnly), patched: wordsOf(patched, key, promiseOnly)};
  return (Object.keys(ANSWERS) as Kind[]).map((kind) => {
    const strata: Stratum[] = [emptyStratum(), emptyStratum()];
    let pattern = '';
    for (const side of ['base', 'patched'] as const) {
      for (const {word, stratum} of words[side]) {
        const yes = ANSWERS[kind](word);
        pattern += yes === undefined ? '-' : yes ? '1' : '0';
        const counts = strata[stratum]?.[side];
        if (counts !== undefined && yes !== undefined) counts[yes ? 'failed' : 'passed']++;
      }
      pattern += '|';
    }
    return {key, kind, strata, pattern};
  });
}

function wordsOf(side: readonly Judged[], key: string, promiseOnly: boolean): {word: Word; stratum: 0 | 1}[] {
  return side.map((one) => ({
    word: {slot: slotIn(one, key), inherited: isInherited(one, key), promiseOnly},
    stratum: one.attempt.repeat === undefined ? 0 : 1,
  }));
}

const emptyStratum = (): Stratum => ({base: {failed: 0, passed: 0}, patched: {failed: 0, passed: 0}});
