// SPDX-License-Identifier: MIT
/** What a commit's Kconfig knows of what fragments ask for, without a check-out and without conf: in a second. */
import type {AskedSymbol} from '../kernel/kconfig-fragment.js';
import {knows, useFormerNames} from '../kernel/kconfig-resolve.js';
import {readKconfig} from '../kernel/kconfig-tree.js';
import type {ArchName, KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {readAllAt} from '../tree/read-at.js';
import type {SourceTree} from '../tree/source-tree.js';

export interface KnownSymbols extends Pick<KernelBuild, 'absentSymbols' | 'missingSymbols' | 'renamedSymbols'> {
  /** By the names of this tree, without what it does not know. */
  asked: AskedSymbol[];
}

/** As `configure` finds it, but for dependencies: whether they hold is not looked at. */
export async function askSymbols(
  ctx: Context,
  tree: SourceTree,
  commit: string,
  arch: ArchName,
  asked: readonly AskedSymbol[],
): Promise<KnownSymbols> {
  const kconfig = await readKconfig((paths) => readAllAt(ctx, tree, commit, paths), arch);
  const {asked: wanted, renamed} = useFormerNames(asked, kconfig);
  // What is to be off is off where it is not known.
  const isMet = ({symbol, value}: AskedSymbol): boolean => value === 'n' || knows(kconfig, symbol);
  const unknown = wanted.filter((one) => !isMet(one));
  const isNeeded = ({optional, gone}: AskedSymbol): boolean => optional === undefined && gone === undefined;
  const names = (list: readonly AskedSymbol[]): string[] => list.map(({symbol}) => symbol);
  return {
    asked: wanted.filter((one) => knows(kconfig, one.symbol)),
    absentSymbols: names(unknown.filter((one) => !isNeeded(one))),
    missingSymbols: names(unknown.filter(isNeeded)),
    renamedSymbols: renamed,
  };
}
