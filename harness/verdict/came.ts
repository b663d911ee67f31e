// SPDX-License-Identifier: MIT
import type {Comparison, Tally} from './results.js';

/** In how many of the attempts that had a word on it a result came. */
export interface Came {
  times: number;
  of: number;
}

/**
 * @param isPromise the row is about a number that never has a result: what was promised came. Of all others it did not.
 */
export function cameIn({pass, fail, skip, timeout, crash, missing, absent = 0}: Tally, isPromise = false): Came {
  const times = pass + fail + skip + timeout + crash + (isPromise ? missing : 0);
  return {times, of: times + absent + (isPromise ? 0 : missing)};
}

export function cameCounts(row: Comparison, side: 'base' | 'patched'): Came {
  return cameIn(row[side], row.unnamed === true && row.changingName === undefined);
}

/** `3/4` */
export function cameOf(row: Comparison, side: 'base' | 'patched'): string {
  const {times, of} = cameCounts(row, side);
  return `${times}/${of}`;
}

/** It came in some attempts and was absent from others that ran to their end. */
export const comesAtTimes = (tally: Tally): boolean => (tally.absent ?? 0) > 0 && cameIn(tally).times > 0;

/** `came in 3 of 5`, where it comes at times; else empty. */
export function cameWords(tally: Tally): string {
  if (!comesAtTimes(tally)) return '';
  const {times, of} = cameIn(tally);
  return `came in ${times} of ${of}`;
}
