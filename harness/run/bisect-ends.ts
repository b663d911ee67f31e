// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import type {Series} from '../series/series.js';
import {createGit} from '../tree/git.js';
import {openTree} from '../tree/open-tree.js';
import {resolveCommit} from '../tree/resolve.js';
import type {SourceTree} from '../tree/source-tree.js';
import type {BisectRequest, StartLine} from './bisect-journal.js';
import {Ledger} from './ledger.js';
import {placeSeries} from './place.js';

/** The two commits that a bisect is between. */
export interface Ends {
  tree: SourceTree;
  good: string;
  bad: string;
  series?: Series;
}

/**
 * A series is applied to its base, one commit a patch: the base is good, the last patch bad. What an earlier call
 * settled on stands: a branch may have moved since.
 *
 * @throws SeriesConflict or UserError
 */
export async function placeEnds(ctx: Context, asked: BisectRequest, known: StartLine | undefined): Promise<Ends> {
  const {request} = asked;
  if (request.series.length > 0) {
    const ledger = new Ledger(request.commandLine);
    const {tree, sides} = await placeSeries(ctx, known === undefined ? request : {...request, rev: known.good}, ledger);
    const [base, patched] = sides;
    if (base === undefined || patched === undefined || ledger.series === undefined)
      throw new Error('A series has two sides');
    return {tree, good: base.commit, bad: patched.commit, series: ledger.series};
  }
  const tree = await openTree(ctx, {tree: request.tree});
  const resolve = async (word: string, settled: string | undefined): Promise<string> => {
    if (settled !== undefined && (await isThere(ctx, tree, settled))) return settled;
    return resolveCommit(ctx, tree, word);
  };
  return {
    tree,
    good: await resolve(asked.good ?? 'HEAD', known?.good),
    bad: await resolve(asked.bad ?? 'HEAD', known?.bad),
  };
}

async function isThere(ctx: Context, tree: SourceTree, commit: string): Promise<boolean> {
  return (await createGit(ctx, tree.gitDir).run(['cat-file', '-e', `${commit}^{commit}`])).exitCode === 0;
}
