// SPDX-License-Identifier: MIT
/** What may be said of the machines of a run: one is named as tested only where something passed with the series. */
import {hasPassed} from '../harness/verdict/in-numbers.js';
import type {Comparison, ProfileRecord, Results} from '../harness/verdict/results.js';

/** Machines on which something passed on the patched side, in the order of the profiles. */
export function passedOn({profiles, comparisons}: Pick<Results, 'profiles' | 'comparisons'>): string[] {
  return profiles.map(({name}) => name).filter((name) => rowsOf(name, comparisons).some(hasPassed));
}

/** `x86_64 (tcg)`, `arm64 (tcg, every result skipped)`, `arm64-mte (unsupported here)` */
export function machineWords({profiles, comparisons}: Pick<Results, 'profiles' | 'comparisons'>): string[] {
  return profiles.map((profile) => `${profile.name} (${stateOf(profile, rowsOf(profile.name, comparisons))})`);
}

function stateOf({accelerator, supported, skipped, untestable}: ProfileRecord, rows: readonly Comparison[]): string {
  if (untestable) return 'not booted: not testable on this tree';
  if (skipped !== undefined) return 'not booted: nothing that runs changed';
  if (!supported) return 'unsupported here';
  const kind = accelerator?.kind ?? 'not started';
  if (rows.length === 0) return `${kind}, no result`;
  if (rows.some(hasPassed)) return kind;
  const skips = rows.every(({patched}) => patched.skip > 0);
  return `${kind}, ${skips ? 'every result skipped' : 'nothing passed'}`;
}

const rowsOf = (name: string, comparisons: readonly Comparison[]): Comparison[] =>
  comparisons.filter(({profile}) => profile === name);
