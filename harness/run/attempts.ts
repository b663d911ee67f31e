// SPDX-License-Identifier: MIT
import {randomInt} from 'node:crypto';
import type {Executor} from '../engine/executor.js';
import type {Side} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {createRandom} from '../verdict/random.js';
import {roundsOf} from '../verdict/rounds.js';
import type {Lab} from './lab.js';
import {designOf, type Request} from './request.js';
import {firstRound, type Lane, repeatRound, type Unit} from './schedule.js';
import {runUnit} from './unit.js';

/**
 * Runs the first round, then repeats what differs or flakes from look to look until it is decided, `maxRuns` attempts a
 * side are used up or the budget is. Attempts go to the ledger; nothing that was seen is ever replaced.
 */
export async function runAttempts(
  ctx: Context,
  lab: Lab,
  executor: Executor,
  lanes: readonly Lane[],
  sides: readonly Side[],
  request: Request,
): Promise<void> {
  const {ledger} = lab;
  const firsts = lanes.flatMap(({suite}) => suite.tests.map(lab.firstOf));
  const design = {...designOf(request, Math.min(...firsts)), seed: randomInt(2 ** 32)};
  const random = createRandom(design.seed);
  ledger.design = design;
  await runRound(ctx, lab, executor, firstRound(lanes, sides, lab.firstOf, random));
  if (sides.length < 2) return;
  for (const {repeat, undecided} of roundsOf(ledger.attempts, design)) {
    if (isOver(ledger.started, request.budget)) {
      ctx.emit({type: 'note', message: `The budget of ${request.budget} s is used up: nothing more is repeated`});
      return;
    }
    ctx.emit({type: 'note', message: `Repeating ${undecided.length} tests whose sides differ (repeat ${repeat})`});
    await runRound(ctx, lab, executor, repeatRound(lanes, sides, repeat, undecided, random));
  }
}

/** All units of a round; the first failure of ours stops those that have not begun, and is thrown when all are gone. */
async function runRound(ctx: Context, lab: Lab, executor: Executor, units: readonly Unit[]): Promise<void> {
  const settled = await Promise.allSettled(units.map((unit) => executor.submit(() => runUnit(ctx, lab, unit))));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

const isOver = (started: Date, budget: number | undefined): boolean =>
  budget !== undefined && Date.now() - started.getTime() >= budget * 1000;
