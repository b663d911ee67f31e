// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {type ErrorDetail, KernelError} from '../lib/errors.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {cleanLine} from '../lib/text.js';
import {searchLine} from '../series/bytes.js';
import type {Patch, Series} from '../series/series.js';
import {commitPatch} from './commit-patch.js';
import {createGit, type Git} from './git.js';
import type {BaseAttempt, PatchedCommit, SourceTree} from './source-tree.js';

/** A series that does not apply: a finding about the series, not a failure of ours. */
export class SeriesConflict extends KernelError {
  /** 1-based. */
  readonly patch: number;
  readonly subject: string;
  readonly files: readonly string[];
  /** git's own words. */
  readonly gitError: string;
  /** Filled where several bases were tried. */
  readonly attempts: readonly BaseAttempt[];

  constructor(
    message: string,
    conflict: {
      patch: number;
      subject: string;
      files: readonly string[];
      gitError: string;
      attempts?: readonly BaseAttempt[];
    },
    detail: ErrorDetail = {},
  ) {
    super(message, {...detail, facts: {...conflict, ...detail.facts}});
    this.patch = conflict.patch;
    this.subject = conflict.subject;
    this.files = conflict.files;
    this.gitError = conflict.gitError;
    this.attempts = conflict.attempts ?? [];
  }
}

/**
 * Applies a series to a commit without a work tree: one commit a patch, with its author and date. The same series on
 * the same base gives the same commit. Leaves nothing but objects behind.
 * @throws SeriesConflict at the first patch that does not apply or changes nothing
 */
export async function applySeries(
  ctx: Context,
  tree: SourceTree,
  series: Series,
  baseCommit: string,
): Promise<PatchedCommit> {
  using temp = makeTempDir(ctx, 'apply');
  const git = createGit(ctx, tree.gitDir);
  const indexFile = join(temp.path, 'index');
  await git.runOk(['read-tree', baseCommit], {indexFile});
  let commit = baseCommit;
  for (const patch of series.patches) {
    await applyPatch(ctx, git, indexFile, patch, series.patches.length);
    const next = await commitPatch(git, indexFile, patch, commit);
    if (next === undefined) throw conflict(patch, series.patches.length, 'the patch changes nothing', true);
    commit = next;
  }
  return {commit, touchedFiles: await touchedFiles(git, baseCommit, commit)};
}

/** Files that differ between two commits, both sides of a rename. */
export async function touchedFiles(git: Git, from: string, to: string): Promise<string[]> {
  const names = await git.text(['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to]);
  return names.split('\0').filter((name) => name !== '');
}

async function applyPatch(ctx: Context, git: Git, indexFile: string, patch: Patch, total: number): Promise<void> {
  const input = patch.diff;
  const apply = (...words: string[]) =>
    git.run(['apply', '--cached', '--whitespace=nowarn', ...words], {indexFile, input});
  const plain = await apply();
  if (plain.exitCode === 0) return;
  const reverse = await apply('--reverse', '--check');
  if (reverse.exitCode === 0) throw conflict(patch, total, plain.stderr.trim(), true);
  const blanks = await apply('--ignore-whitespace', '--check');
  // Where the blobs that the patch was made from are known, git can merge: the context may have moved. (Conflicts are
  // left in the index; with the exception the whole index goes.)
  const merged = searchLine(patch.diff, /^index [0-9a-f]+\.\.[0-9a-f]+/m) !== -1 ? await apply('--3way') : undefined;
  if (merged?.exitCode !== 0) throw conflict(patch, total, plain.stderr.trim(), false, blanks.exitCode === 0);
  const message = `Patch ${patch.number}/${total} "${cleanLine(patch.subject)}" applied by a three-way merge`;
  ctx.emit({type: 'note', message});
}

/** git names every file that failed; more than this tells nothing new. */
const MAX_LINES = 20;

const HINTS = {
  already: 'Its reverse applies: the base holds this change. Take an older base, or drop the patch.',
  blanks:
    'It applies when white space is not looked at: a mail program may have turned tabs into blanks. Ask for it as sent ' +
    'by `git send-email`, or fetch it from its archive (`b4 mbox MESSAGE-ID`).',
  other: 'Name the commit it was made for with `--base REV`, or rebase the series.',
} as const;

function conflict(patch: Patch, total: number, said: string, already: boolean, blanks = false): SeriesConflict {
  const lines = said.split('\n');
  const more = lines.length > MAX_LINES ? [`… and ${lines.length - MAX_LINES} lines more`] : [];
  const gitError = [...lines.slice(0, MAX_LINES), ...more].join('\n');
  const named = patch.files.filter((file) => said.includes(file));
  const files = named.length > 0 ? named : patch.files;
  const message = `Patch ${patch.number}/${total} "${cleanLine(patch.subject)}" does not apply: ${gitError}${
    already ? '\n(already applied?)' : ''
  }`;
  return new SeriesConflict(
    message,
    {
      patch: patch.number,
      subject: patch.subject,
      files,
      gitError: already ? `${gitError} (already applied?)` : gitError,
    },
    {hint: already ? HINTS.already : blanks ? HINTS.blanks : HINTS.other},
  );
}
