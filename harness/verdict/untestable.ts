// SPDX-License-Identifier: MIT
/** Suites that a tree has no symbols for: which they are, and why. Pure. */
import type {MissingSymbol} from './build-record.js';

/** A suite on a profile. */
export interface Untestable {
  profile: string;
  arch: string;
  suite: string;
  /**
   * Who lacks what it needs: the tree; base alone, so that it runs with the series and is a skip on base; or the series
   * takes it away, so that there is nothing to compare and it runs on neither side.
   */
  where: 'tree' | 'base' | 'series';
  /** `CONFIG_ARM64_MTE` */
  symbols: string[];
  /** `it has no CONFIG_ARM64_MTE (mte.config:6)` */
  reason: string;
}

/** Symbols named in one line; results.json has them all. */
const MAX_NAMED = 4;

/** Stands before the reason. */
export const UNTESTABLE: Readonly<Record<Untestable['where'], string>> = {
  tree: 'not testable on this tree',
  base: 'not testable on base',
  series: 'not testable with the series',
};

/**
 * Why a suite cannot be tested; undefined: it can.
 *
 * @param fragments those that the suite and its machine need
 * @param missing what each tree lacks; `base` is absent where nothing is compared
 */
export function whyUntestable(
  fragments: readonly string[],
  missing: {base?: readonly MissingSymbol[] | undefined; patched: readonly MissingSymbol[]},
): Pick<Untestable, 'where' | 'symbols' | 'reason'> | undefined {
  const needed = (all: readonly MissingSymbol[]): MissingSymbol[] =>
    all
      .map((one) => ({...one, askedBy: one.askedBy.filter((line) => fragments.includes(fragmentOf(line)))}))
      .filter(({askedBy}) => askedBy.length > 0);
  const patched = needed(missing.patched);
  const base = needed(missing.base ?? missing.patched);
  const taken = patched.filter(({symbol}) => !isAmong(symbol, base));
  if (taken.length > 0) return told('series', taken, `it takes ${symbolWords(taken)} away`);
  if (patched.length > 0) return told('tree', patched, `it has no ${symbolWords(patched)}`);
  return base.length === 0 ? undefined : told('base', base, `it has no ${symbolWords(base)}`);
}

const told = (
  where: Untestable['where'],
  symbols: readonly MissingSymbol[],
  reason: string,
): Pick<Untestable, 'where' | 'symbols' | 'reason'> => ({where, symbols: symbols.map(({symbol}) => symbol), reason});

/** `CONFIG_ARM64_MTE (mte.config:6)`, `CONFIG_NEW (once CONFIG_OLD; mm.config:3), and 2 more` */
export function symbolWords(symbols: readonly MissingSymbol[]): string {
  const shown = symbols.slice(0, MAX_NAMED).map(({symbol, was = [], askedBy}) => {
    const once = was.length === 0 ? '' : `once ${was.join(', ')}; `;
    return `${symbol} (${once}${askedBy.join(', ')})`;
  });
  const more = symbols.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

/** `mte.config:6` → `mte` */
export const fragmentOf = (line: string): string => line.replace(/\.config:\d+$/, '');

export const isAmong = (symbol: string, list: readonly {symbol: string}[]): boolean =>
  list.some((one) => one.symbol === symbol);

/** Every guest of an architecture asks for what `base` and its own fragment ask for. */
export const isForAll = ({askedBy}: MissingSymbol): boolean =>
  askedBy.some((line) => /^(?:base|x86_64|arm64)\.config:/.test(line));
