// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {readSeries} from '../series/read-series.js';
import {touchedFiles} from '../tree/apply.js';
import {applyOnBase} from '../tree/choose-base.js';
import {commitsBetween} from '../tree/commits-between.js';
import {createGit} from '../tree/git.js';
import {openTree} from '../tree/open-tree.js';
import {describeCommit, kernelVersionAt, resolveCommit} from '../tree/resolve.js';
import type {SourceTree} from '../tree/source-tree.js';
import type {SideCommit} from './kernels.js';
import type {Ledger} from './ledger.js';
import type {Request} from './request.js';
import {readStdin} from './stdin.js';

/** A tree, and the commits in it that are to be built. */
export interface Placed {
  tree: SourceTree;
  /** Base first. */
  sides: readonly SideCommit[];
  /** Files that the series touches. */
  touched: readonly string[];
}

/** The series on its base. @throws SeriesConflict when it fits on none; the ledger then knows series and bases */
export async function placeSeries(ctx: Context, request: Request, ledger: Ledger): Promise<Placed> {
  const tree = await openTree(ctx, {tree: request.tree});
  ledger.series = await readSeries(ctx, [...request.series], {tree, stdin: readStdin, cwd: process.cwd()});
  const {base, patched} = await applyOnBase(
    ctx,
    tree,
    ledger.series,
    request.rev === undefined ? {} : {base: request.rev},
  );
  ledger.base = {...base, kernelVersion: await kernelVersionAt(ctx, tree, base.commit)};
  return {
    tree,
    sides: [
      {side: 'base', name: 'base', commit: base.commit},
      {side: 'patched', name: 'patched', commit: patched.commit},
    ],
    touched: patched.touchedFiles,
  };
}

/** One commit twice: what differs between its sides is noise. */
export async function placeTwice(ctx: Context, request: Request, ledger: Ledger): Promise<Placed> {
  const {tree, sides} = await placeCommit(ctx, request, ledger);
  const [{commit} = {commit: ''}] = sides;
  return {
    tree,
    sides: [
      {side: 'base', name: 'base', commit},
      {side: 'patched', name: 'patched', commit},
    ],
    touched: [],
  };
}

/** What `kverdict run` is about: one commit, or one against another. */
export function placeRun(ctx: Context, request: Request, ledger: Ledger): Promise<Placed> {
  return request.against === undefined
    ? placeCommit(ctx, request, ledger)
    : placeCommits(ctx, request, request.against, ledger);
}

/** Two commits as they are. @throws UserError when they are the same */
async function placeCommits(ctx: Context, request: Request, against: string, ledger: Ledger): Promise<Placed> {
  const tree = await openTree(ctx, {tree: request.tree});
  const head = await resolveCommit(ctx, tree, request.rev ?? tree.head);
  const base = await resolveCommit(ctx, tree, against);
  if (base === head) {
    throw new UserError(`\`${against}\` and \`${request.rev ?? 'HEAD'}\` are the same commit, ${head.slice(0, 12)}`, {
      hint: '`kverdict selfcheck --aa N` runs a kernel against itself.',
    });
  }
  const name = await describeCommit(ctx, tree, base);
  const kernelVersion = await kernelVersionAt(ctx, tree, base);
  ledger.base = {commit: base, name, how: '--against', attempts: [], kernelVersion};
  const between = await commitsBetween(ctx, tree, {base, head});
  ledger.history = {commit: head, name: await describeCommit(ctx, tree, head), ...between};
  return {
    tree,
    sides: [
      {side: 'base', name: 'base', commit: base},
      {side: 'patched', name: 'patched', commit: head},
    ],
    touched: await touchedFiles(createGit(ctx, tree.gitDir), base, head),
  };
}

/** One commit, nothing to compare with. */
export async function placeCommit(ctx: Context, request: Request, ledger: Ledger): Promise<Placed> {
  const tree = await openTree(ctx, {tree: request.tree});
  const commit = await resolveCommit(ctx, tree, request.rev ?? tree.head);
  ledger.base = {
    commit,
    name: await describeCommit(ctx, tree, commit),
    how: request.rev ?? 'HEAD',
    attempts: [],
    kernelVersion: await kernelVersionAt(ctx, tree, commit),
  };
  return {tree, sides: [{side: 'patched', name: 'only', commit}], touched: []};
}
