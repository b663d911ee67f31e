// SPDX-License-Identifier: MIT
/** What one document says of itself: its version, its plan, its numbers, its totals, and that it gave up. */
import type {Totals} from './lines.js';
import {absent, absentMore, absentNumber, type Node} from './node.js';
import {common, Numbering} from './numbering.js';
import {largerPlan, type Plan} from './plan.js';
import type {ProblemList} from './problem-list.js';
import type {Status} from './result.js';
import {noteLine} from './sole-line.js';

/** Planned results that never came are named one by one up to here. */
const MAX_MISSING = 1000;
/** Results beyond a plan that are told one by one. */
const MAX_BEYOND = 10;

/** The statuses that totals count and that need no line of their own to be believed. */
const COUNTED = ['pass', 'xfail', 'skip'] as const;

export class Document {
  /** `lines`: its own; none when it stands behind another one. */
  version: {words: string; lines: readonly number[]} | undefined;
  plan: Plan | undefined;
  /** A plan that came after results: the end of this document, unless further results make it the head of a new one. */
  late: Plan | undefined;
  readonly numbers: Numbering;
  /** What the next smaller plan of the same document promised: up to here two lines promise the same. */
  #alsoPromised = 0;
  /** By what they count. Two lines of each, and three that differ, are enough to know whether one line alone does. */
  readonly #totals = new Map<string, {counts: Totals; lines: number[]}>();
  /** The last skip that has only a reason and no name; `after`: lines on which all results behind it stand. */
  #skip: {node: Node; words: string; mayEnd: boolean; after: readonly number[] | undefined} | undefined;

  /** @param index which one of its level, from 0 */
  constructor(
    readonly problems: ProblemList,
    readonly index = 0,
  ) {
    this.numbers = new Numbering(index);
  }

  /** Nothing was said in it yet. */
  get fresh(): boolean {
    return this.numbers.came === 0 && this.plan === undefined && this.late === undefined;
  }

  get planLine(): readonly number[] {
    return this.plan === undefined ? [] : [this.plan.line];
  }

  /** Takes a plan that is in front of the results, or behind them all. */
  take(plan: Plan): void {
    const late = this.numbers.came > 0;
    const before = late ? this.late : this.plan;
    const larger = before === undefined ? plan : this.larger(before, plan);
    if (late) this.late = larger;
    else this.plan = larger;
  }

  larger(before: Plan, next: Plan): Plan {
    if (next.line !== before.line)
      this.#alsoPromised = Math.max(this.#alsoPromised, Math.min(next.count, before.count));
    return largerPlan(before, next, this.problems);
  }

  /**
   * The lines, beside the plan's, without which a result of this number would not fill a gap or go on with the count;
   * undefined: it does not.
   */
  waitsFor(number: number): readonly number[] | undefined {
    const {late, numbers} = this;
    if (late !== undefined) return number <= late.count ? [late.line] : undefined;
    if (numbers.get(number) !== undefined) return undefined;
    if (number <= (this.plan?.count ?? 0)) return [];
    return number <= numbers.highest + 1 ? (numbers.get(numbers.highest)?.lines ?? []) : undefined;
  }

  count(counts: Totals, line: number): void {
    const key = JSON.stringify(counts);
    const same = this.#totals.get(key);
    if (same !== undefined) noteLine(same.lines, line);
    else if (this.#totals.size < 3) this.#totals.set(key, {counts, lines: [line]});
  }

  /** A result came. @param reason of a skip, what may be its name or the reason of all that is left */
  note(node: Node, number: number | undefined, reason: string | undefined): void {
    if (reason !== undefined && number !== undefined) {
      // kselftest's helper of 6.12 counts itself twice. A larger number tells of results that were lost.
      this.#skip = {
        node,
        words: reason || 'no reason given',
        mayEnd: number <= this.numbers.came + 2,
        after: undefined,
      };
    } else if (this.#skip !== undefined) {
      const {after} = this.#skip;
      this.#skip.after = after === undefined ? node.lines : common(after, node.lines);
    }
  }

  /** The skip with which the program ended before its plan, as `ksft_exit_skip()` does. */
  get gaveUp(): {node: Node; words: string} | undefined {
    return this.#skip?.mayEnd && this.#skip.after === undefined ? this.#skip : undefined;
  }

