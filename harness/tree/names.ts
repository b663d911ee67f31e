// SPDX-License-Identifier: MIT
/**
 * The names of a user's repository (branches, tags, `HEAD`, reflogs, upstreams) without its configuration: a folder of
 * ours that git takes for a repository. Its refs are links to theirs, its objects are reached through our own bare
 * repository, and its configuration is written here.
 */
import {createHash} from 'node:crypto';
import {lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Context} from '../lib/context.js';
import {type NamesDir, noGit, type OwnGitDir} from '../lib/git-command.js';
import {plainBytes} from '../lib/intake.js';
import {writeWhole} from '../lib/write-whole.js';
import type {UserRepository} from './user-repository.js';

/** A HEAD is one line. */
const MAX_HEAD_BYTES = 4096;
/** Names that are files beside HEAD, as `git fetch`, merge, rebase and bisect leave them. */
const PSEUDO_REFS = [
  ...['FETCH_HEAD', 'ORIG_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'REBASE_HEAD', 'BISECT_HEAD'],
];
/** What `@{upstream}` needs; nothing of it is ever run. */
const WANTED_SETTINGS = '^(branch|remote)\\..*\\.(remote|merge|fetch)$|^extensions\\.refstorage$';

/** Each worktree of a repository has a HEAD of its own. */
export function namesDir(gitDir: OwnGitDir, user: UserRepository): NamesDir {
  const worktree = createHash('sha256').update(user.gitDir).digest('hex').slice(0, 10);
  return join(dirname(gitDir), `names-${worktree}`) as string as NamesDir;
}

/**
 * Makes the folder, or brings it up to date; the caller holds the tree's lock.
 * @returns false when the repository has no HEAD that could be read
 */
export async function linkNames(ctx: Context, gitDir: OwnGitDir, user: UserRepository): Promise<boolean> {
  const names = namesDir(gitDir, user);
  const head = readHead(join(user.gitDir, 'HEAD'));
  if (head === undefined) return false;
  mkdirSync(join(names, 'objects/info'), {recursive: true});
  mkdirSync(join(names, 'logs'), {recursive: true});
  writeWhole(join(names, 'objects/info/alternates'), `${join(gitDir, 'objects')}\n`);
  for (const name of ['refs', 'packed-refs']) link(join(names, name), join(user.commonDir, name));
  for (const name of [...PSEUDO_REFS, 'logs/HEAD', 'reftable']) link(join(names, name), join(user.gitDir, name));
  link(join(names, 'logs/refs'), join(user.commonDir, 'logs/refs'));
  const shallow = plainBytes(join(gitDir, 'shallow'), Number.MAX_SAFE_INTEGER);
  if (shallow === undefined) rmSync(join(names, 'shallow'), {force: true});
  else writeWhole(join(names, 'shallow'), shallow.toString('latin1'));
  writeWhole(join(names, 'config'), await configOf(ctx, names, user));
  writeWhole(join(names, 'HEAD'), head);
  return true;
}

/** `ref: refs/heads/x` or a hash; old repositories have a symbolic link instead. */
function readHead(path: string): string | undefined {
  if (lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink()) {
    const target = readlinkSync(path);
    return /^refs\/\S+$/.test(target) ? `ref: ${target}\n` : undefined;
  }
  const text = plainBytes(path, MAX_HEAD_BYTES)?.toString('utf8') ?? '';
  return /^(?:ref: refs\/[^\n]+|[0-9a-f]{40}|[0-9a-f]{64})\n?$/.test(text) ? text : undefined;
}

function link(path: string, target: string): void {
  const found = lstatSync(path, {throwIfNoEntry: false});
  if (found?.isSymbolicLink() && readlinkSync(path) === target) return;
  rmSync(path, {recursive: true, force: true});
  symlinkSync(target, path);
}

/** Their file is parsed, not used: without includes, and only these keys are written into ours. */
async function configOf(ctx: Context, names: NamesDir, user: UserRepository): Promise<string> {
  const file = join(user.commonDir, 'config');
  const readable = lstatSync(file, {throwIfNoEntry: false})?.isFile() === true;
  const words = ['config', '--file', file, '--no-includes', '--null', '--get-regexp', WANTED_SETTINGS];
  const {command, args, env} = noGit(words, names);
  const read = readable ? await ctx.exec.run(command, args, {cwd: names, env, quiet: true}) : undefined;
  const rows = read?.exitCode === 0 ? read.stdout.split('\0').filter((row) => row !== '') : [];
  return configText(rows, user.objectFormat);
}

/**
 * Pure. A configuration with nothing but these settings, however they are spelled.
 * @param rows of `git config --null`: a key, a line break, a value
 */
export function configText(rows: readonly string[], objectFormat: string): string {
  const lines = rows.flatMap((row) => {
    const at = row.indexOf('\n');
    const key = at < 0 ? row : row.slice(0, at);
    const [, section = '', middle = '', name = ''] = /^([a-z]+)\.(?:(.*)\.)?([a-z]+)$/s.exec(key) ?? [];
    if (section === '' || at < 0) return [];
    return [
      `[${section}${middle === '' ? '' : ` "${escaped(middle)}"`}]`,
      `\t${name} = "${escaped(row.slice(at + 1))}"`,
    ];
  });
  const format = objectFormat === 'sha1' ? [] : ['[extensions]', `\tobjectformat = ${objectFormat}`];
  const version = format.length > 0 || lines.includes('[extensions]') ? 1 : 0;
  return `${['[core]', `\trepositoryformatversion = ${version}`, '\tbare = true', ...format, ...lines].join('\n')}\n`;
}

/** git-config(1): in quotes, a quote and a backslash are escaped; a line's end can only be in a value. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
