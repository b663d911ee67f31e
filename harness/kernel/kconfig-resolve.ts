// SPDX-License-Identifier: MIT
/** What a tree makes of a fragment's symbols: what it knows, what it knows by an older name, what it does not know. */
import type {AskedSymbol} from './kconfig-fragment.js';
import type {KconfigTree} from './kconfig-tree.js';

/** Name in a fragment → name in this tree. */
export type Renamed = Readonly<Record<string, string>>;

/** Can this tree have the symbol at all, whatever its dependencies say? */
export const knows = (tree: KconfigTree, symbol: string): boolean => tree.textsOf(symbol).size > 0;

/**
 * Gives each symbol that the tree does not know the newest of its former names that it does know. Two that come to the
 * same name are one: what a guest needs stays, as in `mergeWishes`.
 */
export function useFormerNames(
  asked: readonly AskedSymbol[],
  tree: KconfigTree,
): {asked: AskedSymbol[]; renamed: Renamed} {
  const renamed: Record<string, string> = {};
  const bySymbol = new Map<string, AskedSymbol>();
  const put = (one: AskedSymbol): void => {
    const other = bySymbol.get(one.symbol);
    if (other === undefined || other.optional !== undefined || other.value === 'n') bySymbol.set(one.symbol, one);
  };
  for (const one of asked) {
    const {was = [], ...rest} = one;
    const former = was.length === 0 || knows(tree, one.symbol) ? undefined : was.find((name) => knows(tree, name));
    if (former !== undefined) renamed[one.symbol] = former;
    put(former === undefined ? one : {...rest, symbol: former});
  }
  return {asked: [...bySymbol.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1)), renamed};
}

/** Wishes that did not come true, by what that means. */
export interface Unmet {
  /** The tree can do without: marked so in the fragment, or it has no such choice any more. */
  absent: AskedSymbol[];
  /** Needed, and this tree does not know it. */
  missing: AskedSymbol[];
  /** Needed and known: its dependencies do not hold, or something else decided. */
  refused: AskedSymbol[];
}

/** @param kconfig read only when something needed is among them */
export async function sortUnmet(lost: readonly AskedSymbol[], kconfig: () => Promise<KconfigTree>): Promise<Unmet> {
  const unmet: Unmet = {absent: [], missing: [], refused: []};
  for (const one of lost) {
    if (one.optional !== undefined) unmet.absent.push(one);
    else if (knows(await kconfig(), one.symbol)) unmet.refused.push(one);
    else if (one.gone !== undefined) unmet.absent.push(one);
    else unmet.missing.push(one);
  }
  return unmet;
}
