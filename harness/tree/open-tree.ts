// SPDX-License-Identifier: MIT
import {createHash} from 'node:crypto';
import {realpathSync, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {ownGitDir} from '../lib/git-command.js';
import {acquireLock} from '../lib/lock.js';
import {importDirectory, importTarball} from './import-source.js';
import {isLinuxSource, notLinux} from './linux-makefile.js';
import {namesDir} from './names.js';
import {kernelVersionAt, resolveCommit} from './resolve.js';
import type {SourceTree, TreePlace} from './source-tree.js';
import {isTarball} from './unpack.js';
import {findUserRepository, linkRepository, type UserRepository} from './user-repository.js';

/**
 * Opens a kernel source: a git tree (work tree, linked worktree, bare, shallow, submodule), a plain source directory or
 * a tarball. Nothing of the user's is written to; a tarball is imported once, a plain directory again when it changed.
 *
 * @param source.tree path of any of these
 * @param source.rev what `head` of the result is, instead of `HEAD`
 * @throws UserError when it is not there, not Linux or has no such revision
 */
export async function openTree(ctx: Context, source: {tree: string; rev?: string}): Promise<SourceTree> {
  const stat = statSync(source.tree, {throwIfNoEntry: false});
  if (stat === undefined) {
    throw new UserError(`There is no kernel source at \`${source.tree}\``, {
      hint: 'Name a git tree, a source directory or a tarball with `--tree`.',
    });
  }
  const path = realpathSync(source.tree);
  const place = stat.isDirectory()
    ? await placeOfDirectory(ctx, path, source.tree)
    : placeOfFile(ctx, path, source.tree);
  const folder = join(ctx.paths.cache, 'trees', place.id);
  const gitDir = ownGitDir(ctx.paths, 'trees', place.id, 'git');
  const tree = {id: place.id, origin: source.tree, gitDir, sourceDir: join(folder, 'src')};
  {
    await using _lock = await acquireLock(ctx, join(folder, 'open-lock'), `the import of ${source.tree}`);
    await place.prepare(tree);
  }
  const {user} = place;
  const names = user === undefined ? gitDir : namesDir(gitDir, user);
  const named = {...tree, names, imported: user === undefined, head: ''};
  const head = await resolveCommit(ctx, {...named, kernelVersion: ''}, source.rev ?? 'HEAD');
  return {...named, head, kernelVersion: await kernelVersionAt(ctx, tree, head)};
}

interface Place {
  id: string;
  user?: UserRepository;
  /** Makes `gitDir` ready; called under a lock. */
  prepare(tree: TreePlace): Promise<void>;
}

async function placeOfDirectory(ctx: Context, path: string, origin: string): Promise<Place> {
  const repository = await findUserRepository(ctx, path);
  // An unpacked source may lie in some other repository (a home directory under git): then it is plain source.
  const own = repository !== undefined && (repository.topLevel === undefined || repository.topLevel === path);
  if (repository !== undefined && (own || !isLinuxSource(path))) {
    if (!own && !isLinuxSource(repository.topLevel ?? path)) throw notLinux(origin);
    return placeOfRepository(ctx, repository);
  }
  if (!isLinuxSource(path)) throw notLinux(origin);
  return {id: identify(basename(path), path), prepare: (tree) => importDirectory(ctx, tree, path)};
}

/** All worktrees of one repository share the objects, the source directory and so the builds. */
function placeOfRepository(ctx: Context, repository: UserRepository): Place {
  const {commonDir} = repository;
  const name = basename(commonDir) === '.git' ? basename(dirname(commonDir)) : basename(commonDir, '.git');
  return {
    id: identify(name, commonDir),
    user: repository,
    prepare: (tree) => linkRepository(ctx, tree, repository),
  };
}

/** Path, size and time identify a tarball: what was imported from it holds as long as they do. */
function placeOfFile(ctx: Context, path: string, origin: string): Place {
  if (!isTarball(path)) {
    throw new UserError(
      `\`${origin}\` is neither a directory nor a tarball (.tar, .tar.gz, .tar.xz, .tar.zst, .tar.bz2)`,
    );
  }
  const stat = statSync(path);
  // tar would wait for a FIFO, and read a device without an end.
  if (!stat.isFile()) throw new UserError(`\`${origin}\` is neither a directory nor a regular file`);
  const id = identify(basename(path).replace(/\.t(?:ar)?(?:\.?\w+)?$/, ''), `${path}\0${stat.size}\0${stat.mtimeMs}`);
  return {id, prepare: (tree) => importTarball(ctx, tree, path)};
}

function identify(name: string, key: string): string {
  const slug =
    name
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 40) || 'tree';
  return `${slug}-${createHash('sha256').update(key).digest('hex').slice(0, 10)}`;
}
