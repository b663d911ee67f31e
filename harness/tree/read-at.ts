// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {createGit} from './git.js';
import type {SourceTree} from './source-tree.js';

/** A file's text in a commit, without a check-out; undefined where the commit has no such file. */
export async function readAt(
  ctx: Context,
  tree: Pick<SourceTree, 'gitDir'>,
  commit: string,
  path: string,
): Promise<string | undefined> {
  const read = await createGit(ctx, tree.gitDir).run(['cat-file', 'blob', `${commit}:${path}`]);
  return read.exitCode === 0 ? read.stdout : undefined;
}
