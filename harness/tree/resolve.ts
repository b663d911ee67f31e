// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {askNames, createGit} from './git.js';
import {notLinux, readKernelVersion} from './linux-makefile.js';
import type {SourceTree} from './source-tree.js';

/** `git describe` walks the history; in a repository without a commit graph that can take long. It is only a name. */
const DESCRIBE_SECONDS = 10;

/**
 * The commit of a revision as the user's repository knows it: a branch, a tag, `HEAD~2`, a hash.
 * @throws UserError when there is none
 */
export async function resolveCommit(ctx: Context, tree: SourceTree, rev: string): Promise<string> {
  const found = await tryResolve(ctx, tree, rev);
  if ('commit' in found) return found.commit;
  throw new UserError(`\`${tree.origin}\` has no commit \`${rev}\`: ${found.error}`, {
    hint: tree.imported
      ? 'An imported source has one commit, `HEAD`: give a git tree for another base.'
      : 'Is it fetched? `git fetch` in the tree, then again.',
  });
}

/** As `resolveCommit`, with git's own words instead of an exception. */
export async function tryResolve(
  ctx: Context,
  tree: SourceTree,
  rev: string,
): Promise<{commit: string} | {error: string}> {
  const found = await askNames(ctx, tree.names, ['rev-parse', '--verify', '--end-of-options', `${rev}^{commit}`]);
  if (found.exitCode === 0) return {commit: found.stdout.trim()};
  return {error: found.stderr.trim() || 'git does not know it'};
}

/** A name for people: nearest tag as `git describe` writes it, else twelve digits of the hash. */
export async function describeCommit(ctx: Context, tree: SourceTree, commit: string): Promise<string> {
  const short = commit.slice(0, 12);
  const words = ['describe', '--tags', '--abbrev=12', commit] as const;
  const described = await askNames(ctx, tree.names, words, {timeoutSeconds: DESCRIBE_SECONDS});
  return described.exitCode === 0 ? described.stdout.trim() || short : short;
}

/** The hash of the content: two commits with the same one build the same kernel. */
export async function treeHash(ctx: Context, tree: SourceTree, commit: string): Promise<string> {
  return createGit(ctx, tree.gitDir).text(['rev-parse', '--verify', `${commit}^{tree}`]);
}

/**
 * From the top Makefile at that commit: `6.12.95`, `6.13.0-rc2`.
 * @throws UserError when the commit holds no Linux source
 */
export async function kernelVersionAt(
  ctx: Context,
  tree: Pick<SourceTree, 'gitDir' | 'origin'>,
  commit: string,
): Promise<string> {
  const git = createGit(ctx, tree.gitDir);
  const makefile = await git.run(['cat-file', 'blob', `${commit}:Makefile`]);
  const version = makefile.exitCode === 0 ? readKernelVersion(makefile.stdout) : undefined;
  const top = await git.run(['ls-tree', '--name-only', '-z', commit]);
  if (top.exitCode !== 0) {
    throw new UserError(`Cannot read commit ${commit.slice(0, 12)} of \`${tree.origin}\`: ${top.stderr.trim()}`, {
      hint: 'A partial clone does not hold all objects: fetch them with `git fetch --refetch --no-filter`.',
    });
  }
  const names = new Set(top.stdout.split('\0'));
  if (version === undefined || !names.has('Kbuild') || !names.has('Kconfig')) throw notLinux(tree.origin);
  return version;
}
