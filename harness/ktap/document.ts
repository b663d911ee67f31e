// SPDX-License-Identifier: MIT
/** One level of nesting: the results so far, and the document (plan, numbers) that is open on it. */
import type {Place} from './lines.js';
import {absent, absentNumber, type Budget, type Claim, type Node} from './node.js';
import {Names, Numbering} from './numbering.js';
import {largerPlan, type Plan} from './plan.js';
import type {ProblemList} from './problem-list.js';
import {MAX_DIAGNOSTICS, type Status} from './result.js';
import {isFailure, worse} from './severity.js';

/** Planned results that never came are named one by one up to here. */
export const MAX_MISSING = 1000;

export class Level {
  readonly nodes: Node[] = [];
  /** From `# Subtest:` or kselftest's header: the parent's name, should its result never come. */
  name: string | undefined;
  bail: Claim | undefined;
  /** `1..0 # SKIP why`. */
  skipAll: Claim | undefined;
  /** Version lines, plans and headers that say results will follow; absent when an indented result opened the level. */
  readonly announcements: number[] = [];
  /** kselftest's header, which lets results in comments count wherever they come. */
  armedBy: readonly number[] = [];
  /** The line that changed its mind about comments: what came since might count but for it. */
  settledBy: readonly number[] = [];
  #first: readonly number[] | undefined;
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
    public begin: readonly number[],
    readonly outer: Level | undefined,
  ) {}

  /** Nothing was said in the current document yet. */
  get fresh(): boolean {
    return this.#numbers.came === 0 && this.#plan === undefined && this.#late === undefined;
  }

  get announced(): boolean {
    return this.announcements.length + this.armedBy.length > 0;
  }

  get expected(): number {
    return this.#numbers.next;
  }

  /** The lines that opened this level and those around it; without one, what is deeper might stand for itself. */
  get opened(): readonly number[] {
    return [...(this.outer?.opened ?? []), ...(this.#first ?? [])];
  }

  /** The lines without which what needs to be announced, or waited for, would be only words. */
  get standsOn(): readonly number[] {
    const announcing = [...this.armedBy, ...this.announcements];
    return [...this.opened, ...this.#planLine, ...(announcing.length === 1 ? announcing : [])];
  }

  get #planLine(): readonly number[] {
    return this.#plan === undefined ? [] : [this.#plan.line];
  }

  /** True when a result of this number would fill a gap or go on with the count. */
  waitsFor(number: number): boolean {
    if (this.#late !== undefined) return number <= this.#late.count;
    return !this.#numbers.get(number) && number <= Math.max(this.#plan?.count ?? 0, this.#numbers.highest + 1);
  }

  /** Why it does not wait for this number: who has it, or the line with which counting began anew. */
  refusalOf(number: number): readonly number[] {
    return this.#numbers.get(number)?.lines ?? this.begin;
  }

  /** Before its first result, the last line says whether the results to come stand in comments. */
  settle({hashes}: Place, line: number): void {
    if (!this.fresh || this.place.hashes === hashes) return;
    this.place = {column: this.place.column, hashes};
    this.settledBy = [line];
  }

  /** @param because lines without which this one would be only words */
  touch(line: number, because: readonly number[]): void {
    this.#first ??= [line, ...because];
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
    this.settle(place, line);
  }

  plan(count: number, line: number): void {
    this.announce(line);
    const late = this.#numbers.came > 0;
    const before = late ? this.#late : this.#plan;
    const larger = before === undefined ? {count, line} : this.#larger(before, {count, line});
    if (late) this.#late = larger;
    else this.#plan = larger;
  }

  #larger(before: Plan, next: Plan): Plan {
    this.#alsoPromised = Math.max(this.#alsoPromised, Math.min(next.count, before.count));
    return largerPlan(before, next, this.problems);
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
    } else if (late !== undefined && this.#plan !== undefined && !this.#numbers.isWhole(this.#plan.count)) {
      this.#plan = this.#larger(this.#plan, late);
    } else if (late !== undefined) {
      // Without the plan before it, this one would be the end of that document.
      const begin = [late.line, ...this.#planLine, ...this.#numbers.linesOfSole];
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
    // A failure in a comment that nothing announced says nothing about the numbers before it.
    const counts = this.announced || this.place.hashes === 0 || this.outer === undefined;
    const last = counts ? Math.max(count, this.#numbers.highest) : count;
    const missing = this.#numbers.missingUpTo(last, MAX_MISSING + 1);
    if (missing.length > 0) {
      const came = `${this.#numbers.came} came`;
      const what =
        this.#plan === undefined
          ? `the numbers go up to ${this.#numbers.highest}, and ${came}`
          : `the plan of line ${this.#plan.line} says 1..${count}, and ${came}`;
      this.problems.add(line, what);
      for (const [index, n] of missing.entries()) {
        const lines = [...this.#promisedBy(n), ...this.opened, ...this.begin, ...end];
        if (index < MAX_MISSING) this.#push(absentNumber(n, unfinished, what, lines));
        else this.#push({...absent('missing more', unfinished, what, lines), placeholder: true});
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
    const plan = n > this.#alsoPromised ? this.#planLine : [];
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
    const edges = [late.line, line, ...this.#planLine, ...this.#numbers.linesOfSole];
    this.#finish(line, 'missing', edges);
    this.#plan = late;
  }

  #compareNumber(number: number, line: number): void {
    const expected = this.#numbers.highest + 1;
    if (number !== expected) this.problems.add(line, `result ${number} where ${expected} was expected`);
    const count = this.#plan?.count ?? number;
    if (number > count) this.problems.add(line, `result ${number} is beyond the plan 1..${count}`);
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
    this.#numbers.claimAgain(n, node);
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
