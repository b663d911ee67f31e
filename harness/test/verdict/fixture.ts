// SPDX-License-Identifier: MIT

import type {Splat} from '../../klog/splat.js';
import {createKtapReader} from '../../ktap/parse.js';
import type {SubtestResult} from '../../ktap/result.js';
import type {Attempt, KernelSeen} from '../../suite/attempt.js';

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
        ...(/(?:^|\/)missing #\d+$/.test(name) ? {standIn: 'promised' as const} : {}),
      })),
      problems: [],
    },
    seconds: 2,
    guest: 'g1',
    ...more,
  };
}

/** An attempt whose output is read as KTAP, `|` for a newline. */
export function printed(side: Attempt['side'], output: string, more: Partial<Attempt> = {}): Attempt {
  const reader = createKtapReader();
  for (const line of output.split('|')) reader.line(line);
  const {exit = {code: 0}} = more;
  return attempt(side, {}, {...more, exit, report: reader.end(exit)});
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

/** A report of the kernel, in few words. */
export function splat(words: Pick<Splat, 'kind' | 'title'> & Partial<Splat>): Splat {
  return {identity: words.title, line: 1, lastLine: 2, frames: [], times: 1, report: [words.title], ...words};
}

/** What a watch gives for these. */
export function seen(...splats: Parameters<typeof splat>[0][]): KernelSeen {
  return {splats: splats.map(splat), allowed: [], taint: {before: 0, after: 0, fresh: []}};
}
