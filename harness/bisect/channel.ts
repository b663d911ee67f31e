// SPDX-License-Identifier: MIT
/** What a search can be held against: the information bound, and plain repetition by somebody who knows the rates. */
import {entropy} from './beta.js';

/** Bits that one attempt says at most about the culprit, when it fails with `p` where it is held and with `q` elsewhere. */
export function capacity(p: number, q: number): number {
  let best = 0;
  for (let share = 1; share < 1000; share++) {
    const inside = share / 1000;
    const fail = inside * p + (1 - inside) * q;
    best = Math.max(best, entropy(fail) - inside * entropy(p) - (1 - inside) * entropy(q));
  }
  return best;
}

/** Attempts on average below which nobody finds one of `size` commits with this confidence (Fano's inequality). */
export function informationBound(size: number, p: number, q: number, confidence: number): number {
  const wrong = 1 - confidence;
  const bits = Math.log2(size) - entropy(wrong) - wrong * Math.log2(Math.max(1, size - 1));
  return Math.max(0, bits) / capacity(p, q);
}

/** A step of plain repetition: bad when at least `fails` of `runs` attempts fail. */
export interface PlainStep {
  runs: number;
  fails: number;
}

/** The fewest attempts with which both mistakes of a step are rarer than `wrong`. */
export function plainStep(p: number, q: number, wrong: number): PlainStep {
  for (let runs = 1; ; runs++) {
    // As few failures as false ones allow: then the real ones are missed least often.
    let fails = 1;
    while (fails <= runs && atLeast(fails, runs, q) > wrong) fails++;
    if (fails <= runs && 1 - atLeast(fails, runs, p) <= wrong) return {runs, fails};
  }
}

/** P(X >= k) of a binomial. */
function atLeast(k: number, n: number, p: number): number {
  if (p >= 1) return k <= n ? 1 : 0;
  let term = (1 - p) ** n;
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return Math.max(0, 1 - below);
}
