// SPDX-License-Identifier: MIT
/** The commits between two, as git bisect would look at them. */
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {touchedFiles} from './apply.js';
import {createGit} from './git.js';
import {describeCommit} from './resolve.js';
import type {SourceTree} from './source-tree.js';

export interface ListedCommit {
  hash: string;
  /** Only those that are in the list. */
  parents: readonly number[];
}

export interface CommitList {
  /** The good commit: the one that was given, or where the two histories parted. */
  good: string;
  /** Oldest first, parents before children; the last is the bad commit. */
  commits: readonly ListedCommit[];
  /** Merges among them. */
  merges: number;
  notes: readonly string[];
}

/**
 * Every commit of `bad` that `good` does not have. As git bisect does it, a good commit that is no ancestor of the bad
 * one stands for their merge base, which must then be good.
 *
 * @param firstParent side branches are left out: a merge stands for all that it brought
 * @throws UserError when the two are the same, the wrong way round, or have nothing in common
 */
export async function listCommits(
  ctx: Context,
  tree: SourceTree,
  ends: {good: string; bad: string},
  {firstParent}: {firstParent: boolean},
): Promise<CommitList> {
  const git = createGit(ctx, tree.gitDir);
  const {bad} = ends;
  const fork = (await git.run(['merge-base', ends.good, bad])).stdout.trim();
  const names = async (): Promise<[string, string]> => [
    await describeCommit(ctx, tree, ends.good),
    await describeCommit(ctx, tree, bad),
  ];
  if (fork === '')
    throw new UserError(`The good and the bad commit (${(await names()).join(', ')}) have no common commit`);
  if (fork === bad) {
    const [goodName, badName] = await names();
    throw new UserError(`The good commit ${goodName} holds the bad one ${badName}: nothing is between them`, {
      hint: 'Are --good and --bad the wrong way round? kverdict looks for what broke a test, not for what repaired it.',
    });
  }
  const notes =
    fork === ends.good
      ? []
      : [
          `${(await names())[0]} is no ancestor of the bad commit: ${fork.slice(0, 12)}, where they parted, must be good`,
        ];
  const shape = ['--topo-order', '--reverse', '--parents', ...(firstParent ? ['--first-parent'] : [])];
  const lines = (await git.text(['rev-list', ...shape, bad, `^${fork}`])).split('\n').map((line) => line.split(' '));
  const numbers = new Map(lines.map(([hash = ''], index) => [hash, index]));
  const merges = firstParent ? 0 : lines.filter((words) => words.length > 2).length;
  const commits = lines.map(([hash = '', ...above]) => ({
    hash,
    parents: (firstParent ? above.slice(0, 1) : above).flatMap((parent) => numbers.get(parent) ?? []),
  }));
  return {good: fork, commits, merges, notes};
}

export interface CommitFacts {
  commit: string;
  subject: string;
  /** `Name <mail>` */
  author: string;
  date: string;
  files: string[];
}

/** What a person wants to know of a commit; of a merge, the files that differ from its first parent. */
export async function factsOf(ctx: Context, tree: SourceTree, commit: string): Promise<CommitFacts> {
  const git = createGit(ctx, tree.gitDir);
  const said = await git.text(['show', '-s', '--no-show-signature', '--format=%s%x00%an <%ae>%x00%aI', commit]);
  const [subject = '', author = '', date = ''] = said.split('\0');
  const parent = await git.run(['rev-parse', '--verify', '--quiet', `${commit}^1`]);
  const files = parent.exitCode === 0 ? await touchedFiles(git, parent.stdout.trim(), commit) : [];
  return {commit, subject, author, date, files};
}

/** Subjects of many commits, by hash. */
export async function subjectsOf(
  ctx: Context,
  tree: SourceTree,
  commits: readonly string[],
): Promise<Map<string, string>> {
  if (commits.length === 0) return new Map();
  const input = `${commits.join('\n')}\n`;
  const said = await createGit(ctx, tree.gitDir).text(['log', '--no-walk=unsorted', '--stdin', '--format=%H%x00%s'], {
    input,
  });
  return new Map(said.split('\n').map((line) => line.split('\0') as [string, string]));
}
