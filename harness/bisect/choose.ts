// SPDX-License-Identifier: MIT
import {entropy} from './beta.js';
import type {Posterior} from './posterior.js';

/** In any one unit: seconds, or attempts. */
export interface Costs {
  /** A kernel that is not built yet. */
  build: number;
  /** Going back to a kernel that is. */
  visit: number;
  attempt: number;
}

export interface Step {
  at: number;
  attempts: number;
}

export interface Ground {
  costs: Costs;
  /** It can be tested: it was not found to be broken, and its kernel is no other's. */
  may: (at: number) => boolean;
  isBuilt: (at: number) => boolean;
  /** How likely it is that it builds and boots. */
  works: (at: number) => number;
}

/** Numbers of attempts that are weighed against each other. */
const BATCHES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
/** Less than this many bits is nothing. */
const NOTHING = 1e-12;

/**
 * The commit to test next, and how often: what promises most information about the culprit for its cost. For one
 * attempt that is the mutual information between its outcome and the culprit. Several at once repeat each other: they
 * come ever closer to all that the commit can say, which is the entropy of "does it hold the culprit". The ends say
 * something, too: how rare false failures are, and so what those elsewhere mean.
 *
 * @returns undefined when no commit that may be tested tells any two candidates apart
 */
export function chooseStep<Members>(posterior: Posterior<Members>, ground: Ground): Step | undefined {
  const {costs} = ground;
  const groups = posterior.judge();
  const ignorance = groups.reduce((bits, {weight}) => bits - (weight > 0 ? weight * Math.log2(weight) : 0), 0);
  let best: Step | undefined;
  let bestRate = 0;
  posterior.history.scan(groups, ground.may, (at, inside, fail, open) => {
    const one = entropy(fail) - open;
    // No number of attempts gives more for an attempt than the first.
    if (one <= NOTHING || one / costs.attempt <= bestRate) return;
    const all = Math.max(one, isEnd(posterior, at) ? ignorance : entropy(inside));
    const built = ground.isBuilt(at);
    const fixed = costs.visit + (built ? 0 : costs.build);
    const works = built ? 1 : ground.works(at);
    const left = Math.log1p(-Math.min(one / all, 1 - Number.EPSILON));
    let before = 0;
    for (const attempts of BATCHES) {
      const rate = (-works * all * Math.expm1(attempts * left)) / (fixed + attempts * costs.attempt);
      // It rises and then falls.
      if (rate < before) break;
      before = rate;
      if (rate <= bestRate) continue;
      bestRate = rate;
      best = {at, attempts};
    }
  });
  return best;
}

const isEnd = <Members>({history}: Posterior<Members>, at: number): boolean => at < 0 || at === history.size - 1;
