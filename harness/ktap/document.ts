// SPDX-License-Identifier: MIT
/** One level of nesting: the results so far, and the document (plan, numbers) that is open on it. */
import type {Place} from './lines.js';
import {absent, type Budget, type Claim, type Node} from './node.js';
import {Names, Numbering} from './numbering.js';
import type {ProblemList} from './problem-list.js';
import {MAX_DIAGNOSTICS, type Status} from './result.js';
import {isFailure, worse} from './severity.js';

/** Planned results that never came are named one by one up to here. */
export const MAX_MISSING = 1000;

interface Plan {
  count: number;
  line: number;
}

export class Level {
  readonly nodes: Node[] = [];
  /** From `# Subtest:` or kselftest's header: the parent's name, should its result never come. */
  name: string | undefined;
  bail: Claim | undefined;
  /** `1..0 # SKIP why`. */
  skipAll: Claim | undefined;
  /** Version lines, plans and headers that say results will follow; absent when an indented result opened the level. */
  readonly announcements: number[] = [];
  #first: number | undefined;
  #version: string | undefined;
  #plan: Plan | undefined;
  /** What the next smaller plan of the same document promised: up to here two lines promise the same. */
  #alsoPromised = 0;
  /** A plan that came after results: the end of this document, unless further results make it the head of a new one. */
  #late: Plan | undefined;
  #numbers = new Numbering();
  readonly #names = new Names();

  /** @param begin the line that ended what was on this level before, if one did */
  constructor(
    public place: Place,
    readonly problems: ProblemList,
    readonly budget: Budget,
    private begin: readonly number[],
    readonly outer: Level | undefined,
  ) {}

  /** Nothing was said in the current document yet. */
  get fresh(): boolean {
    return this.#numbers.came === 0 && this.#plan === undefined && this.#late === undefined;
  }

  get announced(): boolean {
    return this.announcements.length > 0;
  }

  get expected(): number {
    return this.#numbers.next;
  }

  /** The lines that opened this level and those around it; without one, what is deeper might stand for itself. */
  get opened(): readonly number[] {
    const first = this.#first === undefined ? [] : [this.#first];
    return [...(this.outer?.opened ?? []), ...first];
  }

  /** The lines without which what needs to be announced, or waited for, would be only words. */
  get standsOn(): readonly number[] {
    const plan = this.#plan === undefined ? [] : [this.#plan.line];
    return [...this.opened, ...plan, ...(this.announcements.length === 1 ? this.announcements : [])];
  }

