// SPDX-License-Identifier: MIT
/**
 * The whole story on one page:
 *
 *   series -> tree -> kernels (base, patched) -> image -> machine -> guest -> suite run -> outcomes -> verdict
 *
 * What was seen goes to the ledger, so that a verdict can be given from whatever was won before something ended it.
 */
import {createLocalExecutor} from '../engine/local.js';
import type {Context} from '../lib/context.js';
import {SeriesConflict} from '../tree/apply.js';
import type {Results} from '../verdict/results.js';
import {splatRecords} from '../verdict/splat-records.js';
import {runAttempts} from './attempts.js';
import {buildEverything} from './build-everything.js';
import {conclude} from './conclude.js';
import {withExcerpts} from './excerpts.js';
import {fillLanes} from './lanes.js';
import {Ledger} from './ledger.js';
import {type Placed, placeRun, placeSeries, placeTwice} from './place.js';
import {makePlan, type Plan} from './prepare.js';
import {reproduceWith} from './reproduce.js';
import type {Request} from './request.js';
import type {RunDir} from './run-dir.js';
import {symboliseSplats} from './symbolise-splats.js';

/** `kverdict verify`: what did the series change? A series that does not apply is an answer, not an exception. */
export async function verifySeries(ctx: Context, request: Request, run: RunDir): Promise<Results> {
  const ledger = new Ledger(request.commandLine);
  const plan = makePlan(ctx, request);
  try {
    const placed = await placeSeries(ctx, request, ledger);
    await buildAndRun(ctx, plan, placed, ledger, request, run);
  } catch (error) {
    if (!(error instanceof SeriesConflict)) throw error;
    ledger.addConflict(error, reproduceWith(request, ledger)({kind: 'series-conflict'}));
  }
  return withExcerpts(conclude(ledger, request, plan.selection), run.path);
}

/** `kverdict run`: the suites on one commit, compared with another when one was named. */
export async function runSuites(ctx: Context, request: Request, run: RunDir): Promise<Results> {
  const ledger = new Ledger(request.commandLine);
  const plan = makePlan(ctx, request);
  const placed = await placeRun(ctx, request, ledger);
  await buildAndRun(ctx, plan, placed, ledger, request, run);
  return withExcerpts(conclude(ledger, request, plan.selection), run.path);
}

/**
 * A kernel against itself, judged as a series would be. Both sides are one build: the patched one comes from the cache.
 *
 * @returns the attempts as well, to be drawn from again
 */
export async function verifyItself(
  ctx: Context,
  request: Request,
  run: RunDir,
): Promise<{results: Results; ledger: Ledger}> {
  const ledger = new Ledger(request.commandLine);
  const plan = makePlan(ctx, request);
  const placed = await placeTwice(ctx, request, ledger);
  await buildAndRun(ctx, plan, placed, ledger, request, run);
  return {results: conclude(ledger, request, plan.selection, {single: false}), ledger};
}

async function buildAndRun(
  ctx: Context,
  plan: Plan,
  placed: Placed,
  ledger: Ledger,
  request: Request,
  run: RunDir,
): Promise<void> {
  const lab = await buildEverything(ctx, {...placed, plan, ledger, request, run});
  const lanes = fillLanes(ctx, lab.lanes, lab.benches, plan.selection, request.overrideTimeout);
  ledger.promise(lanes, (name) => lab.archOf(name));
  const executor = createLocalExecutor(request.jobs, ctx.signal);
  const sides = placed.sides.map(({side}) => side);
  await runAttempts(ctx, lab, executor, lanes, sides, request);
  ledger.splats = splatRecords(ledger.attempts, lab.nameOf);
  ledger.symbols = await symboliseSplats(ctx, lab, ledger.splats);
}
