// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';
import type {GuestRecord} from '../verdict/results.js';

/** A kernel that never booted in so many tries on a profile is not tried again in this run: each costs a deadline. */
const BOOT_TRIES = 2;
/** One that boots at times has so many, and then as long as it boots more often than not. */
const LOOSE_TRIES = 5;

/** What became of the guests of one profile so far. */
export interface Tries {
  /** How many were started. */
  begun(side: Side): number;
  /** How many of them never became ready. */
  refused(side: Side): number;
}

/**
 * From the guests' records: who has somebody to blame never became ready. What goes wrong in a guest that was ready is no
 * failed boot.
 */
export function triesIn(
  guests: readonly Pick<GuestRecord, 'profile' | 'side' | 'blame'>[],
  profile: string,
  nameOf: (side: Side) => GuestRecord['side'],
): Tries {
  const of = (side: Side) => guests.filter((one) => one.profile === profile && one.side === nameOf(side));
  return {
    begun: (side) => of(side).length,
    refused: (side) => of(side).filter(({blame}) => blame !== undefined).length,
  };
}

/**
 * Whether a side's next guest need not be started. Where one side does not boot there is nothing to compare, so the other
 * one need not run either, once a guest of it was started: only that tells whether the series is to blame. The order of
 * the guests is drawn, so the side that does not boot may well have all of its tries first.
 */
export function isGivenUp(tries: Tries, side: Side): boolean {
  return tries.begun(side) > 0 && (isDead(tries, 'base') || isDead(tries, 'patched'));
}

function isDead({begun, refused}: Tries, side: Side): boolean {
  const [failed, others] = [refused(side), begun(side) - refused(side)];
  return others > 0 ? failed >= LOOSE_TRIES && failed > others : failed >= BOOT_TRIES;
}

/**
 * Whether a guest that did not come up is tried once more at once: no other one of its side did, and one failure is no
 * proof. A verdict of "does not boot" has two behind it, also where a side has a single guest to start.
 */
export function wantsProof({begun, refused}: Tries, side: Side): boolean {
  return refused(side) < BOOT_TRIES && begun(side) === refused(side);
}
