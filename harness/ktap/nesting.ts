// SPDX-License-Identifier: MIT
import {absent, type Budget, Level, type Node} from './document.js';
import type {Place} from './lines.js';
import type {ProblemList} from './problem-list.js';
import type {Status} from './result.js';
import {isFailure} from './severity.js';

/** Levels that are told apart; what is deeper is read as if it were on the last one. */
export const MAX_DEPTH = 16;

/** What was on a level that has ended. */
export interface Closed {
  nodes: Node[];
  name: string | undefined;
  bail: string | undefined;
  skipAll: string | undefined;
  /** A version line, a plan or a header opened it. */
  announced: boolean;
}

/** The open levels, outermost first. A level is its column: how deep it is follows from the ones around it. */
export class Nesting {
  readonly #levels: Level[] = [];
  #pendingName: string | undefined;
  /** kselftest's header was seen: results inside comments may follow without a version line. */
  #armed = false;

  constructor(
    readonly problems: ProblemList,
    readonly budget: Budget,
  ) {}

  get rootPlace(): Place | undefined {
    return this.#levels[0]?.place;
  }

  /** The level of a line; deeper ones end without their parent's result, a new one is opened when there is none. */
  at(place: Place, line: number): Level {
    const closed = this.closeBelow(place, line);
    const top = this.#levels.at(-1);
    const same = top !== undefined && (top.place.column === place.column || this.#levels.length >= MAX_DEPTH);
    const level = same ? top : this.#open(place);
    if (closed !== undefined) this.#adopt(level, closed, line, 'missing');
    return level;
  }

  /** Ends all levels deeper than `place` and gives what they held; the caller is their parent's result. */
  closeBelow(place: Place, line: number, unfinished: Status = 'missing'): Closed | undefined {
    let inner: Closed | undefined;
    for (
      let top = this.#levels.at(-1);
      top !== undefined && top.place.column > place.column;
      top = this.#levels.at(-1)
    ) {
      if (inner !== undefined) this.#adopt(top, inner, line, unfinished);
      top.finishDocument(line, unfinished);
      inner = {nodes: top.nodes, name: top.name, bail: top.bail, skipAll: top.skipAll, announced: top.announced};
      this.#levels.pop();
    }
    if (inner !== undefined) this.#armed = false;
    return inner;
  }

  header(place: Place, name: string): void {
    const top = this.#levels.at(-1);
    this.#pendingName = name;
    if (name.startsWith('selftests: ')) this.#armed = true;
    else if (top !== undefined && top.place.column < place.column) {
      if (this.#levels.length < MAX_DEPTH) this.#open(place).announced = true;
    } else if (top?.place.column === place.column && top.fresh) top.name = name;
  }

  /** Notes a bail-out inside a subtest; false: it is the whole test's. */
  bail(place: Place, reason: string): boolean {
    const level = this.#levels.findLast((one) => one.place.column <= place.column);
    // In a comment with no document of its own it is the words of a program that the parent's result judges.
    if (level === undefined || level === this.#levels[0]) return place.hashes > 0;
    level.bail = reason;
    return true;
  }

  /** True where a result inside a comment is expected: its document was announced. */
  isOpen(place: Place): boolean {
    const level = this.#levels.find((one) => one.place.column === place.column);
    if (level !== undefined) return level.place.hashes === place.hashes && level.announced;
    return this.#armed && place.hashes > 0;
  }

  /** The place of the open level that waits for this number, the line's own first. */
  expecting(number: number, place: Place): Place | undefined {
    const waiting = this.#levels.filter((level) => level.expected === number);
    return (waiting.find((level) => level.place.column === place.column) ?? waiting.at(-1))?.place;
  }

  /** Ends everything. */
  finish(line: number, unfinished: Status): Closed | undefined {
    return this.closeBelow({column: -1, hashes: 0}, line, unfinished);
  }

  #open(place: Place): Level {
    const level = new Level(place, this.problems, this.budget);
    level.name = this.#pendingName;
    this.#pendingName = undefined;
    this.#levels.push(level);
    return level;
  }

  /** Subtests whose parent's result never came: the parent is what is missing. */
  #adopt(level: Level, closed: Closed, line: number, unfinished: Status): void {
    if (closed.nodes.length === 0 && closed.skipAll === undefined && closed.bail === undefined) return;
    const name = closed.name ?? `missing #${level.expected}`;
    const why = closed.bail ?? 'subtests came, and the result of their parent did not';
    this.problems.add(line, `\`${name}\`: ${why}`);
    level.add(absent(name, unfinished, why, closed.nodes), level.expected, line);
  }
}

/** Makes a parent no better than what is inside it; a contradiction is returned as a problem's words. */
export function compareWithChildren(node: Node, closed: Closed | undefined): string | undefined {
  if (closed === undefined) return undefined;
  if (node.status !== 'pass' && node.status !== 'skip') {
    if (closed.bail !== undefined) node.reason ??= closed.bail;
    return undefined;
  }
  const failed = closed.nodes.find(({status}) => isFailure(status));
  const why = closed.bail ?? (failed && `subtest \`${failed.name}\` is ${failed.status}`);
  if (why !== undefined) {
    const problem = `\`${node.name}\` is ${node.status}, but ${why}`;
    node.reason = `said ${node.status}, but ${why}`;
    node.status = 'fail';
    return problem;
  }
  if (closed.skipAll !== undefined) {
    node.status = 'skip';
    node.reason ??= closed.skipAll;
  } else if (node.status === 'pass' && closed.announced && closed.nodes.length === 0) {
    node.status = 'missing';
    node.reason = 'said pass, but the subtests it announced never came';
    return `\`${node.name}\` announced subtests, and none came`;
  }
  return undefined;
}
