// SPDX-License-Identifier: MIT
import type {Attempt} from '../suite/attempt.js';
import {compareAttempts} from './compare.js';
import {type Design, looksOf} from './design.js';
import {testsToRepeat} from './needs-more.js';

/** A test to run again, and how many attempts a side it has. */
export interface Undecided {
  profile: string;
  suite: string;
  test: string;
  attempts: number;
}

/** One further attempt a side of some tests. */
export interface RepeatRound {
  /** 1-based. */
  repeat: number;
  undecided: readonly Undecided[];
}

/**
 * The rounds of repeats, one after the other: whoever asks for the next has added the attempts of the one before. What
 * is open is looked at again at each look of the design, not in between: what may be spent is counted by looks.
 */
export function* roundsOf(attempts: readonly Attempt[], design: Design): Generator<RepeatRound> {
  let done = 0;
  for (const {repeats} of looksOf(design.maxRepeats).slice(1)) {
    const open = testsToRepeat(compareAttempts(attempts, {design, promises: false}));
    for (; done < repeats; done++) {
      const undecided = open
        .map(({profile, suite, test}) => ({profile, suite, test, attempts: countOf(attempts, {profile, suite, test})}))
        .filter(({attempts: made}) => made > 0 && made < design.maxRuns);
      if (undecided.length === 0) return;
      yield {repeat: done + 1, undecided};
    }
  }
}

/** Attempts a side; the side that has more counts. */
export function countOf(attempts: readonly Attempt[], one: Pick<Attempt, 'profile' | 'suite' | 'test'>): number {
  let most = 0;
  for (const {profile, suite, test, number} of attempts) {
    if (profile === one.profile && suite === one.suite && test === one.test) most = Math.max(most, number);
  }
  return most;
}
