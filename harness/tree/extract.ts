// SPDX-License-Identifier: MIT
import {mkdirSync, rmSync} from 'node:fs';
import type {Context} from '../lib/context.js';
import {createGit} from './git.js';
import {listAt} from './read-at.js';
import type {SourceTree} from './source-tree.js';

/**
 * Puts some files of a commit into a folder: for who wants Kconfig, and not all of the source.
 *
 * @param isWanted asked of each path from the top
 * @param to gets the files; beside it is room for an archive of them
 * @throws InfraError when git or tar cannot write them
 */
export async function extract(
  ctx: Context,
  tree: Pick<SourceTree, 'gitDir'>,
  commit: string,
  isWanted: (path: string) => boolean,
  to: string,
): Promise<void> {
  mkdirSync(to, {recursive: true});
  const paths = (await listAt(ctx, tree, commit)).filter(isWanted);
  const archive = `${to}.tar`;
  const words = ['--literal-pathspecs', 'archive', '--format=tar', commit, '--', ...paths];
  await createGit(ctx, tree.gitDir).runOk(words, {stdoutFile: archive, quiet: true});
  await ctx.exec.runOk('tar', ['-xf', archive, '-C', to]);
  rmSync(archive);
}
