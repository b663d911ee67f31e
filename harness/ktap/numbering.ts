// SPDX-License-Identifier: MIT
import type {Node} from './node.js';

/** The numbers that the results of one document claim. */
export class Numbering {
  readonly #claimed = new Map<number, Node>();
  /** Results without a number: they count as 1, 2, 3 where none has one, and fill no place where others do. */
  #unnumbered = 0;
  highest = 0;
  /** The next lower one; the same when two claim the highest. */
  #second = 0;

  get came(): number {
    return this.#claimed.size + this.#unnumbered;
  }

  get next(): number {
    return (this.#claimed.size === 0 ? this.#unnumbered : this.highest) + 1;
  }

  get(number: number): Node | undefined {
    return this.#claimed.get(number);
  }

  has(number: number): boolean {
    return this.#claimed.has(number) || (this.#claimed.size === 0 && number <= this.#unnumbered);
  }

  /** True when all from 1 to `count`, and whatever is above it, have come. */
  isWhole(count: number): boolean {
    return this.came - (this.#claimed.has(0) ? 1 : 0) >= Math.max(count, this.highest);
  }

  claim(number: number | undefined, node: Node): void {
    if (number === undefined) {
      this.#unnumbered++;
      return;
    }
    this.#claimed.set(number, node);
    if (number > this.highest) [this.#second, this.highest] = [this.highest, number];
    else this.#second = Math.max(this.#second, number);
  }

  claimAgain(number: number): void {
    if (number === this.highest) this.#second = number;
  }

  /** Takes the next place without being evidence for the ones before it. */
  fillNext(node: Node): void {
    if (this.#claimed.size === 0 && this.#unnumbered > 0) this.#unnumbered++;
    else this.#claimed.set(this.next, node);
  }

  /** The lines without which `number` would lie above all others, if one alone does that. */
  linesAbove(number: number): readonly number[] {
    return number > this.#second ? (this.#claimed.get(this.highest)?.lines ?? []) : [];
  }

  /** The lines of the only number among results that have none: without it, these would count. */
  get linesOfOnly(): readonly number[] {
    const only = this.#unnumbered > 0 && this.#claimed.size === 1 && this.#second === 0;
    return only ? (this.#claimed.get(this.highest)?.lines ?? []) : [];
  }
}

/** Names on one level: what comes again gets `#2` behind it. */
export class Names {
  readonly #seen = new Map<string, number>();

  unique(given: string): string {
    let count = (this.#seen.get(given) ?? 0) + 1;
    // A test may itself print the name that a duplicate would get.
    while (count > 1 && this.#seen.has(`${given} #${count}`)) count++;
    this.#seen.set(given, count);
    if (count === 1) return given;
    const name = `${given} #${count}`;
    this.#seen.set(name, 1);
    return name;
  }
}
