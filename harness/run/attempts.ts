// SPDX-License-Identifier: MIT
import type {Executor} from '../engine/executor.js';
import type {Side} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {compareAttempts} from '../verdict/compare.js';
import {testsToRepeat} from '../verdict/needs-more.js';
import type {Lab} from './lab.js';
import type {Request} from './request.js';
import {firstRound, type Lane, repeatRound, type Unit} from './schedule.js';
import {runUnit} from './unit.js';

/**
 * Runs the first round, then repeats what is undecided until it is decided or `runs` attempts a side are used up.
 * Attempts go to the ledger; nothing is returned, and nothing that was seen is ever replaced.
 */
export async function runAttempts(
  ctx: Context,
  lab: Lab,
  executor: Executor,
  lanes: readonly Lane[],
  sides: readonly Side[],
  request: Request,
): Promise<void> {
  await runRound(ctx, lab, executor, firstRound(lanes, sides, request.runs));
  if (sides.length < 2) return;
  for (let number = 2; number <= request.runs; number++) {
    const undecided = testsToRepeat(compareAttempts(lab.ledger.attempts, {alpha: request.alpha})).filter(
      (one) => attemptsOf(lab, one) < number,
    );
    if (undecided.length === 0) return;
    ctx.emit({type: 'note', message: `Repeating ${undecided.length} tests whose sides differ (attempt ${number})`});
    await runRound(ctx, lab, executor, repeatRound(lanes, sides, number, undecided));
  }
}

/** All units of a round; the first failure of ours stops those that have not begun, and is thrown when all are gone. */
async function runRound(ctx: Context, lab: Lab, executor: Executor, units: readonly Unit[]): Promise<void> {
  const settled = await Promise.allSettled(units.map((unit) => executor.submit(() => runUnit(ctx, lab, unit))));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function attemptsOf(lab: Lab, one: {profile: string; suite: string; test: string}): number {
  const numbers = lab.ledger.attempts
    .filter(({profile, suite, test}) => profile === one.profile && suite === one.suite && test === one.test)
    .map(({number}) => number);
  return Math.max(0, ...numbers);
}
