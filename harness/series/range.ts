// SPDX-License-Identifier: MIT
import {randomUUID} from 'node:crypto';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {type NamesDir, namesGit, type OwnGitDir, ownGit} from '../lib/git-command.js';
import {type IntakeRule, needBytes} from '../lib/intake.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {pathsOf, readDiff} from './diff.js';
import {MAX_PATCHES} from './limits.js';
import type {Patch, Series} from './series.js';

/** The part of a tree that a range needs: where its objects are, and where the user's names are known. */
export interface RangeTree {
  gitDir: OwnGitDir;
  names: NamesDir;
}

/** All diffs of a range; they are held as text. */
const LOG: IntakeRule = {what: 'the commits of the range', blame: 'user', maxBytes: 64 * 1024 * 1024};

/** `A..B`, `A..`, `..B`; undefined: the word is none. */
export function parseRange(word: string): {from: string; to: string} | undefined {
  const match = /^([^\s]*?)\.\.(?!\.)([^\s]*)$/.exec(word);
  if (match === null || word === '..' || word.startsWith('../') || word.includes('/../')) return undefined;
  return {from: match[1] || 'HEAD', to: match[2] || 'HEAD'};
}

/**
 * The commits of `A..B`, oldest first, as a series whose patched commit exists already.
 * @throws UserError for a revision that git does not know, and for an empty range
 */
export async function readRange(ctx: Context, word: string, tree: RangeTree): Promise<Series> {
  if (word.includes('...')) {
    throw new UserError(`\`${word}\` is a symmetric difference`, {
      hint: 'A series is `A..B`: the commits of B that A has not.',
    });
  }
  const range = parseRange(word);
  if (range === undefined) throw new UserError(`\`${word}\` is not a commit range`, {hint: 'Write `A..B`.'});
  const git = async (args: string[], stdoutFile?: string) => {
    const {command, args: words, env} = ownGit(args, tree.gitDir);
    return ctx.exec.run(command, words, {env, ...(stdoutFile === undefined ? {} : {stdoutFile})});
  };
  const commitOf = async (rev: string): Promise<string> => {
    const words = ['rev-parse', '--verify', '--end-of-options', `${rev}^{commit}`] as const;
    const {command, args, env} = namesGit(words, tree.names);
    const found = await ctx.exec.run(command, args, {env});
    if (found.exitCode === 0) return found.stdout.trim();
    throw new UserError(`The tree has no commit \`${rev}\` (in the range \`${word}\`): ${found.stderr.trim()}`);
  };
  const from = await commitOf(range.from);
  const head = await commitOf(range.to);
  const fork = await git(['merge-base', from, head]);
  const base = fork.stdout.trim();
  if (base === '') throw new UserError(`\`${range.from}\` and \`${range.to}\` have no common commit`);

  using temp = makeTempDir(ctx, 'range');
  const file = join(temp.path, 'log');
  const mark = randomUUID();
  const format = `--format=${mark}%x00%H%x00%an%x00%ae%x00%aD%x00%s%x00%b%x00`;
  const shape = [
    '--reverse',
    '--topo-order',
    '--no-merges',
    '-p',
    '--binary',
    '--full-index',
    '-M',
    '--no-color',
    '--no-ext-diff',
  ];
  const log = await git(
    ['log', ...shape, '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/', format, `${base}..${head}`],
    file,
  );
  if (log.exitCode !== 0) throw new UserError(`git cannot read \`${word}\`: ${log.stderr.trim()}`);
  const patches = needBytes(temp.path, 'log', LOG).toString('latin1').split(mark).slice(1).map(readCommit);
  if (patches.length === 0) {
    throw new UserError(`The range \`${word}\` has no commits`, {
      hint: `\`git log --oneline ${word}\` shows what it holds.`,
    });
  }
  if (patches.length > MAX_PATCHES) {
    throw new UserError(`The range \`${word}\` has ${patches.length} commits; a series has at most ${MAX_PATCHES}`);
  }
  const merges = (await git(['rev-list', '--count', '--merges', `${base}..${head}`])).stdout.trim();
  const notes = [
    ...(base === from ? [] : [`\`${range.from}\` is not an ancestor of \`${range.to}\`: base is where they parted`]),
    ...(merges === '0' ? [] : [`${merges} merge commits in the range are not listed as patches`]),
  ];
  const title = patches.length === 1 ? (patches[0]?.subject ?? word) : `${patches.length} commits of ${word}`;
  return {title, version: 1, patches, prerequisites: [], source: word, range: {base, head}, notes};
}

/** One commit of the log; it was read byte for byte (Latin-1), the text of the commit is UTF-8. */
function readCommit(text: string, at: number): Patch {
  const [, , name = '', email = '', date = '', subject = '', body = '', ...rest] = text.split('\0');
  const diff = Buffer.from(rest.join('\0').replace(/^\n+/, ''), 'latin1');
  return {
    number: at + 1,
    subject: fromBytes(subject),
    author: {name: fromBytes(name), email: fromBytes(email)},
    date,
    message: fromBytes(body).trim(),
    diff,
    files: pathsOf(readDiff(diff).files),
  };
}

function fromBytes(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
