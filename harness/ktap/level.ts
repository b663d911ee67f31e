// SPDX-License-Identifier: MIT
/** One level of nesting: the results so far, and the document that is open on it. */
import {Document} from './document.js';
import type {Place, Totals} from './lines.js';
import {type Budget, type Claim, merge, type Node} from './node.js';
import {common, Names} from './numbering.js';
import type {ProblemList} from './problem-list.js';
import type {Status} from './result.js';
import {isFailure} from './severity.js';
import {noteLine, soleLine} from './sole-line.js';
import {CountedFailures} from './totals.js';

export class Level {
  nodes: Node[] = [];
  /** From `# Subtest:` or kselftest's header: the parent's name, should its result never come. */
  name: string | undefined;
  bail: Claim | undefined;
  /** `1..0 # SKIP why`, or a skip with which the program ended before its plan. */
  skipAll: Claim | undefined;
  /** Plans, headers and version lines that say results will follow; absent when an indented result opened the level. */
  readonly announcements: number[] = [];
  /** Version lines in a comment: results in comments count, but one that is only repeated there promises none. */
  readonly echoes: number[] = [];
  /** kselftest's headers, each of which lets results in comments count wherever they come. */
  armedBy: readonly number[] = [];
  /** Those of them that stand where its own program was announced. */
  runBy: readonly number[] = [];
  /** The line that changed its mind about comments: what came since might count but for it. */
  settledBy: readonly number[] = [];
  #first: readonly number[] | undefined;
  #document: Document;
  readonly #names = new Names();
  readonly #counts = new CountedFailures();
  readonly #since: readonly number[];
  /** The lines on which all results stand; undefined: there is none. */
  #allOn: readonly number[] | undefined;

  /** @param begin the line that ended what was on this level before, if one did */
  constructor(
    public place: Place,
    readonly problems: ProblemList,
    readonly budget: Budget,
    public begin: readonly number[],
    readonly outer: Level | undefined,
  ) {
    this.#document = new Document(problems);
    this.#since = begin;
  }

  /** Nothing was said in the current document yet. */
  get fresh(): boolean {
    return this.#document.fresh;
  }

  get announced(): boolean {
    return this.announcements.length + this.echoes.length + this.armedBy.length > 0;
  }

  get expected(): number {
    return this.#document.numbers.next;
  }

