// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';

/** A kernel that did not boot this often on a profile is not tried again in this run: each try costs a deadline. */
const BOOT_TRIES = 2;

/** What became of the guests of one profile so far. */
export interface Tries {
  /** How many were started. */
  begun(side: Side): number;
  /** How many of them never became ready. */
  refused(side: Side): number;
}

/**
 * Whether a side's next guest need not be started. Where one side does not boot there is nothing to compare, so the other
 * one need not run either, once a guest of it was started: only that tells whether the series is to blame. The order of
 * the guests is drawn, so the side that does not boot may well have all of its tries first.
 */
export function isGivenUp(tries: Tries, side: Side): boolean {
  const dead = (['base', 'patched'] as const).some((one) => tries.refused(one) >= BOOT_TRIES);
  return dead && tries.begun(side) > 0;
}
