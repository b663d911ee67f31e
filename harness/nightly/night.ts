// SPDX-License-Identifier: MIT
/**
 * A night, on one page: for each branch, fetch, judge its tip against what was judged before, bisect what got worse.
 * All memory is in the history, so the same call goes on after a crash: what is judged has its row, what is to be
 * bisected has one that is pending, and a bisect has its own journal.
 */
import {join} from 'node:path';
import {renderNight} from '../../reports/night.js';
import type {History} from '../history/database.js';
import {type NightReport, nightReport} from '../history/night.js';
import {listNights, readNight} from '../history/read.js';
import {beginNight, endNight, rememberBranch, rememberVisit} from '../history/record.js';
import type {Context} from '../lib/context.js';
import {InfraError, KverdictError} from '../lib/errors.js';
import {takeLock} from '../lib/lock.js';
import {makePlan} from '../run/prepare.js';
import {RunDir} from '../run/run-dir.js';
import type {NightlyConfig, Watched} from './config.js';
import {huntRegressions} from './hunt.js';
import {judgeTip} from './judge.js';

export const NIGHT_JSON = 'night.json';
export const NIGHT_TEXT = 'night.txt';

/** What every step of a night needs. */
export interface Night {
  ctx: Context;
  config: NightlyConfig;
  history: History;
  /** In the history. */
  id: number;
  /** The night's own folder; those of its runs are in it. */
  run: RunDir;
  /** Events go to this folder from here on. */
  record(run: RunDir): void;
}

/** A branch, and its number in the history. */
export interface Visit extends Watched {
  id: number;
}

/** @throws InfraError naming who has the night, when another is under way */
export async function holdNight(ctx: Context, history: History): Promise<AsyncDisposable> {
  const taken = await takeLock(ctx, join(ctx.paths.state, 'nightly'));
  if ('lock' in taken) return taken.lock;
  const [open] = (await listNights(history, {limit: 10})).filter(({ended}) => ended === null);
  const process = taken.owner === undefined ? 'another process' : `process ${taken.owner.split('-')[0]}`;
  const what = open === undefined ? '' : ` (nightly \`${open.nightly}\`, begun ${open.started})`;
  throw new InfraError(`A night is under way: ${process} has it${what}`, {
    hint: 'Guests of two at once would disturb each other. Wait for its end, or stop it: the next call goes on.',
    facts: {owner: taken.owner ?? null, nightly: open?.nightly ?? null},
  });
}

/**
 * Does all that is to be done, once; the caller holds the night. Leaves night.json and night.txt.
 *
 * @param exitOf the exit code of what was found
 * @throws UserError when tests, profiles or suites of the configuration are not there
 */
export async function runNight(
  ctx: Context,
  config: NightlyConfig,
  history: History,
  {record, exitOf}: {record: Night['record']; exitOf: (report: NightReport) => number},
): Promise<{report: NightReport; folder: string}> {
  for (const {tests, profiles} of config.watched) makePlan(ctx, {...config.request, tests, profiles});
  const {id, resumed} = await beginNight(history, {nightly: config.name, config: config.file, now: new Date()});
  const started = (await readNight(history, id))?.started ?? '';
  const folder = join(ctx.paths.state, 'runs', `nightly-${config.name}`, folderName(started));
  const run = RunDir.reopen(ctx.paths, folder);
  record(run);
  if (resumed) ctx.emit({type: 'note', message: `Going on with the night of ${started}`});
  const night: Night = {ctx, config, history, id, run, record};
  for (const watched of config.watched) await visit(night, watched);
  const exit = exitOf(await nightReport(history, id));
  await endNight(history, id, {exit, now: new Date()});
  const report = await nightReport(history, id);
  run.write(NIGHT_JSON, `${JSON.stringify(report, null, 2)}\n`);
  run.write(NIGHT_TEXT, renderNight(report));
  return {report, folder};
}

/** What goes wrong with a branch is no reason to leave the others out. */
async function visit(night: Night, watched: Watched): Promise<void> {
  const {ctx, config, history} = night;
  const {tree, branch} = watched;
  const id = await rememberBranch(history, {nightly: config.name, tree, branch});
  ctx.emit({type: 'note', message: `${branch} of ${tree}`});
  try {
    await judgeTip(night, {...watched, id});
    await huntRegressions(night, {...watched, id});
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof KverdictError)) throw error;
    ctx.emit({type: 'warning', message: `${branch} of ${tree}: ${error.message}`});
    if (error.hint !== undefined) ctx.emit({type: 'note', message: error.hint});
    await rememberVisit(history, {
      night_id: night.id,
      branch_id: id,
      tip: null,
      state: 'failed',
      detail: error.message,
    });
  }
}

/** `20261121-143500`, as the folders of other runs. */
function folderName(started: string): string {
  const digits = started.replaceAll(/[-:T]/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}`;
}
