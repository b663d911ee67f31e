// SPDX-License-Identifier: MIT
import type {Excuse} from '../klog/policy.js';
import type {Splat} from '../klog/splat.js';
import type {Attempt} from '../suite/attempt.js';
import type {SplatRecord} from './results.js';

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
