// SPDX-License-Identifier: MIT
/** Numbers that decide what a case is: the same seed and number give the same case, and nothing is made in advance. */
export class Dice {
  #state: number;

  constructor(seed: number, number: number) {
    this.#state = (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b)) >>> 0;
    for (let warm = 0; warm < 4; warm++) this.#next();
  }

  /** From 0 to `count` - 1. */
  below(count: number): number {
    return this.#next() % count;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** True in one of `count` cases. */
  once(count: number): boolean {
    return this.below(count) === 0;
  }

  /** Up to `most` of what `make` gives. */
  list<T>(most: number, make: (at: number) => T): T[] {
    return Array.from({length: this.below(most + 1)}, (_, at) => make(at));
  }

  /** The same bytes or letters, in pieces. */
  cut<T extends {length: number; slice(from: number, to?: number): T}>(whole: T): T[] {
    const pieces: T[] = [];
    for (let at = 0; at < whole.length; ) {
      const size = this.once(4) ? 1 : 1 + this.below(whole.length);
      pieces.push(whole.slice(at, at + size));
      at += size;
    }
    return pieces;
  }

  /** mulberry32 */
  #next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

/** A reader, and what is done with it. */
export interface Fuzzer {
  name: string;
  /** Of a hundred cases, so many are for it. */
  share: number;
  /** Makes what all cases need; `end` removes it. */
  begin(): {
    /** @throws what does not hold */
    one(dice: Dice): void | Promise<void>;
    end(): void;
  };
}
