// SPDX-License-Identifier: MIT
/** The `config` fragments that the tree's selftests bring: wishes, where ours are demands. */
import type {AskedSymbol} from './kconfig-fragment.js';

/** What a fragment of the tree asks for. */
export interface Wishes {
  asked: readonly AskedSymbol[];
  /** Lines that are neither a comment nor a symbol with a value. */
  odd: readonly string[];
}

const SET = /^(CONFIG_[A-Za-z0-9_]+)=([ynm]|-?\d+|0x[0-9a-fA-F]+|"(?:[^"\\]|\\.)*")\s*(?:#.*)?$/;
const UNSET = /^#\s*(CONFIG_[A-Za-z0-9_]+) is not set$/;

/**
 * Reads one fragment. Every symbol is optional: the tree's fragments name symbols of other architectures, of other
 * kernels and of modules. `m` becomes `y`, as the guest loads no modules; what can only be a module is then absent.
 *
 * @param path in the tree; it is said where a wish came from
 */
export function parseWishes(text: string, path: string): Wishes {
  const asked: AskedSymbol[] = [];
  const odd: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const [, symbol, value] = SET.exec(line) ?? [undefined, UNSET.exec(line)?.[1], 'n'];
    if (symbol !== undefined) {
      asked.push({
        symbol,
        value: value === 'm' ? 'y' : (value ?? 'n'),
        optional: `${path} asks for it`,
        fragment: path,
        line: index + 1,
      });
    } else if (line !== '' && !line.startsWith('#')) odd.push(`${path}:${index + 1}: \`${line}\``);
  }
  return {asked, odd};
}

/**
 * Our fragments with wishes added, sorted by symbol as `loadFragments` does. What a guest needs stays as it is; a symbol
 * that we switch off (to save its objects) gives way, and so does an earlier wish for nothing.
 */
export function mergeWishes(asked: readonly AskedSymbol[], wishes: readonly AskedSymbol[]): AskedSymbol[] {
  const merged = new Map(asked.map((one) => [one.symbol, one]));
  for (const wish of wishes) {
    const present = merged.get(wish.symbol);
    if (present === undefined || (present.value === 'n' && wish.value !== 'n')) merged.set(wish.symbol, wish);
  }
  return [...merged.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}
