// SPDX-License-Identifier: MIT
/** What one commit has that another lacks, to be told. */
import {randomUUID} from 'node:crypto';
import type {Context} from '../lib/context.js';
import {createGit} from './git.js';
import type {SourceTree} from './source-tree.js';

export interface ToldCommit {
  commit: string;
  subject: string;
  author: {name: string; email: string};
  /** None for a merge. */
  files: string[];
}

export interface CommitsBetween {
  /** All of them, merges included. */
  count: number;
  /** Oldest first; when there are too many, the newest. */
  commits: ToldCommit[];
}

/** More than these nobody reads; the count is told. */
const MOST_TOLD = 1000;

/** How the two are related does not matter: a branch may have been rebased meanwhile. */
export async function commitsBetween(
  ctx: Context,
  tree: SourceTree,
  {base, head}: {base: string; head: string},
): Promise<CommitsBetween> {
  const git = createGit(ctx, tree.gitDir);
  const range = [head, `^${base}`];
  const count = Number(await git.text(['rev-list', '--count', ...range]));
  const mark = randomUUID();
  const format = `--format=${mark}%x00%H%x00%an%x00%ae%x00%s%x00`;
  const shape = ['--topo-order', '--reverse', `--max-count=${MOST_TOLD}`, '--name-only', '--no-renames', '-z'];
  const log = await git.text(['log', ...shape, '--no-show-signature', format, ...range]);
  return {count, commits: log.split(mark).slice(1).map(readCommit)};
}

function readCommit(text: string): ToldCommit {
  const [, commit = '', name = '', email = '', subject = '', ...rest] = text.split('\0');
  const files = rest.map((file) => file.replace(/^\n+/, '')).filter((file) => file !== '');
  return {commit, subject, author: {name, email}, files};
}
