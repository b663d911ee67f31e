// SPDX-License-Identifier: MIT
/** One level of nesting: the results so far, and the document (plan, numbers) that is open on it. */
import type {Place} from './lines.js';
import {absent, type Budget, type Node} from './node.js';
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
  bail: {words: string; lines: readonly number[]} | undefined;
  skipAll: string | undefined;
  /** Version lines, plans and headers that say results will follow; absent when an indented result opened the level. */
  readonly announcements: number[] = [];
  /** Lines that were read on this level: the first, and whether it is the only one. */
  #first: number | undefined;
  #single = true;
  #version: string | undefined;
  #plan: Plan | undefined;
  /** What the next smaller plan of the same document promised: up to here two lines promise the same. */
  #alsoPromised = 0;
  /** A plan that came after results: the end of this document, unless further results make it the head of a new one. */
  #late: Plan | undefined;
  #numbers = new Map<number, Node>();
  #highest = 0;
  #second = 0;
  #names = new Map<string, number>();

  /** @param begin the line that ended what was on this level before, if one did */
  constructor(
    readonly place: Place,
    readonly problems: ProblemList,
    readonly budget: Budget,
    private begin: readonly number[],
  ) {}

  /** Nothing was said in the current document yet. */
  get fresh(): boolean {
    return this.#numbers.size === 0 && this.#plan === undefined && this.#late === undefined;
  }

  get announced(): boolean {
    return this.announcements.length > 0;
  }

  get expected(): number {
    return this.#highest + 1;
  }

  /** The only line of this level, if there is only one: without it, the level would not be there. */
  get soleLine(): readonly number[] {
    return this.#first === undefined || !this.#single ? [] : [this.#first];
  }

  /** True when a result of this number would fill a gap or go on with the count. */
  waitsFor(number: number): boolean {
    return !this.#numbers.has(number) && (number <= (this.#plan?.count ?? 0) || number === this.expected);
  }

  touch(line: number): void {
    if (this.#first === undefined) this.#first = line;
    else this.#single = false;
  }

  announce(line: number): void {
    // Two are enough to know that no line alone announced it.
    if (this.announcements.length < 2) this.announcements.push(line);
  }

  start(version: string, line: number): void {
    this.announce(line);
    if (!this.fresh) this.finishDocument(line, 'missing', [line]);
    else if (this.#version !== undefined) this.problems.add(line, `a second version line: ${version}`);
    this.#version = version;
  }

  plan(count: number, line: number): void {
    this.announce(line);
    const late = this.#numbers.size > 0 && (this.#plan === undefined || this.#fulfilled);
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
    const n = number ?? this.expected;
    if (number === undefined) this.problems.once(`unnumbered ${this.place.column}`, line, 'a result without a number');
    else if (this.#claimedTwice(node, n, line)) return;
    else if (n !== this.expected) this.problems.add(line, `result ${n} where ${this.expected} was expected`);
    if (this.#plan !== undefined && n > this.#plan.count) {
      this.problems.add(line, `result ${n} is beyond the plan 1..${this.#plan.count}`);
    }
    if (this.budget.exceeded) return;
    this.#numbers.set(n, node);
    if (n > this.#highest) [this.#second, this.#highest] = [this.#highest, n];
    else this.#second = Math.max(this.#second, n);
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
      this.#finish(line, unfinished, [late.line]);
      this.#plan = late;
    }
    this.#finish(line, unfinished, end);
  }

  #finish(line: number, unfinished: Status, end: readonly number[]): void {
    const count = this.#plan?.count ?? 0;
    if (this.#plan === undefined && this.#numbers.size > 0 && this.place.column === 0) {
      this.problems.once('no plan', line, 'there is no plan: a result that never came cannot be told');
    }
    const missing: number[] = [];
    // A failure in a comment that nothing announced says nothing about the numbers before it.
    const last = this.announced || this.place.hashes === 0 ? Math.max(count, this.#highest) : count;
    for (let n = 1; n <= last && missing.length <= MAX_MISSING; n++) {
      if (!this.#numbers.has(n)) missing.push(n);
    }
    if (missing.length > 0) {
      const came = `${this.#numbers.size} came`;
      const what =
        this.#plan === undefined
          ? `the numbers go up to ${this.#highest}, and ${came}`
          : `the plan of line ${this.#plan.line} says 1..${count}, and ${came}`;
      this.problems.add(line, what);
      for (const n of missing.slice(0, MAX_MISSING)) {
        const lines = [...this.#promisedBy(n), ...this.begin, ...end];
        this.#push(absent(`missing #${n}`, unfinished, what, lines));
      }
      if (missing.length > MAX_MISSING) this.#push(absent('missing more', unfinished, what, []));
    }
    this.#plan = undefined;
    this.#alsoPromised = 0;
    this.#version = undefined;
    this.#numbers = new Map();
    this.#highest = 0;
    this.#second = 0;
    this.begin = end;
  }

  /** The line without which number `n` would not be missed, if there is one. */
  #promisedBy(n: number): readonly number[] {
    const planned = this.#plan !== undefined && n <= this.#plan.count;
    if (planned && n < this.#highest) return [];
    if (planned) return n > this.#alsoPromised ? [this.#plan?.line ?? 0] : [];
    return n > this.#second ? (this.#numbers.get(this.#highest)?.lines ?? []) : [];
  }

  /** TAP has its plan before or behind the results, never between: this one belongs to what follows. */
  #startAtLatePlan(line: number): void {
    const late = this.#late as Plan;
    this.#late = undefined;
    if (this.#plan === undefined) this.problems.add(late.line, `the plan 1..${late.count} stands between results`);
    this.#finish(line, 'missing', [late.line]);
    this.#plan = late;
  }

  get #fulfilled(): boolean {
    return this.#plan !== undefined && this.#plan.count > 0 && this.#numbers.size >= this.#plan.count;
  }

  #claimedTwice(node: Node, n: number, line: number): boolean {
    const first = this.#numbers.get(n);
    if (first === undefined) return false;
    this.problems.add(line, `result ${n} is claimed twice: \`${first.name}\` and \`${node.name}\``);
    const from = worse(first.status, node.status) === first.status ? first : node;
    const {status, reason} = from;
    const lines = isFailure(first.status) === isFailure(node.status) ? [] : from.lines;
    for (const one of [first, node]) {
      one.status = status;
      one.lines = lines;
      if (reason !== undefined) one.reason = reason;
    }
    if (n === this.#highest) this.#second = n;
    if (first.given === node.given && node.children.length === 0) {
      first.diagnostics = [...first.diagnostics, ...node.diagnostics].slice(-MAX_DIAGNOSTICS);
    } else this.#push(node);
    return true;
  }

  #push(node: Node): void {
    if (!this.budget.take()) return;
    let count = (this.#names.get(node.given) ?? 0) + 1;
    // A test may itself print the name that a duplicate would get.
    while (count > 1 && this.#names.has(`${node.given} #${count}`)) count++;
    this.#names.set(node.given, count);
    if (count > 1) {
      node.name = `${node.given} #${count}`;
      this.#names.set(node.name, 1);
    }
    this.nodes.push(node);
  }
}
