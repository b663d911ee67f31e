// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {cleanLine} from '../lib/text.js';
import type {Series} from '../series/series.js';
import {isForAnotherProject} from './another-project.js';
import {applySeries, SeriesConflict, touchedFiles} from './apply.js';
import {candidateBases} from './candidates.js';
import {createGit} from './git.js';
import {describeCommit, resolveCommit, tryResolve} from './resolve.js';
import type {Base, BaseAttempt, PatchedCommit, SourceTree} from './source-tree.js';

/**
 * Finds the commit that a series applies to, and applies it: `--base` alone when given; else the range's own base,
 * `base-commit:`, HEAD, and a few commits of the user's repository. The first that fits wins.
 *
 * @throws SeriesConflict naming every base that was tried, with git's words for each
 * @throws UserError when the tree has no such `--base`, or the series is for another project: no fault of the series
 */
export async function applyOnBase(
  ctx: Context,
  tree: SourceTree,
  series: Series,
  options: {base?: string} = {},
): Promise<{base: Base; patched: PatchedCommit}> {
  if (options.base !== undefined) await resolveCommit(ctx, tree, options.base);
  for (const note of series.notes) ctx.emit({type: 'note', message: cleanLine(note)});
  const attempts: BaseAttempt[] = [];
  const conflicts: SeriesConflict[] = [];
  const tried = new Set<string>();
  for await (const {candidate, how} of candidateBases(ctx, tree, series, options.base)) {
    const found = await tryResolve(ctx, tree, candidate);
    if ('error' in found) {
      attempts.push(said(ctx, {candidate, how, error: found.error}));
      continue;
    }
    const {commit} = found;
    if (tried.has(commit)) continue;
    tried.add(commit);
    try {
      const patched = await patchedAt(ctx, tree, series, commit);
      attempts.push(said(ctx, {candidate, how, commit}));
      notePrerequisites(ctx, series);
      const name = await describeCommit(ctx, tree, commit);
      return {base: {commit, how, name, attempts}, patched};
    } catch (error) {
      if (!(error instanceof SeriesConflict)) throw error;
      conflicts.push(error);
      const {gitError, patch, files} = error;
      attempts.push(said(ctx, {candidate, how, commit, error: gitError, patch, files}));
    }
  }
  throw await noneFits(ctx, tree, series, attempts, conflicts);
}

/** The range's own base needs no applying: the commits are there. */
async function patchedAt(ctx: Context, tree: SourceTree, series: Series, commit: string): Promise<PatchedCommit> {
  if (series.range?.base !== commit) return applySeries(ctx, tree, series, commit);
  const files = await touchedFiles(createGit(ctx, tree.gitDir), commit, series.range.head);
  return {commit: series.range.head, touchedFiles: files};
}

function said(ctx: Context, attempt: BaseAttempt): BaseAttempt {
  const {candidate, how, commit, error, patch} = attempt;
  const name = how === candidate ? how : `${how} ${candidate}`;
  const at = commit === undefined || commit.startsWith(candidate) ? '' : ` (${commit.slice(0, 12)})`;
  const where = patch === undefined ? '' : `patch ${patch}: `;
  const result = error === undefined ? 'the series applies' : `does not fit: ${where}${error.split('\n').join('; ')}`;
  ctx.emit({type: 'note', message: `Base ${name}${at}: ${cleanLine(result)}`});
  return attempt;
}

/** Patches that should be there below the series. They have ids, but no mail: they cannot be fetched from here. */
function notePrerequisites(ctx: Context, series: Series): void {
  if (series.prerequisites.length === 0 || series.range !== undefined) return;
  const ids = series.prerequisites.map((id) => id.slice(0, 12)).join(', ');
  const message = `The series names ${series.prerequisites.length} prerequisite patches (${ids}) that were not applied: only its own patches are in the patched kernel`;
  ctx.emit({type: 'warning', message});
}

async function noneFits(
  ctx: Context,
  tree: SourceTree,
  series: Series,
  attempts: readonly BaseAttempt[],
  conflicts: readonly SeriesConflict[],
): Promise<SeriesConflict | UserError> {
  // The base that came furthest tells most about what is wrong.
  const best = conflicts.toSorted((a, b) => b.patch - a.patch)[0];
  const list = attempts.map(({candidate, how, commit, error, patch}) => {
    const name = how === candidate ? how : `${how} ${candidate}`;
    const at = commit === undefined ? '' : ` (${commit.slice(0, 12)})`;
    return `  ${name}${at}: ${patch === undefined ? '' : `patch ${patch}: `}${error?.split('\n').join('\n    ')}`;
  });
  const first = series.patches[0];
  const which = best ?? {
    patch: 1,
    subject: first?.subject ?? '',
    files: first?.files ?? [],
    gitError: 'no base was found',
  };
  const head = `The series "${cleanLine(series.title)}" does not apply to \`${tree.origin}\``;
  const where =
    best === undefined
      ? ''
      : `: patch ${best.patch}/${series.patches.length} "${cleanLine(best.subject)}" (${best.files.join(', ')})`;
  const message = `${head}${where}\nBases tried:\n${list.join('\n')}`;
  if (await isForAnotherProject(ctx, tree, series)) {
    return new UserError(`Most files of the series do not exist in this tree: is it for another project?\n${message}`, {
      hint: 'Check `--tree`: is it the project that the series was made for?',
      ...(best === undefined ? {} : {cause: best}),
    });
  }
  return new SeriesConflict(
    message,
    {patch: which.patch, subject: which.subject, files: which.files, gitError: which.gitError, attempts},
    {
      hint: best?.hint ?? 'Name the commit it was made for with `--base REV`.',
      ...(best === undefined ? {} : {cause: best}),
    },
  );
}
