// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {theirGit, trustedGit} from '../lib/git-command.js';
import {plainBytes} from '../lib/intake.js';
import {shellLine} from '../lib/shell-quote.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {lastLines} from '../lib/text.js';
import {writeWhole} from '../lib/write-whole.js';
import {askNames, createGit} from './git.js';
import {linkNames, namesDir} from './names.js';
import type {TreePlace} from './source-tree.js';

/** A cold work tree on a slow disk is not worth the wait for a warning. */
const STATUS_SECONDS = 20;
/** It takes milliseconds; a configuration may include a file that is never at its end. */
const ASK_SECONDS = 20;
/** An index has some 100 bytes a file, a kernel 90 000 files; a list of shallow commits 41 bytes a line. */
const MAX_INDEX_BYTES = 256 * 1024 * 1024;

/** A git repository of the user's; only its refs and its objects are read. */
export interface UserRepository {
  /** Of this very worktree: its `HEAD` is there. */
  gitDir: string;
  /** Shared by all worktrees: objects, branches, tags. */
  commonDir: string;
  objectFormat: string;
  /** Absent for a bare repository. */
  topLevel?: string;
}

/**
 * The repository that a directory belongs to; undefined: none.
 * @throws UserError when it belongs to somebody else whom the user's git does not trust, or git cannot read it
 */
export async function findUserRepository(ctx: Context, directory: string): Promise<UserRepository | undefined> {
  const trusted = await trustedFolders(ctx);
  const answer = await ask(ctx, 'repository', directory, trusted);
  if (answer === undefined) return undefined;
  const [gitDir = '', commonDir = '', objectFormat = 'sha1'] = answer;
  // git looks at who owns what it found itself; the common folder is named by a file in it, and may be anybody's.
  if (commonDir !== gitDir) {
    await ask(ctx, 'repository', basename(commonDir) === '.git' ? dirname(commonDir) : commonDir, trusted);
  }
  const topLevel = (await ask(ctx, 'work tree', directory, trusted))?.[0];
  return {gitDir, commonDir, objectFormat, ...(topLevel === undefined ? {} : {topLevel})};
}

/** The folders that the user's own git configuration calls safe, whoever owns them. */
export async function trustedFolders(ctx: Context): Promise<string[]> {
  const {command, args, env} = trustedGit();
  const asked = await ctx.exec.run(command, args, {env, quiet: true, timeoutSeconds: ASK_SECONDS});
  const {exitCode, stdout} = asked;
  return exitCode === 0 ? stdout.split('\0').slice(0, -1) : [];
}

/** No repository, and a bare one without a work tree, are answers. */
async function ask(
  ctx: Context,
  question: Parameters<typeof theirGit>[0],
  directory: string,
  trusted: readonly string[],
): Promise<string[] | undefined> {
  const {command, args, env} = theirGit(question, trusted);
  const answer = await ctx.exec.run(command, args, {cwd: directory, env, timeoutSeconds: ASK_SECONDS});
  if (answer.exitCode === 0) return answer.stdout.trimEnd().split('\n');
  const {stderr, timedOut} = answer;
  if (/not a git repository|must be run in a work tree/i.test(stderr)) return undefined;
  if (/dubious ownership|unsafe repository/i.test(stderr)) throw foreignOwner(directory, stderr);
  const why = timedOut ? `git did not answer within ${ASK_SECONDS} s` : lastLines(stderr, 4);
  throw new UserError(`git cannot read the repository of \`${directory}\`: ${why}`, {
    hint: 'Does `git rev-parse HEAD` work there?',
  });
}

function foreignOwner(directory: string, stderr: string): UserError {
  const named = /repository at '(.+)'/.exec(stderr)?.[1] ?? directory;
  return new UserError(
    `The git repository \`${named}\` belongs to another user: git runs what its configuration says`,
    {
      hint: `If you trust it: ${shellLine(['git', 'config', '--global', '--add', 'safe.directory', named])}. Else give --tree a copy of the source without its .git.`,
      facts: {repository: named},
    },
  );
}

/**
 * Makes our bare repository see the user's objects through `objects/info/alternates`, and a folder beside it their
 * names. Cheap, and done at each opening: a shallow repository may have been deepened meanwhile.
 */
export async function linkRepository(ctx: Context, tree: TreePlace, user: UserRepository): Promise<void> {
  const git = createGit(ctx, tree.gitDir);
  if (user.commonDir.includes('\n')) throw new UserError('A path of a git tree may have no line break');
  if (!existsSync(join(tree.gitDir, 'objects/info'))) {
    mkdirSync(tree.gitDir, {recursive: true});
    await git.runOk(['init', '-q', '--bare', '--template=', `--object-format=${user.objectFormat}`]);
    mkdirSync(join(tree.gitDir, 'objects/info'), {recursive: true});
  }
  writeWhole(join(tree.gitDir, 'objects/info/alternates'), `${join(user.commonDir, 'objects')}\n`);
  const shallow = plainBytes(join(user.commonDir, 'shallow'), MAX_INDEX_BYTES)?.toString('latin1');
  if (shallow === undefined) rmSync(join(tree.gitDir, 'shallow'), {force: true});
  else writeWhole(join(tree.gitDir, 'shallow'), shallow);
  const linked = await linkNames(ctx, tree.gitDir, user);
  const names = namesDir(tree.gitDir, user);
  const words = ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] as const;
  if (!linked || (await askNames(ctx, names, words)).exitCode !== 0) {
    throw new UserError(`The git tree \`${tree.origin}\` has no commit at HEAD`, {
      hint: 'Commit the source there, or give the directory without its `.git`.',
    });
  }
  await warnOfChanges(ctx, tree, user);
}

/**
 * What is not committed is not built, and somebody who just edited a file should hear that. Asked with a copy of their
 * index and a configuration of ours: with theirs, git would run their filters.
 */
async function warnOfChanges(ctx: Context, tree: TreePlace, user: UserRepository): Promise<void> {
  if (user.topLevel === undefined) return;
  const index = plainBytes(join(user.gitDir, 'index'), MAX_INDEX_BYTES);
  if (index === undefined) return;
  using temp = makeTempDir(ctx, 'index');
  const names = namesDir(tree.gitDir, user);
  const indexFile = join(temp.path, 'index');
  writeFileSync(indexFile, index);
  // The rest of a split index is looked for in the repository.
  const shared = readdirSync(user.gitDir).filter((name) => /^sharedindex\.[0-9a-f]+$/.test(name));
  try {
    for (const name of shared) {
      const bytes = plainBytes(join(user.gitDir, name), MAX_INDEX_BYTES);
      if (bytes !== undefined) writeFileSync(join(names, name), bytes);
    }
    const place = {workTree: user.topLevel, cwd: user.topLevel, indexFile, timeoutSeconds: STATUS_SECONDS};
    const words = ['--porcelain', '--untracked-files=no', '--ignore-submodules=all'];
    const status = await askNames(ctx, names, ['status', ...words], place);
    const changed = status.exitCode === 0 ? status.stdout.split('\n').filter((line) => line !== '').length : 0;
    if (changed === 0) return;
    const files = changed === 1 ? '1 file differs' : `${changed} files differ`;
    ctx.emit({type: 'warning', message: `${files} from HEAD in ${tree.origin}: what is not committed is not built`});
  } finally {
    for (const name of shared) rmSync(join(names, name), {force: true});
  }
}
