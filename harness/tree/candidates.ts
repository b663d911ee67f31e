// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import type {NamesArgs, NamesDir} from '../lib/git-command.js';
import type {Series} from '../series/series.js';
import {askNames} from './git.js';
import type {SourceTree} from './source-tree.js';

export interface Candidate {
  /** A revision for `git rev-parse`. */
  candidate: string;
  /** How it was found: `--base`, `base-commit:`, … */
  how: string;
}

/** Names under which people keep mainline, in the order they are tried. */
const UPSTREAMS = ['origin/master', 'origin/main', 'linus/master', 'upstream/master'];
/** Guesses beyond what the series and the tree themselves say. */
const MAX_GUESSES = 5;
const NEWEST_TAGS = 3;

/** Bases worth trying, most trusted first; the guesses are only asked for when the ones before did not fit. */
export async function* candidateBases(
  ctx: Context,
  tree: SourceTree,
  series: Series,
  base: string | undefined,
): AsyncGenerator<Candidate> {
  if (base !== undefined) {
    yield {candidate: base, how: '--base'};
    return;
  }
  if (series.range !== undefined) yield {candidate: series.range.base, how: `base of the range ${series.source}`};
  if (series.baseCommit !== undefined) yield {candidate: series.baseCommit, how: 'base-commit:'};
  yield {candidate: tree.head, how: 'HEAD'};
  if (!tree.imported) yield* guesses(ctx, tree.names, tree.head);
}

async function* guesses(ctx: Context, names: NamesDir, head: string): AsyncGenerator<Candidate> {
  const ask = (...words: NamesArgs) => askNames(ctx, names, words);
  let left = MAX_GUESSES;
  const seen = new Set([head]);
  const fresh = async (rev: string): Promise<boolean> => {
    const found = await ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`);
    const commit = found.stdout.trim();
    if (found.exitCode !== 0 || seen.has(commit) || left === 0) return false;
    seen.add(commit);
    left -= 1;
    return true;
  };
  for (const upstream of UPSTREAMS) {
    const fork = await ask('merge-base', head, upstream);
    const commit = fork.stdout.trim();
    if (fork.exitCode === 0 && (await fresh(commit))) yield {candidate: commit, how: `merge base with ${upstream}`};
    if (fork.exitCode === 0 && (await fresh(upstream))) yield {candidate: upstream, how: 'branch'};
  }
  const tags = await ask(
    'for-each-ref',
    `--merged=${head}`,
    '--sort=-creatordate',
    `--count=${NEWEST_TAGS}`,
    '--format=%(refname:short)',
    'refs/tags',
  );
  for (const tag of tags.stdout.split('\n').filter((name) => name !== '')) {
    if (await fresh(tag)) yield {candidate: tag, how: 'tag'};
  }
}
