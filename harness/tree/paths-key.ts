// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {createGit} from './git.js';
import type {SourceTree} from './source-tree.js';

/**
 * Says what some paths of a commit hold: the same as long as none of them changes, whatever else does. A path that the
 * commit does not have counts as empty.
 */
export async function pathsKey(
  ctx: Context,
  tree: SourceTree,
  commit: string,
  paths: readonly string[],
): Promise<string> {
  const listed = await createGit(ctx, tree.gitDir).runOk(['ls-tree', commit, '--', ...paths]);
  return listed.stdout;
}
