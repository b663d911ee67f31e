// SPDX-License-Identifier: MIT
import {randomBytes} from 'node:crypto';
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

/** Texts of many files in a commit, by path, with one git for all; what the commit does not have is left out. */
export async function readAllAt(
  ctx: Context,
  tree: Pick<SourceTree, 'gitDir'>,
  commit: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  // A line of git's input has an object and a word of ours, with a blank between them.
  const asked = paths.filter((path) => !/\s/.test(path));
  // No file can hold it: it is made after the commit.
  const mark = `file-${randomBytes(16).toString('hex')}`;
  const input = asked.map((path, index) => `${commit}:${path} ${index}\n`).join('');
  const git = createGit(ctx, tree.gitDir);
  const {stdout} = await git.runOk(['cat-file', `--batch=${mark} %(objecttype) %(rest)`], {input, quiet: true});
  const found = new Map<string, string>();
  let end = asked.length;
  // From the last: what git says of those that are not there has no mark, and stands behind the file before them.
  for (const part of stdout.split(`${mark} `).slice(1).reverse()) {
    const [, type, number = '', text = ''] = /^(\w+) (\d+)\n(.*)$/s.exec(part) ?? [];
    const index = Number(number);
    const absent = asked.slice(index + 1, end).map((path) => `${commit}:${path} missing\n`);
    end = index;
    const path = asked[index];
    // A newline is git's own.
    if (type === 'blob' && path !== undefined) found.set(path, text.slice(0, text.length - absent.join('').length - 1));
  }
  return found;
}

/** Every file of a commit, or of a folder in it, by its path from the top; none where there is no such folder. */
export async function listAt(
  ctx: Context,
  tree: Pick<SourceTree, 'gitDir'>,
  commit: string,
  folder?: string,
): Promise<string[]> {
  const words = ['ls-tree', '-r', '--name-only', '-z', commit];
  const below = folder === undefined ? [] : ['--', `${folder}/`];
  const {stdout} = await createGit(ctx, tree.gitDir).runOk([...words, ...below], {quiet: true});
  return stdout.split('\0').filter((path) => path !== '');
}
