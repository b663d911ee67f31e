// SPDX-License-Identifier: MIT
import type {Comparison} from './results.js';

/**
 * `3/4`: in so many of the attempts that had a word on it a result came. What was promised only did not come, but in the
 * row of a number that never has one: that is about the promise.
 */
export function cameOf(row: Comparison, side: 'base' | 'patched'): string {
  const {pass, fail, skip, timeout, crash, missing, absent = 0} = row[side];
  const isPromise = row.unnamed === true && row.changingName === undefined;
  const times = pass + fail + skip + timeout + crash + (isPromise ? missing : 0);
  return `${times}/${times + absent + (isPromise ? 0 : missing)}`;
}
