// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';
import type {Excuse} from '../klog/policy.js';
import type {Splat} from '../klog/splat.js';
import type {Attempt} from '../suite/attempt.js';

/** One report of a kernel about itself, as it was first seen on one side of a profile. */
export interface SplatRecord {
  profile: string;
  side: Side | 'only';
  suite: string;
  /** `[boot]`: before the first test. */
  test: string;
  kind: string;
  title: string;
  /** What makes it the same one elsewhere: title and functions. Lists of allowed ones look in it. */
  identity: string;
  /** How often it was printed on this side of the profile, in how many attempts. */
  times: number;
  attempts: number;
  corrupted?: string;
  fatal?: true;
  /** The entry of a list that allows it. */
  allowed?: {reason: string; link: string; expires: string};
  console?: string;
  /** In the console, or in dmesg when a test had told the console to be quiet. */
  lines: [first: number, last: number];
  frames: SplatFrame[];
  /** The report's own lines, its first 120. */
  report: string[];
}

export interface SplatFrame {
  name: string;
  offset: number;
  module?: string;
  /** `mm/gup.c:904`, innermost inlined function first; absent without debug information. */
  at?: string[];
}

/** Identities kept for `results.json`; the consoles have all. */
const MAX_RECORDS = 500;

/**
 * What kernels said over a run, each identity once a profile and side, in the order in which it was first seen.
 *
 * @param nameOf what a side is called in the results
 */
export function splatRecords(
  attempts: readonly Attempt[],
  nameOf: (side: Attempt['side']) => SplatRecord['side'],
): SplatRecord[] {
  const records = new Map<string, SplatRecord>();
  for (const attempt of attempts) {
    const {kernel, profile, side} = attempt;
    if (kernel === undefined) continue;
    for (const {splat, excuse} of [
      ...kernel.splats.map((one) => ({splat: one, excuse: undefined})),
      ...kernel.allowed.map(({splat: one, ...rest}) => ({splat: one, excuse: rest})),
    ]) {
      const key = JSON.stringify([profile, side, splat.identity, excuse !== undefined]);
      const known = records.get(key);
      if (known !== undefined) {
        known.times += splat.times;
        known.attempts++;
      } else if (records.size < MAX_RECORDS) {
        records.set(key, toRecord(attempt, splat, excuse, nameOf(side)));
      }
    }
  }
  return [...records.values()];
}

function toRecord(
  {profile, suite, test, console: file}: Attempt,
  splat: Splat,
  excuse: Pick<Excuse, 'reason' | 'link' | 'expires'> | undefined,
  side: SplatRecord['side'],
): SplatRecord {
  const {kind, title, identity, times, corrupted, fatal, line, lastLine, frames, report} = splat;
  return {
    ...{profile, side, suite, test, kind, title, identity, times, attempts: 1},
    ...(corrupted === undefined ? {} : {corrupted}),
    ...(fatal === undefined ? {} : {fatal}),
    ...(excuse === undefined ? {} : {allowed: excuse}),
    ...(file === undefined ? {} : {console: file}),
    lines: [line, lastLine],
    frames: frames.map(({symbol, offset, module}) => ({
      name: symbol,
      offset,
      ...(module === undefined ? {} : {module}),
    })),
    report: [...report],
  };
}
