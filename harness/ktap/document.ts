// SPDX-License-Identifier: MIT
/** One level of nesting: the results so far, and the document (plan, numbers) that is open on it. */
import type {Place} from './lines.js';
import type {ProblemList} from './problem-list.js';
import {MAX_DIAGNOSTICS, type Status} from './result.js';
import {worse} from './severity.js';

/** Planned results that never came are named one by one up to here. */
export const MAX_MISSING = 1000;

/** A result, with those of its own document below it. */
export interface Node {
  name: string;
  /** As the test gave it, before `#2` was added. */
  given: string;
  status: Status;
  reason?: string;
  diagnostics: string[];
  children: Node[];
}

/** Shared by all levels of one reader: neither results nor plans can make it grow without end. */
export class Budget {
  #left: number;
  exceeded = false;

  constructor(results: number) {
    this.#left = results;
  }

  /** Takes one; false when there is none left. */
  take(): boolean {
    if (this.#left > 0) this.#left--;
    else this.exceeded = true;
    return !this.exceeded;
  }
}

export class Level {
  readonly nodes: Node[] = [];
  /** From `# Subtest:` or kselftest's header: the parent's name, should its result never come. */
  name: string | undefined;
  version: string | undefined;
  bail: string | undefined;
  skipAll: string | undefined;
  /** Something other than an indented result opened this level. */
  announced = false;
  #plan: number | undefined;
  #planLine = 0;
  /** A plan that came after the plan was fulfilled: a repetition, unless results follow. */
  #again: number | undefined;
  #numbers = new Map<number, Node>();
  #highest = 0;
  #names = new Map<string, number>();

  constructor(
    readonly place: Place,
    readonly problems: ProblemList,
    readonly budget: Budget,
  ) {}

  /** Nothing was said in the current document yet. */
  get fresh(): boolean {
    return this.#numbers.size === 0 && this.#plan === undefined;
  }

  get planned(): boolean {
    return this.#plan !== undefined;
  }

  get expected(): number {
    return this.#highest + 1;
  }

  start(version: string, line: number, unfinished: Status): void {
    this.announced = true;
    if (!this.fresh) this.finishDocument(line, unfinished);
    else if (this.version !== undefined) this.problems.add(line, `a second version line: ${version}`);
    this.version = version;
  }

  plan(count: number, line: number): void {
    this.announced = true;
    if (this.#plan === undefined) {
      this.#plan = count;
      this.#planLine = line;
      if (this.#highest > count) this.problems.add(line, `the plan 1..${count} comes after result ${this.#highest}`);
    } else if (this.#fulfilled) this.#again = count;
    else if (count === this.#plan) this.problems.add(line, `the plan 1..${count} is repeated`);
    else {
      this.problems.add(line, `the plan changed from 1..${this.#plan} to 1..${count}; the larger one counts`);
      this.#plan = Math.max(this.#plan, count);
    }
  }

  /** Takes a result in. A number that is claimed twice makes both no better than the worse of the two. */
  add(node: Node, number: number | undefined, line: number): void {
    if (this.#again !== undefined) {
      const plan = this.#again;
      this.#again = undefined;
      this.finishDocument(line, 'missing');
      this.plan(plan, line);
    }
    const n = number ?? this.expected;
    if (number === undefined) this.problems.once(`unnumbered ${this.place.column}`, line, 'a result without a number');
    else if (this.#claimedTwice(node, n, line)) return;
    else if (n !== this.expected) this.problems.add(line, `result ${n} where ${this.expected} was expected`);
    if (this.#plan !== undefined && n > this.#plan) {
      this.problems.add(line, `result ${n} is beyond the plan 1..${this.#plan}`);
    }
    if (this.budget.exceeded) return;
    this.#numbers.set(n, node);
    this.#highest = Math.max(this.#highest, n);
    this.#push(node);
  }

  /** Closes the document: what was planned and never came is named. */
  finishDocument(line: number, unfinished: Status): void {
    if (this.#again !== undefined && this.#again !== this.#plan) {
      const plan = this.#again;
      this.#again = undefined;
      this.finishDocument(line, unfinished);
      this.plan(plan, line);
    } else if (this.#again !== undefined) this.problems.add(line, `the plan 1..${this.#again} is repeated`);
    this.#again = undefined;
    if (this.#plan === undefined && this.#numbers.size > 0 && this.place.column === 0) {
      this.problems.once('no plan', line, 'there is no plan: a result that never came cannot be told');
    }
    const missing: number[] = [];
    for (let n = 1; n <= (this.#plan ?? 0) && missing.length <= MAX_MISSING; n++) {
      if (!this.#numbers.has(n)) missing.push(n);
    }
    if (missing.length > 0) {
      const what = `the plan of line ${this.#planLine} says 1..${this.#plan}, and ${this.#numbers.size} came`;
      this.problems.add(line, what);
      for (const n of missing.slice(0, MAX_MISSING)) this.#push(absent(`missing #${n}`, unfinished, what));
      if (missing.length > MAX_MISSING) this.#push(absent('missing more', unfinished, what));
    }
    this.#plan = undefined;
    this.version = undefined;
    this.#numbers = new Map();
    this.#highest = 0;
  }

  get #fulfilled(): boolean {
    return this.#plan !== undefined && this.#plan > 0 && this.#numbers.size >= this.#plan;
  }

  #claimedTwice(node: Node, n: number, line: number): boolean {
    const first = this.#numbers.get(n);
    if (first === undefined) return false;
    this.problems.add(line, `result ${n} is claimed twice: \`${first.name}\` and \`${node.name}\``);
    const status = worse(first.status, node.status);
    const {reason} = status === first.status ? first : node;
    for (const one of [first, node]) {
      one.status = status;
      if (reason !== undefined) one.reason = reason;
    }
    if (first.given === node.given) {
      first.diagnostics = [...first.diagnostics, ...node.diagnostics].slice(-MAX_DIAGNOSTICS);
      first.children.push(...node.children);
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

export function absent(name: string, status: Status, reason: string, children: Node[] = []): Node {
  return {name, given: name, status, reason, diagnostics: [], children};
}
