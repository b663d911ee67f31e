// SPDX-License-Identifier: MIT
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {acquireLock} from '../lib/lock.js';
import {ownFolder} from '../lib/own-folder.js';
import {createGit} from './git.js';
import type {SourceTree} from './source-tree.js';

const SOURCE = {what: 'The source folder', otherwise: '`kverdict clean trees` takes the folder away.', mode: 0o755};

/** Holds the one source directory of a tree, for a check-out and for the build that follows it. */
export function lockTree(ctx: Context, tree: SourceTree): Promise<AsyncDisposable> {
  return acquireLock(ctx, join(ctx.paths.cache, 'trees', tree.id, 'src-lock'), `the source tree ${tree.id}`);
}

/**
 * Brings `tree.sourceDir` to a commit. Only files that differ are written, so make rebuilds no more than it must; what
 * is not in the commit is removed. The caller holds `lockTree`.
 * @throws InfraError when git cannot write it (no space, an object that is missing)
 */
export async function checkOut(ctx: Context, tree: SourceTree, commit: string): Promise<void> {
  const git = createGit(ctx, tree.gitDir);
  // read-tree and clean overwrite and delete: in this folder, and in none that a link leads to.
  ownFolder(tree.sourceDir, SOURCE);
  // We hold the lock of the tree: whoever made this one is gone.
  rmSync(join(tree.gitDir, 'index.lock'), {force: true});
  const place = {workTree: tree.sourceDir, cwd: tree.sourceDir};
  // `--reset -u` also restores files that are not what the index says: edited ones, and half-written ones of a killed run.
  const read = await git.run(['read-tree', '--reset', '-u', commit], place);
  if (read.exitCode !== 0) throw cannotCheckOut(tree, commit, read.stderr);
  const clean = await git.run(['clean', '-ffdxq'], place);
  if (clean.exitCode !== 0) throw cannotCheckOut(tree, commit, clean.stderr);
}

/** A build may leave a repository where a patch put a submodule: git would run what its configuration says. */
const PLAIN = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all'];

/**
 * Asks whether the sources are what was checked out. The lock is there so that they are; but what is built is kept under
 * the commit's name, and a kernel of other sources would make a series look harmless.
 * @throws InfraError naming tracked files that differ, or why git cannot tell
 */
export async function confirmCheckOut(ctx: Context, tree: SourceTree, commit: string): Promise<void> {
  const git = createGit(ctx, tree.gitDir);
  const place = {workTree: tree.sourceDir, cwd: tree.sourceDir};
  const differ = (await git.text(['diff', ...PLAIN, '--name-only', commit, '--'], place)).split('\n');
  if (differ[0] === '') return;
  const what = `${differ.slice(0, 3).join(', ')}${differ.length > 3 ? ', …' : ''}`;
  throw new InfraError(`The sources of ${commit.slice(0, 12)} changed while they were compiled: ${what}`, {
    hint: `Nothing of that build is kept. \`${tree.sourceDir}\` is kverdict's own: nothing else may write there.`,
    facts: {sourceDir: tree.sourceDir},
  });
}

function cannotCheckOut(tree: SourceTree, commit: string, said: string): InfraError {
  const lacks = /unable to read|missing blob|bad object|invalid object/i.test(said);
  return new InfraError(`Cannot check out ${commit.slice(0, 12)} of \`${tree.origin}\`: ${said.trim()}`, {
    hint: lacks
      ? 'The tree lacks objects: in a partial clone fetch them (`git fetch --refetch --no-filter`), else run `git fsck`.'
      : `Is there space left where \`${tree.sourceDir}\` is? \`kverdict clean\` frees the cache.`,
  });
}
