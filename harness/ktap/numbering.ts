// SPDX-License-Identifier: MIT
import type {Node} from './node.js';

/** The numbers that the results of one document claim. */
export class Numbering {
  readonly #claimed = new Map<number, Node>();
  /** Results without a number: they count as 1, 2, 3 where none has one, and fill no place where others do. */
  #unnumbered = 0;
  #first: Node | undefined;
  highest = 0;
  /** The lines of each number; of one that is claimed twice those that both stand on. */
  readonly #lines = new Map<number, readonly number[]>();

  /** @param document which one of its level, from 0 */
  constructor(readonly document = 0) {}

  orderOf(number: number): NonNullable<Node['order']> {
    return {document: this.document, number};
  }

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

  /** In order, at most so many. */
  missingUpTo(last: number, most: number): number[] {
    const missing: number[] = [];
    for (let n = 1; n <= last && missing.length < most; n++) if (!this.has(n)) missing.push(n);
    return missing;
  }

  /** True when all from 1 to `count`, and whatever is above it, have come. */
  isWhole(count: number): boolean {
    return this.came - (this.#claimed.has(0) ? 1 : 0) >= Math.max(count, this.highest);
  }

  claim(number: number | undefined, node: Node): void {
    this.#first ??= node;
    node.order = this.orderOf(number ?? this.next);
    if (number === undefined) {
      this.#unnumbered++;
      return;
    }
    this.#claimed.set(number, node);
    this.#lines.set(number, node.lines);
    this.highest = Math.max(this.highest, number);
  }

  claimAgain(number: number, node: Node): void {
    node.order = this.orderOf(number);
    this.#lines.set(number, common(this.#lines.get(number) ?? [], node.lines));
  }

  /** The lines of the only result: without it, nothing came. */
  get linesOfSole(): readonly number[] {
    return this.came === 1 ? (this.#first?.lines ?? []) : [];
  }

  /** Takes the next place without being evidence for the ones before it. */
  fillNext(node: Node): void {
    this.#first ??= node;
    node.order = this.orderOf(this.next);
    if (this.#claimed.size === 0 && this.#unnumbered > 0) this.#unnumbered++;
    else this.#claimed.set(this.next, node);
  }

  /** The lines without which `number` would lie above all others: each of those above stands on them. */
  linesAbove(number: number): readonly number[] {
    let lines: readonly number[] | undefined;
    for (const [claimed, own] of this.#lines) {
      if (claimed <= number) continue;
      lines = lines === undefined ? own : common(lines, own);
      if (lines.length === 0) break;
    }
    return lines ?? [];
  }

  /** The lines of the only number among results that have none: without it, these would count. */
  get linesOfOnly(): readonly number[] {
    const only = this.#unnumbered > 0 && this.#claimed.size === 1;
    return only ? (this.#lines.get(this.highest) ?? []) : [];
  }
}

const common = (one: readonly number[], other: readonly number[]): number[] => one.filter((n) => other.includes(n));

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
