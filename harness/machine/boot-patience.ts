// SPDX-License-Identifier: MIT
/** Whether to go on waiting for a kernel that boots; and when not, whose fault that is. Pure. */
import {PATIENCE} from './host-clock.js';

/** A boot, seen from outside. All in seconds. */
export interface BootState {
  /** On the wall. */
  wall: number;
  /** Of it, what the host gave. */
  given: number;
  /** In given time. */
  limit: number;
  /** Given time at which the last line came that was not there before; 0: none came. */
  lastLine: number;
}

/**
 * `stuck`: it had its time and printed nothing new in it: the kernel's. `still-printing`: it had its time several times
 * over and still gets on; `starved`: it never got its time: both the host's.
 */
export type BootEnd = 'stuck' | 'still-printing' | 'starved';

/** Each new line renews the limit, up to so many of them: a guest that prints for ever ends there. */
export const EXTENSION = 4;

/** Undefined: wait on. */
export function endOfBoot({wall, given, limit, lastLine}: BootState): BootEnd | undefined {
  if (given - lastLine >= limit) return 'stuck';
  if (given >= limit * EXTENSION) return 'still-printing';
  if (wall >= limit * PATIENCE) return given < limit ? 'starved' : 'still-printing';
  return undefined;
}