  /**
   * All planned results, when not one has a line of its own and the totals count exactly the plan, none of it as a failure;
   * undefined: the totals say nothing of that kind.
   */
  get counted(): Node[] | undefined {
    const [totals, other] = this.#totals.values();
    const planned = this.plan?.count ?? 0;
    if (totals === undefined || other !== undefined || this.numbers.came > 0 || planned > MAX_MISSING) return undefined;
    const {counts} = totals;
    const failed = counts.fail + counts.xpass + counts.error;
    const sum = COUNTED.reduce((all, status) => all + counts[status], 0);
    if (failed > 0 || sum !== planned) return undefined;
    const statuses = COUNTED.flatMap((status) => Array.from({length: counts[status]}, () => status));
    // Which of them is which is only known where all are the same.
    const isSame = new Set(statuses).size === 1;
    return statuses.map((status, index) => {
      const node = absent(`test ${index + 1}`, status, 'only counted in the totals', []);
      return isSame ? {...node, order: this.numbers.orderOf(index + 1), standIn: 'unnamed'} : node;
    });
  }

  /** Those of `missing`, as results. @param around the lines that opened its level, and between which it stands */
  nameMissing(
    {numbers, why}: ReturnType<Document['missing']>,
    status: Status,
    standsOn: readonly number[],
    around: readonly number[],
  ): Node[] {
    return numbers.map((n, index) => {
      const lines = [...this.#promisedBy(n, standsOn), ...around];
      const node = index < MAX_MISSING ? absentNumber(n, status, why, lines) : absentMore(status, why, lines);
      return {...node, order: this.numbers.orderOf(n)};
    });
  }

  /** Numbers that were promised or left out and have no result, and what says so. */
  missing(): {numbers: number[]; why: string} {
    const {plan, numbers} = this;
    const came = `${numbers.came} came`;
    const why =
      plan === undefined
        ? `the numbers go up to ${numbers.highest}, and ${came}`
        : `the plan of line ${plan.line} says 1..${plan.count}, and ${came}`;
    return {numbers: numbers.missing(plan?.count ?? 0, MAX_MISSING + 1), why};
  }

  compareNumber(number: number, line: number): void {
    const expected = this.numbers.highest + 1;
    if (number !== expected) this.problems.add(line, `result ${number} where ${expected} was expected`);
    const count = this.plan?.count ?? number;
    if (number > count) this.problems.add(line, `result ${number} is beyond the plan 1..${count}`);
  }

  askForPlan(line: number): void {
    if (this.plan !== undefined || this.numbers.came === 0) return;
    this.problems.once('no plan', line, 'there is no plan: a result that never came cannot be told');
  }

  /** A plan behind its results was not there to compare them with when they came. */
  compareWithLatePlan({count, line}: Plan): void {
    for (const number of this.numbers.beyond(count, MAX_BEYOND)) {
      this.problems.add(line, `result ${number} is beyond the plan 1..${count}`);
    }
  }

  /** The lines without which number `n` would not be missed, one by one; `standsOn`: what announced the document. */
  #promisedBy(n: number, standsOn: readonly number[]): readonly number[] {
    return [...this.#promise(n, standsOn), ...(this.#skip?.after ?? []), ...this.#linesOfTotals()];
  }

  #promise(n: number, standsOn: readonly number[]): readonly number[] {
    const planned = this.plan?.count ?? 0;
    // A plan of N promises N-1 at the most to a program that counts from 0.
    const also = this.#alsoPromised - (this.numbers.get(0) === undefined ? 0 : 1);
    const plan = n > also ? this.planLine : [];
    const above = this.numbers.linesAbove(n);
    const alone = this.numbers.linesOfNumbered;
    // Counted from 0, number N of a plan 1..N is missed only because of one that is above it.
    const zero = n === planned && this.numbers.get(0) !== undefined ? above : [];
    if (n > this.numbers.told) return [...plan, ...alone, ...zero];
    if (n <= planned) return [...above.filter((line) => plan.includes(line)), ...alone, ...zero];
    return [...above, ...standsOn];
  }

  /** What stands between totals and their being believed. */
  #linesOfTotals(): readonly number[] {
    if (this.#totals.size === 0) return [];
    const alone = [...this.#totals.values()].filter(({lines}) => lines.length === 1).flatMap(({lines}) => lines);
    return [...(this.#totals.size === 2 ? alone : []), ...this.planLine, ...this.numbers.linesOfAll];
  }
}