  /** The lines that opened this level and those around it; without one, what is deeper might stand for itself. */
  get opened(): readonly number[] {
    return [...(this.outer?.opened ?? []), ...(this.#first ?? [])];
  }

  /** The lines without which what needs to be announced, or waited for, would be only words. */
  standsOn(awaited?: number): readonly number[] {
    const announcing = [...new Set([...this.armedBy, ...this.announcements, ...this.echoes])];
    const alone = announcing.length === 1 ? announcing : [];
    const counting = (awaited === undefined ? undefined : this.waitsFor(awaited)) ?? [];
    return [...this.opened, ...this.settledBy, ...this.#document.planLine, ...alone, ...counting];
  }

  /** See `Document.waitsFor`. */
  waitsFor(number: number): readonly number[] | undefined {
    return this.#document.waitsFor(number);
  }

  /** Why it does not wait for this number: who has it, or the line with which counting began anew. */
  refusalOf(number: number): readonly number[] {
    return this.#document.numbers.get(number)?.lines ?? this.begin;
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

  announce(line: number, as: 'promise' | 'echo' = 'promise'): void {
    noteLine(as === 'echo' ? this.echoes : this.announcements, line);
  }

  start(version: string, line: number, place: Place): void {
    this.announce(line, place.hashes > 0 ? 'echo' : 'promise');
    const {fresh, version: before, numbers, late} = this.#document;
    const empty = numbers.came === 0 && late === undefined;
    const isSecond = fresh && before !== undefined;
    if (isSecond) this.problems.add(line, `a second version line: ${version}`);
    else if (!fresh && empty && before === undefined) this.problems.add(line, 'the version line comes after the plan');
    else if (!fresh) {
      // Without the line of all results or the version line before it, this one would belong to the plan.
      const only = before === undefined ? numbers.linesOfAll : [];
      this.finishDocument(line, 'missing', [line, ...only, ...(empty ? (before?.lines ?? []) : [])]);
    }
    this.#document.version = {words: version, lines: soleLine(isSecond ? before.lines : undefined, line)};
    this.settle(place, line);
  }

  plan(count: number, line: number): void {
    this.announce(line);
    this.#document.take({count, line});
  }

  totals(counts: Totals, line: number): void {
    this.#document.count(counts, line);
    this.#counts.note(counts, line);
  }

  /** Failures that its program counted and did not print. */
  counted(line: number): Claim | undefined {
    const claim = this.#counts.beyond(this.nodes);
    if (claim === undefined) return undefined;
    this.problems.add(line, claim.words);
    return {...claim, lines: claim.lines.length === 0 ? [] : [...claim.lines, ...this.opened, ...this.#since]};
  }

  /**
   * Takes a result in. Two with the same number are two results, each with its own status.
   *
   * @param reason of a skip, what may be its name or the reason of all that is left
   */
  add(node: Node, number: number | undefined, line: number, reason: string | undefined): void {
    if (this.#document.late !== undefined) this.#startAtLatePlan(line);
    this.#document.note(node, number, reason);
    this.#stand(node);
    // A failure in a comment that nothing announced says nothing about the numbers before it.
    const tells = this.announced || this.place.hashes === 0 || this.outer === undefined || !isFailure(node.status);
    if (number === undefined) {
      this.problems.once(`unnumbered ${this.place.column}`, line, 'a result without a number');
    } else if (this.#claimedTwice(node, number, line, tells)) return;
    else this.#document.compareNumber(number, line);
    if (this.budget.exceeded) return;
    this.#document.numbers.claim(number, node, tells);
    this.#push(node);
  }

  /** A parent whose result never came, for its subtests; it takes the place that it would have had. */
  addParent(node: Node): void {
    if (this.budget.exceeded) return;
    this.#document.numbers.fillNext(node);
    this.#stand(node);
    this.#push(node);
  }

  #stand({lines}: Node): void {
    this.#allOn = this.#allOn === undefined ? lines : common(this.#allOn, lines);
  }

  /**
   * Closes the document: what was planned and never came is named, and so is a number that was left out.
   *
   * @param end the line that ends it; none when the output ended
   * @param skips what is around it says that it was skipped: the exit, or its parent's result
   */
  finishDocument(line: number, unfinished: Status, end: readonly number[], skips = false): void {
    const document = this.#document;
    const {late, plan, numbers} = document;
    document.late = undefined;
    if (late !== undefined && plan === undefined) {
      document.plan = late;
      document.compareWithLatePlan(late);
      if (document.version?.words.startsWith('KTAP')) this.problems.add(late.line, 'the plan comes after the results');
    } else if (late !== undefined && late.count === plan?.count) {
      this.problems.add(late.line, `the plan 1..${late.count} is repeated`);
    } else if (late !== undefined && plan !== undefined && !numbers.isWhole(plan.count)) {
      document.plan = document.larger(plan, late);
    } else if (late !== undefined) {
      // Without the plan before it, this one would be the end of that document.
      const begin = [late.line, ...document.planLine, ...numbers.linesOfAll];
      this.#finish(line, unfinished, [late.line]);
      this.#document.plan = late;
      this.begin = begin;
    }
    this.#finish(line, unfinished, end, skips);
  }

  #finish(line: number, unfinished: Status, end: readonly number[], skips = false): void {
    const document = this.#document;
    if (this.place.column === 0) document.askForPlan(line);
    const missing = document.missing();
    if (missing.numbers.length > 0) {
      this.problems.add(line, missing.why);
      const {counted} = document;
      const gaveUp = skips ? document.gaveUp : undefined;
      if (gaveUp !== undefined) this.#skipRest(gaveUp);
      else if (counted !== undefined) {
        this.problems.add(line, `only counted in the totals: ${counted.length} of the plan`);
        for (const node of counted) this.#push(node);
      } else if (!skips || this.nodes.length > 0 || this.bail !== undefined) {
        const around = [...this.opened, ...this.begin, ...end, ...(skips ? (this.#allOn ?? []) : [])];
        for (const node of document.nameMissing(missing, unfinished, this.standsOn(), around)) this.#push(node);
      }
    }
    this.#document = new Document(this.problems, document.index + 1);
    this.begin = end;
  }

  /** A program that ends with a skip before its plan skips all of it: the words are a reason, and not a name. */
  #skipRest({node: last, words}: {node: Node; words: string}): void {
    this.nodes = this.nodes.filter((node) => node !== last || node.children.length > 0);
    this.skipAll = {words, lines: last.lines};
  }

  /** TAP has its plan before or behind the results, never between: this one belongs to what follows. */
  #startAtLatePlan(line: number): void {
    const {late, plan, planLine, numbers} = this.#document;
    if (late === undefined) return;
    this.#document.late = undefined;
    if (plan === undefined) this.problems.add(late.line, `the plan 1..${late.count} stands between results`);
    this.#finish(line, 'missing', [late.line, line, ...planLine, ...numbers.linesOfAll]);
    this.#document.plan = late;
  }

  #claimedTwice(node: Node, n: number, line: number, tells: boolean): boolean {
    const {numbers} = this.#document;
    const first = numbers.get(n);
    if (first === undefined) return false;
    this.problems.add(line, `result ${n} is claimed twice: \`${first.name}\` and \`${node.name}\``);
    numbers.claimAgain(n, node, tells);
    if (first.given === node.given && first.children.length + node.children.length === 0) merge(first, node);
    else this.#push(node);
    return true;
  }

  #push(node: Node): void {
    if (!this.budget.take()) return;
    node.name = this.#names.unique(node.given);
    this.nodes.push(node);
  }
}
