// SPDX-License-Identifier: MIT
import {copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {gitCommand} from '../lib/git-command.js';
import {createGit} from './git.js';
import type {TreePlace} from './source-tree.js';

/** A cold work tree on a slow disk is not worth the wait for a warning. */
const STATUS_SECONDS = 20;

/** A git repository of the user's; it is only ever read. */
export interface UserRepository {
  /** Of this very worktree: its `HEAD` is there. */
  gitDir: string;
  /** Shared by all worktrees: objects, branches, tags. */
  commonDir: string;
  objectFormat: string;
  /** Absent for a bare repository. */
  topLevel?: string;
}

/** The repository that a directory belongs to; undefined: none. */
export async function findUserRepository(ctx: Context, directory: string): Promise<UserRepository | undefined> {
  const ask = async (...words: string[]): Promise<string[] | undefined> => {
    const {command, args, env} = gitCommand(['rev-parse', '--path-format=absolute', ...words]);
    const answer = await ctx.exec.run(command, args, {cwd: directory, env});
    return answer.exitCode === 0 ? answer.stdout.trimEnd().split('\n') : undefined;
  };
  const answer = await ask('--absolute-git-dir', '--git-common-dir', '--show-object-format');
  if (answer === undefined) return undefined;
  const [gitDir = '', commonDir = '', objectFormat = 'sha1'] = answer;
  const topLevel = (await ask('--show-toplevel'))?.[0];
  return {gitDir, commonDir, objectFormat, ...(topLevel === undefined ? {} : {topLevel})};
}

/**
 * Makes our bare repository see the user's objects through `objects/info/alternates`. Cheap, and done at each opening:
 * a shallow repository may have been deepened meanwhile.
 */
export async function linkRepository(ctx: Context, tree: TreePlace, user: UserRepository): Promise<void> {
  const git = createGit(ctx, tree.gitDir);
  const head = await createGit(ctx, user.gitDir).run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.exitCode !== 0) {
    throw new UserError(`The git tree \`${tree.origin}\` has no commit at HEAD`, {
      hint: 'Commit the source there, or give the directory without its `.git`.',
    });
  }
  if (!existsSync(join(tree.gitDir, 'objects/info'))) {
    mkdirSync(tree.gitDir, {recursive: true});
    await git.runOk(['init', '-q', '--bare', '--template=', `--object-format=${user.objectFormat}`]);
    mkdirSync(join(tree.gitDir, 'objects/info'), {recursive: true});
  }
  writeWhole(join(tree.gitDir, 'objects/info/alternates'), `${join(user.commonDir, 'objects')}\n`);
  const shallow = join(user.commonDir, 'shallow');
  if (existsSync(shallow)) copyFileSync(shallow, join(tree.gitDir, 'shallow'));
  else rmSync(join(tree.gitDir, 'shallow'), {force: true});
  await warnOfChanges(ctx, tree, user);
}

/** What is not committed is not built, and somebody who just edited a file should hear that. */
async function warnOfChanges(ctx: Context, tree: TreePlace, user: UserRepository): Promise<void> {
  if (user.topLevel === undefined) return;
  const place = {workTree: user.topLevel, cwd: user.topLevel, timeoutSeconds: STATUS_SECONDS};
  const status = await createGit(ctx, user.gitDir).run(['status', '--porcelain', '--untracked-files=no'], place);
  const changed = status.exitCode === 0 ? status.stdout.split('\n').filter((line) => line !== '').length : 0;
  if (changed === 0) return;
  const files = changed === 1 ? '1 file differs' : `${changed} files differ`;
  ctx.emit({type: 'warning', message: `${files} from HEAD in ${tree.origin}: what is not committed is not built`});
}

/** Whole or not at all, and untouched when it says the same already. */
export function writeWhole(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
