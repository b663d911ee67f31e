// SPDX-License-Identifier: MIT
import type {SubtestResult} from '../../ktap/result.js';
import type {Attempt} from '../../suite/attempt.js';

/** An attempt in few words: `{side, exit, results: {'sub': 'pass'}}`; the rest is filled in. */
export function attempt(
  side: Attempt['side'],
  results: Record<string, SubtestResult['status']>,
  more: Partial<Attempt> = {},
): Attempt {
  return {
    profile: 'x86_64',
    suite: 's',
    test: 't',
    side,
    number: 1,
    exit: {code: 0},
    report: {
      results: Object.entries(results).map(([name, status]) => ({
        path: name === '' ? [] : name.split('/'),
        status,
        ...(status === 'pass' ? {} : {reason: `${name || 'whole'} ${status}`}),
        diagnostics: [`# about ${name}`],
      })),
      problems: [],
    },
    seconds: 2,
    guest: 'g1',
    ...more,
  };
}

/** The same attempt n times on one side. */
export function times(
  n: number,
  side: Attempt['side'],
  results: Record<string, SubtestResult['status']>,
  more: Partial<Attempt> = {},
): Attempt[] {
  return Array.from({length: n}, (_, index) => attempt(side, results, {...more, number: index + 1}));
}