  /** True when a result of this number would fill a gap or go on with the count. */
  waitsFor(number: number): boolean {
    if (this.#late !== undefined) return number <= this.#late.count;
    return !this.#numbers.get(number) && number <= Math.max(this.#plan?.count ?? 0, this.#numbers.highest + 1);
  }

  /** Before its first result, the last line says whether the results to come stand in comments. */
  settle({hashes}: Place): void {
    if (this.fresh) this.place = {column: this.place.column, hashes};
  }

  touch(line: number): void {
    this.#first ??= line;
  }

  announce(line: number): void {
    // Two are enough to know that no line alone announced it.
    if (this.announcements.length < 2) this.announcements.push(line);
  }

  start(version: string, line: number, place: Place): void {
    this.announce(line);
    if (!this.fresh) this.finishDocument(line, 'missing', [line]);
    else if (this.#version !== undefined) this.problems.add(line, `a second version line: ${version}`);
    this.#version = version;
    this.settle(place);
  }

  plan(count: number, line: number): void {
    this.announce(line);
    const late = this.#numbers.came > 0 && (this.#plan === undefined || this.#numbers.isWhole(this.#plan.count));
    if (late && this.#late === undefined) {
      this.#late = {count, line};
      return;
    }
    const before = late ? this.#late : this.#plan;
    if (before === undefined) {
      this.#plan = {count, line};
      return;
    }
    this.problems.add(
      line,
      count === before.count
        ? `the plan 1..${count} is repeated`
        : `the plan changed from 1..${before.count} to 1..${count}; the larger one counts`,
    );
    const larger = count > before.count ? {count, line} : before;
    this.#alsoPromised = Math.max(this.#alsoPromised, Math.min(count, before.count));
    if (late) this.#late = larger;
    else this.#plan = larger;
  }

  /** Takes a result in. A number that is claimed twice makes both no better than the worse of the two. */
  add(node: Node, number: number | undefined, line: number): void {
    if (this.#late !== undefined) this.#startAtLatePlan(line);
    if (number === undefined) {
      this.problems.once(`unnumbered ${this.place.column}`, line, 'a result without a number');
    } else if (this.#claimedTwice(node, number, line)) return;
    else this.#compareNumber(number, line);
    if (this.budget.exceeded) return;
    this.#numbers.claim(number, node);
    this.#push(node);
  }

  /** A parent whose result never came, for its subtests; it takes the place that it would have had. */
  addParent(node: Node): void {
    if (this.budget.exceeded) return;
    this.#numbers.fillNext(node);
    this.#push(node);
  }

  /**
   * Closes the document: what was planned and never came is named, and so is a number that was left out.
   *
   * @param end the line that ends it; none when the output ended
   */
  finishDocument(line: number, unfinished: Status, end: readonly number[]): void {
    const late = this.#late;
    this.#late = undefined;
    if (late !== undefined && this.#plan === undefined) {
      this.#plan = late;
      if (this.#version?.startsWith('KTAP')) this.problems.add(late.line, 'the plan comes after the results');
    } else if (late !== undefined && late.count === this.#plan?.count) {
      this.problems.add(late.line, `the plan 1..${late.count} is repeated`);
    } else if (late !== undefined) {
      // Without the plan before it, this one would be the end of that document.
      const begin = [late.line, this.#plan?.line ?? 0];
      this.#finish(line, unfinished, [late.line]);
      this.#plan = late;
      this.begin = begin;
    }
    this.#finish(line, unfinished, end);
  }

  #finish(line: number, unfinished: Status, end: readonly number[]): void {
    const count = this.#plan?.count ?? 0;
    if (this.#plan === undefined && this.#numbers.came > 0 && this.place.column === 0) {
      this.problems.once('no plan', line, 'there is no plan: a result that never came cannot be told');
    }
    const missing: number[] = [];
    // A failure in a comment that nothing announced says nothing about the numbers before it.
    const counts = this.announced || this.place.hashes === 0 || this.outer === undefined;
    const last = counts ? Math.max(count, this.#numbers.highest) : count;
    for (let n = 1; n <= last && missing.length <= MAX_MISSING; n++) {
      if (!this.#numbers.has(n)) missing.push(n);
    }
    if (missing.length > 0) {
      const came = `${this.#numbers.came} came`;
      const what =
        this.#plan === undefined
          ? `the numbers go up to ${this.#numbers.highest}, and ${came}`
          : `the plan of line ${this.#plan.line} says 1..${count}, and ${came}`;
      this.problems.add(line, what);
      for (const [index, n] of missing.entries()) {
        const name = index < MAX_MISSING ? `missing #${n}` : 'missing more';
        this.#push(absent(name, unfinished, what, [...this.#promisedBy(n), ...this.opened, ...this.begin, ...end]));
      }
    }
    this.#plan = undefined;
    this.#alsoPromised = 0;
    this.#version = undefined;
    this.#numbers = new Numbering();
    this.begin = end;
  }

  /** The lines without which number `n` would not be missed, one by one. */
  #promisedBy(n: number): readonly number[] {
    const plan = n > this.#alsoPromised ? [this.#plan?.line ?? 0] : [];
    const above = this.#numbers.linesAbove(n);
    const alone = this.#numbers.linesOfOnly;
    if (n > this.#numbers.highest) return [...plan, ...alone];
    if (n <= (this.#plan?.count ?? 0)) return [...above.filter((line) => plan.includes(line)), ...alone];
    return [...above, ...this.standsOn];
  }

  /** TAP has its plan before or behind the results, never between: this one belongs to what follows. */
  #startAtLatePlan(line: number): void {
    const late = this.#late as Plan;
    this.#late = undefined;
    if (this.#plan === undefined) this.problems.add(late.line, `the plan 1..${late.count} stands between results`);
    const edges = [late.line, line, ...(this.#plan === undefined ? [] : [this.#plan.line])];
    this.#finish(line, 'missing', edges);
    this.#plan = late;
  }

  #compareNumber(number: number, line: number): void {
    const expected = this.#numbers.highest + 1;
    if (number !== expected) this.problems.add(line, `result ${number} where ${expected} was expected`);
    if (this.#plan !== undefined && number > this.#plan.count) {
      this.problems.add(line, `result ${number} is beyond the plan 1..${this.#plan.count}`);
    }
  }

  #claimedTwice(node: Node, n: number, line: number): boolean {
    const first = this.#numbers.get(n);
    if (first === undefined) return false;
    this.problems.add(line, `result ${n} is claimed twice: \`${first.name}\` and \`${node.name}\``);
    const from = worse(first.status, node.status) === first.status ? first : node;
    const {status, reason} = from;
    const both = isFailure(first.status) && isFailure(node.status);
    const lines = both ? first.lines.filter((one) => node.lines.includes(one)) : from.lines;
    // Two that did not fail keep what they are: an exit of 2 or 4 is explained by one of them.
    for (const one of isFailure(status) ? [first, node] : []) {
      one.status = status;
      one.lines = lines;
      if (reason !== undefined) one.reason = reason;
    }
    this.#numbers.claimAgain(n);
    if (first.given === node.given && first.status === node.status && node.children.length === 0) {
      first.diagnostics = [...first.diagnostics, ...node.diagnostics].slice(-MAX_DIAGNOSTICS);
    } else this.#push(node);
    return true;
  }

  #push(node: Node): void {
    if (!this.budget.take()) return;
    node.name = this.#names.unique(node.given);
    this.nodes.push(node);
  }
}
