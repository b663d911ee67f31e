// SPDX-License-Identifier: MIT
import type {Attempt} from '../suite/attempt.js';
import {nameAlike} from './changing-names.js';
import {nameStandIns} from './stand-ins.js';

/** Attempts that are compared with others, but are none of them, under the names that `compareAttempts` gives to those. */
export function underTheirNames(attempts: readonly Attempt[], compared: readonly Attempt[]): Attempt[] {
  return attempts.map((one) => {
    const {profile, suite, test} = one;
    const others = compared.filter((it) => it.profile === profile && it.suite === suite && it.test === test);
    const placed = nameStandIns([...others, one]).at(-1) ?? one;
    return nameAlike(nameStandIns(others)).rename(placed);
  });
}
