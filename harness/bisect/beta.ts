// SPDX-License-Identifier: MIT
/** What is known of a failure rate: a Beta distribution, and what attempts make of it. */

/** Binary entropy in bits. */
export function entropy(p: number): number {
  if (p <= 0 || p >= 1) return 0;
  return -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
}

/** A rate before anything was seen: Beta(a, b). Its mean is a / (a + b), and a + b attempts weigh as much as it does. */
export class BetaPrior {
  readonly #failed: Rising;
  readonly #passed: Rising;
  readonly #all: Rising;

  constructor(
    readonly a: number,
    readonly b: number,
  ) {
    this.#failed = new Rising(a);
    this.#passed = new Rising(b);
    this.#all = new Rising(a + b);
  }

  /** ln of the probability of a given sequence of `runs` attempts with `failed` failures, over all rates. */
  logEvidence(failed: number, runs: number): number {
    return this.#failed.log(failed) + this.#passed.log(runs - failed) - this.#all.log(runs);
  }

  /** The probability that the next attempt fails, after these. */
  mean(failed: number, runs: number): number {
    return (this.a + failed) / (this.a + this.b + runs);
  }
}

/** ln of x (x + 1) … (x + n - 1), from a table that grows: a search asks for it thousands of times a second. */
class Rising {
  readonly #table: number[] = [0];

  constructor(readonly x: number) {}

  log(n: number): number {
    const table = this.#table;
    for (let k = table.length; k <= n; k++) table.push((table[k - 1] ?? 0) + Math.log(this.x + k - 1));
    return table[n] ?? 0;
  }
}
