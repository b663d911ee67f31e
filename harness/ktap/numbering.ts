// SPDX-License-Identifier: MIT
import type {Node} from './node.js';

/** The numbers that the results of one document claim. */
export class Numbering {
  readonly #claimed = new Map<number, Node>();
  /** Results without a number: they count as 1, 2, 3 where none has one, and fill no place where others do. */
  #unnumbered = 0;
  /** The lines on which all results stand, and those on which all that have a number do; undefined: there is none. */
  #ofAll: readonly number[] | undefined;
  #ofNumbered: readonly number[] | undefined;
  highest = 0;
  /** The highest number that says something about those below it. */
  told = 0;
  /** The lines of each number that does; of one that is claimed twice those that both stand on. */
  readonly #lines = new Map<number, readonly number[]>();

  /** @param document which one of its level, from 0 */
  constructor(readonly document: number) {}

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

  /** Programs that count from 0 plan N and give 0 to N-1. */
  isFromZero(planned: number): boolean {
    return this.#claimed.has(0) && this.highest < planned;
  }

  /** Numbers without a result, in order, at most so many. @param planned 0: there is no plan */
  missing(planned: number, most: number): number[] {
    const last = Math.max(this.isFromZero(planned) ? planned - 1 : planned, this.told);
    const missing: number[] = [];
    for (let n = 1; n <= last && missing.length < most; n++) if (!this.has(n)) missing.push(n);
    return missing;
  }

  /** At most so many that lie above the plan. */
  beyond(planned: number, most: number): number[] {
    const beyond = [...this.#claimed.keys()].filter((number) => number > planned);
    for (let n = planned + 1; this.#claimed.size === 0 && n <= this.#unnumbered; n++) {
      if (beyond.push(n) >= most) break;
    }
    return beyond.sort((a, b) => a - b).slice(0, most);
  }

  /** True when all from 1 to `count`, and whatever is above it, have come. */
  isWhole(count: number): boolean {
    const zero = this.#claimed.has(0) && !this.isFromZero(count) ? 1 : 0;
    return this.came - zero >= Math.max(count, this.highest);
  }

  /** @param tells whether it says that those with smaller numbers came before it */
  claim(number: number | undefined, node: Node, tells: boolean): void {
    node.order = this.orderOf(number ?? this.next);
    this.#stand(node, number !== undefined);
    if (number === undefined) {
      this.#unnumbered++;
      return;
    }
    this.#claimed.set(number, node);
    this.highest = Math.max(this.highest, number);
    if (tells) this.#tell(number, node.lines);
  }

  claimAgain(number: number, node: Node, tells: boolean): void {
    const {lines} = node;
    node.order = this.orderOf(number);
    this.#stand(node, true);
    if (tells) this.#tell(number, common(this.#lines.get(number) ?? lines, lines));
  }

  #tell(number: number, lines: readonly number[]): void {
    this.#lines.set(number, lines);
    this.told = Math.max(this.told, number);
  }

  #stand({lines}: Node, isNumbered: boolean): void {
    this.#ofAll = this.#ofAll === undefined ? lines : common(this.#ofAll, lines);
    if (isNumbered) this.#ofNumbered = this.#ofNumbered === undefined ? lines : common(this.#ofNumbered, lines);
  }

  /** The lines on which all results stand, the only one or several that are glued: without them, nothing came. */
  get linesOfAll(): readonly number[] {
    return this.#ofAll ?? [];
  }

  /** Takes the next place without being evidence for the ones before it. */
  fillNext(node: Node): void {
    node.order = this.orderOf(this.next);
    const isNumbered = this.#claimed.size > 0 || this.#unnumbered === 0;
    this.#stand(node, isNumbered);
    if (isNumbered) this.#claimed.set(this.next, node);
    else this.#unnumbered++;
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

  /** The lines of all numbers among results that have none: without them, these would count. */
  get linesOfNumbered(): readonly number[] {
    return this.#unnumbered > 0 ? (this.#ofNumbered ?? []) : [];
  }
}

/** The lines that are in both. */
export const common = (one: readonly number[], other: readonly number[]): number[] =>
  one.filter((n) => other.includes(n));

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
