// SPDX-License-Identifier: MIT
/** Numbers that decide how a document is written: fast-check makes and shrinks them, the writers ask for choices. */
export class Tape {
  #at = 0;

  constructor(readonly numbers: readonly number[]) {}

  /** From 0 to `count` - 1; always 0 when the numbers are used up, so that what is left is the simplest. */
  below(count: number): number {
    return (this.numbers[this.#at++] ?? 0) % count;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** True in one of `count` cases. */
  once(count: number): boolean {
    return this.below(count) === count - 1;
  }
}
