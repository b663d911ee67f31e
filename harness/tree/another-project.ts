// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {readDiff} from '../series/diff.js';
import type {Series} from '../series/series.js';
import {createGit} from './git.js';
import type {SourceTree} from './source-tree.js';

/** True when more than half of the files that the series changes (not: adds) are not in the tree's HEAD. */
export async function isForAnotherProject(ctx: Context, tree: SourceTree, series: Series): Promise<boolean> {
  const made = new Set<string>();
  const wanted = new Set<string>();
  for (const {diff} of series.patches) {
    for (const {from, to} of readDiff(diff).files) {
      if (from !== undefined && !made.has(from)) wanted.add(from);
      if (to !== undefined && from !== to) made.add(to);
    }
  }
  // A name with a newline cannot be asked for this way, and no kernel has one.
  const names = [...wanted].filter((name) => !name.includes('\n'));
  if (names.length === 0) return false;
  const answer = await createGit(ctx, tree.gitDir).text(['cat-file', '--batch-check'], {
    input: names.map((name) => `${tree.head}:${name}\n`).join(''),
  });
  const missing = answer.split('\n').filter((line) => line.endsWith(' missing')).length;
  return missing * 2 > names.length;
}
