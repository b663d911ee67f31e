// SPDX-License-Identifier: MIT
import type {Tally} from './results.js';
import type {Stratum} from './statistics.js';
import {type Judged, slotIn} from './tally.js';

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

type Slot = keyof Tally | undefined;

/** What an attempt answers; undefined: it has no word on that. A skip is no run, so it is not asked whether it failed. */
const ANSWERS: Readonly<Record<Kind, (slot: Slot) => boolean | undefined>> = {
  failures: (slot) => (slot === undefined || slot === 'skip' ? undefined : slot !== 'pass'),
  losses: (slot) => slot === undefined || slot === 'skip',
  absences: (slot) => slot === undefined,
};

/** All that is asked about one key. Without skips losses and absences are one pattern, and then count once. */
export function questionsOf(key: string, base: readonly Judged[], patched: readonly Judged[]): Question[] {
  const slots = {base: slotsOf(base, key), patched: slotsOf(patched, key)};
  return (Object.keys(ANSWERS) as Kind[]).map((kind) => {
    const strata: Stratum[] = [emptyStratum(), emptyStratum()];
    let pattern = '';
    for (const side of ['base', 'patched'] as const) {
      for (const {slot, stratum} of slots[side]) {
        const yes = ANSWERS[kind](slot);
        pattern += yes === undefined ? '-' : yes ? '1' : '0';
        const counts = strata[stratum]?.[side];
        if (counts !== undefined && yes !== undefined) counts[yes ? 'failed' : 'passed']++;
      }
      pattern += '|';
    }
    return {key, kind, strata, pattern};
  });
}

function slotsOf(side: readonly Judged[], key: string): {slot: Slot; stratum: 0 | 1}[] {
  const known = side.some(({outcomes}) => outcomes.has(key));
  return side.map((one) => ({slot: slotIn(one, key, known), stratum: one.attempt.repeat === undefined ? 0 : 1}));
}

const emptyStratum = (): Stratum => ({base: {failed: 0, passed: 0}, patched: {failed: 0, passed: 0}});
