// SPDX-License-Identifier: MIT
import type {ArchName} from '../kernel/kernel-build.js';
import type {KernelChange} from '../verdict/kernel-change.js';
import type {Lane} from './schedule.js';

/**
 * Lanes with those in front whose suite says that it reaches a file with a changed symbol (`reaches`). Where symbols
 * are not known, the files that the series touches stand in. The order is all that changes: no lane is ever left out.
 */
export function nearestFirst(
  lanes: readonly Lane[],
  changes: readonly KernelChange[],
  touched: readonly string[],
  archOf: (profile: string) => ArchName,
): Lane[] {
  const changed = (arch: ArchName): readonly string[] => {
    const change = changes.find((one) => one.arch === arch);
    const known = change !== undefined && change.symbolsUnknown === undefined && change.omitted === undefined;
    return known ? [...new Set(change.symbols.map(({file}) => file))] : touched;
  };
  const near = lanes.filter(({profile, suite}) => reachesAny(suite.reaches, changed(archOf(profile))));
  return [...near, ...lanes.filter((lane) => !near.includes(lane))];
}

/** @param reaches files, and folders with a `/` behind them */
export function reachesAny(reaches: readonly string[], files: readonly string[]): boolean {
  return reaches.some((path) => files.some((file) => (path.endsWith('/') ? file.startsWith(path) : file === path)));
}
