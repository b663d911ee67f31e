// SPDX-License-Identifier: MIT
import type {Attempt} from '../suite/attempt.js';
import {compareAttempts} from './compare.js';
import type {Design} from './design.js';
import type {Random} from './random.js';
import type {Comparison} from './results.js';
import {countOf, roundsOf} from './rounds.js';

const SIDES = ['base', 'patched'] as const;

/**
 * What a run would have said, had it seen other attempts of the same kernel: each attempt is drawn, with replacement,
 * from all that were recorded of its test, whatever side and run they come from (Efron's bootstrap, 1979). Repeats and the
 * judging are those of a real run. Both sides are the same by construction, so every claim is a false one.
 *
 * @param recorded attempts of runs of one kernel against itself; those that our host did not run are left out
 */
export function resampleRun(recorded: readonly Attempt[], design: Design, random: Random): Comparison[] {
  const attempts: Attempt[] = [];
  const pools = poolsOf(recorded);
  const draw = (pool: readonly Attempt[], number: number, repeat?: number): void => {
    for (const side of SIDES) {
      const drawn = pool[Math.floor(random() * pool.length)];
      if (drawn === undefined) continue;
      const {repeat: _, ...rest} = drawn;
      attempts.push({...rest, side, number, ...(repeat === undefined ? {} : {repeat})});
    }
  };
  for (const {pool, first} of pools.values()) for (let number = 1; number <= first; number++) draw(pool, number);
  for (const {repeat, undecided} of roundsOf(attempts, design)) {
    for (const one of undecided) draw(pools.get(keyOf(one))?.pool ?? [], one.attempts + 1, repeat);
  }
  return compareAttempts(attempts, {design, promises: false});
}

interface Pool {
  pool: Attempt[];
  /** First attempts a side. */
  first: number;
}

function poolsOf(recorded: readonly Attempt[]): Map<string, Pool> {
  const pools = new Map<string, Pool>();
  const firsts = recorded.filter(({repeat}) => repeat === undefined);
  for (const attempt of recorded) {
    if (attempt.notRun?.blame === 'infra') continue;
    const known = pools.get(keyOf(attempt));
    if (known === undefined) pools.set(keyOf(attempt), {pool: [attempt], first: countOf(firsts, attempt)});
    else known.pool.push(attempt);
  }
  return pools;
}

const keyOf = ({profile, suite, test}: Pick<Attempt, 'profile' | 'suite' | 'test'>): string =>
  JSON.stringify([profile, suite, test]);
