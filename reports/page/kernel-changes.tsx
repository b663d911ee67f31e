// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {ChangedSymbol} from '../../harness/kernel/symbols.js';
import type {KernelChange} from '../../harness/verdict/kernel-change.js';
import {changeLines} from '../changes.js';

/** Symbols of an architecture that are listed; results.json has all. */
const MAX_SYMBOLS = 400;

/** What the series changed in the kernel of one architecture, in a line. */
export function ChangesOn({changes, arch}: {changes: readonly KernelChange[]; arch: string}): VNode | null {
  const lines = changeLines(changes.filter((change) => change.arch === arch));
  return lines.length === 0 ? null : <p class="words">{lines.join('\n')}</p>;
}

/** All that the series changed, by architecture and file. */
export function KernelChanges({changes}: {changes: readonly KernelChange[]}): VNode {
  return (
    <ul>
      {changes.map((change) => (
        <li key={change.arch}>
          {`${change.arch}: ${summaryOf(change)}`}
          <ul class="files">
            {byFile(change.symbols.slice(0, MAX_SYMBOLS)).map(([file, symbols]) => (
              <li key={file}>
                <code>{file}</code>
                {`: ${symbols.map(symbolWords).join(', ')}`}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function summaryOf({same, symbols, omitted = 0, symbolsUnknown, notHeld}: KernelChange): string {
  const unbuilt = notHeld.length === 0 ? '' : `; not part of this kernel: ${notHeld.join(', ')}`;
  if (same) return `nothing that runs in the kernel changed${unbuilt}`;
  if (symbolsUnknown !== undefined) return `which functions changed is not known: ${symbolsUnknown}`;
  const more = omitted + Math.max(0, symbols.length - MAX_SYMBOLS);
  return `${symbols.length + omitted} symbols${more > 0 ? `, ${more} of them not listed here` : ''}${unbuilt}`;
}

const symbolWords = ({change, kind, name}: ChangedSymbol): string =>
  [change === 'changed' ? '' : change, kind === 'function' ? '' : kind, name].filter(Boolean).join(' ');

function byFile(symbols: readonly ChangedSymbol[]): [string, ChangedSymbol[]][] {
  const files = new Map<string, ChangedSymbol[]>();
  for (const symbol of symbols) files.set(symbol.file, [...(files.get(symbol.file) ?? []), symbol]);
  return [...files];
}
