// SPDX-License-Identifier: MIT
import type {KernelChange} from '../harness/verdict/kernel-change.js';

/** Symbols of an architecture on the screen; results.json has them all. */
const MAX_SYMBOLS = 6;
const ORDER = ['function', 'data', 'table'];

/** A line for each architecture: what the series changed in its kernel, functions first, as many as fit. */
export function changeLines(changes: readonly KernelChange[]): string[] {
  return changes.flatMap(({arch, same, because, symbols, omitted = 0, symbolsUnknown}) => {
    // Where no guest was booted, a finding says it.
    if (same && because === undefined) return [];
    if (same) return [`${arch}: nothing that runs in the kernel changed; guests were booted all the same: ${because}`];
    if (symbolsUnknown !== undefined) return [`${arch}: which functions changed is not known: ${symbolsUnknown}`];
    const shown = symbols
      .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
      .slice(0, MAX_SYMBOLS)
      .map(({change, name, file}) => `${change === 'changed' ? '' : `${change} `}${name} (${file})`);
    const more = symbols.length + omitted - shown.length;
    const words = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
    return [`${arch}: changed in the kernel: ${words || 'no symbol, but what is between them'}`];
  });
}
