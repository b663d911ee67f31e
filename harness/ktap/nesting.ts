// SPDX-License-Identifier: MIT
import {placesOf} from './glued.js';
import {Level} from './level.js';
import type {Line, Place, Totals} from './lines.js';
import {absent, absentNumber, type Budget} from './node.js';
import {type Closed, soleLines} from './parent.js';
import type {ProblemList} from './problem-list.js';
import type {Status} from './result.js';
import {soleLine} from './sole-line.js';

/** Levels that are told apart; what is deeper is read as if it were on the last one. */
export const MAX_DEPTH = 16;
const MAX_REFUSED = 20;
/** Columns of the `# ` that kselftest's runner puts in front of what its program prints. */
const HASH = 2;

/** The open levels, outermost first. A level is its column: how deep it is follows from the ones around it. */
export class Nesting {
  readonly #levels: Level[] = [];
  #pendingName: string | undefined;
  /** kselftest's headers, outermost first: results inside comments may follow without a version line. */
  #armed: {line: number; column: number}[] = [];
  /** The result that ended the program of such a header. */
  #disarmed: readonly number[] = [];
  /** The line that last ended a level: results behind it may have belonged to that one. */
  #lastEnd: readonly number[] = [];
  /** The lines for which glued results were not taken for such: one might be a parent's. */
  readonly #refusedBy: number[] = [];

  constructor(
    readonly problems: ProblemList,
    readonly budget: Budget,
  ) {}

  /** What stands between a result that was not taken for one and its document. */
  get lastEnd(): readonly number[] {
    return [...this.#lastEnd, ...this.#levels.flatMap(({settledBy, opened}) => [...settledBy, ...opened])];
  }

  /** Where kselftest's runner writes its results: nothing is in front of them. */
  get runnerPlace(): Place | undefined {
    const place = this.#levels[0]?.place;
    return place?.column === 0 ? place : undefined;
  }

  /** The level of a line; deeper ones end without their parent's result, a new one is opened when there is none. */
  at(place: Place, line: number, because: readonly number[] = []): Level {
    const closed = this.closeBelow(place, line);
    const level = this.#isAt(place) ? (this.#levels.at(-1) as Level) : this.#open(place);
    if (closed !== undefined) this.#adopt(level, closed, line, 'missing', [line]);
    level.settle(place, line);
    level.touch(line, because);
    return level;
  }

  /**
   * Ends all levels deeper than `place` and gives what they held; the caller is their parent's result.
   *
   * @param skips the caller says that what is directly in it was skipped
   * @param end the line that ends them; none when the output ended
   */
  closeBelow(
    place: Place,
    line: number,
    skips = false,
    unfinished: Status = 'missing',
    end: readonly number[] = [line],
  ): Closed | undefined {
    let inner: Closed | undefined;
    for (
      let top = this.#levels.at(-1);
      top !== undefined && top.place.column > place.column;
      top = this.#levels.at(-1)
    ) {
      if (inner !== undefined) this.#adopt(top, inner, line, unfinished, end);
      const {begin} = top;
      this.#levels.pop();
      const outermost = (this.#levels.at(-1)?.place.column ?? -1) <= place.column;
      top.finishDocument(line, unfinished, end, skips && outermost);
      const {nodes, name, bail, skipAll, announcements, echoes, runBy} = top;
      inner = {nodes, name, bail, counted: top.counted(line), skipAll, announcements, echoes, runBy, begin};
    }
    if (inner === undefined) return undefined;
    this.#lastEnd = end;
    return inner;
  }

  header(place: Place, name: string, line: number): void {
    const top = this.#levels.at(-1);
    this.#pendingName = name;
    if (name.startsWith('selftests: ')) {
      this.#armed = [...this.#armed.filter(({column}) => column < place.column), {line, column: place.column}].slice(
        -MAX_DEPTH,
      );
    } else if (place.column > (top?.place.column ?? 0)) {
      if (this.#levels.length >= MAX_DEPTH) return;
      const level = this.#open(place);
      level.announce(line);
      level.touch(line, []);
    } else if (top?.place.column === place.column && top.fresh) {
      top.settle(place, line);
      top.name = name;
    }
  }

  /** Notes a bail-out inside a subtest; false: it is the whole test's. */
  bail(place: Place, words: string, line: number): boolean {
    const root = this.#levels[0];
    const level = this.#levels.findLast((one) => one.place.column <= place.column);
    if (level === undefined || level === root) {
      // In a comment, with no document of its own: a program inside the one that is read. Its parent's result is to come.
      if (place.hashes <= (root?.place.hashes ?? 0)) return false;
      this.#bailOn(this.at(place, line), words, line);
    } else this.#bailOn(level, words, line);
    return true;
  }

  /** The line that opened the outermost level: without it a comment might stand for a document of its own. */
  get opened(): readonly number[] {
    return this.#levels[0]?.opened ?? [];
  }

  /** kselftest's header, while results inside comments count because of it alone. */
  get armedBy(): readonly number[] {
    const lines = [...new Set(this.#armed.map(({line}) => line))];
    return lines.length === 1 ? lines : [];
  }

  /** A result where one of kselftest's headers stood: its program has ended, and those around it go on. */
  disarm({column: at}: Place, line: number): void {
    const left = this.#armed.filter(({column}) => column < at);
    if (left.length === this.#armed.length) return;
    this.#armed = left;
    this.#disarmed = [line];
  }

  /** What kselftest's helpers counted; only where a document is open can it speak for one. */
  totals({column}: Place, counts: Totals, line: number): void {
    this.#levels.find((one) => one.place.column === column)?.totals(counts, line);
  }

  /** True where a result inside a comment is expected: its document was announced. */
  isOpen(place: Place): boolean {
    if (this.#armed.length > 0 && place.hashes > 0) return true;
    const level = this.#levels.find((one) => one.place.column === place.column);
    return level?.announced === true && level.place.hashes === place.hashes;
  }

  /** Of what is glued to a line and has no number: inside its comment, if results are expected there. */
  placeBehind(line: Pick<Line, 'kind' | 'place'>): Place {
    const [inner, outer = inner] = placesOf(line);
    return this.isOpen(inner) ? inner : outer;
  }

  /**
   * The place of an open level that waits for this number. @param places where it may be, innermost first; of two, which a
   * comment has, one that is as deep in comments
   */
  waitingFor(number: number | undefined, places: readonly Place[]): Place | undefined {
    if (number === undefined) return undefined;
    for (const {column, hashes} of places) {
      const level = this.#levels.find((one) => one.place.column === column);
      const isIt = places.length === 1 || level?.place.hashes === hashes;
      if (isIt && level?.waitsFor(number) !== undefined) return level.place;
      if (this.#refusedBy.length < MAX_REFUSED) this.#refusedBy.push(...(level?.refusalOf(number) ?? []));
    }
    return undefined;
  }

  /** Ends everything. @param skips the exit says so */
  finish(line: number, unfinished: Status, skips: boolean): Closed | undefined {
    return this.closeBelow({column: -1, hashes: 0}, line, skips, unfinished, []);
  }

  #isAt(place: Place): boolean {
    const top = this.#levels.at(-1);
    return top !== undefined && (top.place.column === place.column || this.#levels.length >= MAX_DEPTH);
  }

  #open(place: Place): Level {
    const begin = [...this.#lastEnd, ...this.#disarmed];
    const level = new Level(place, this.problems, this.budget, begin, this.#levels.at(-1));
    level.name = this.#pendingName;
    this.#pendingName = undefined;
    if (place.hashes > 0) {
      level.armedBy = [...new Set(this.#armed.map(({line}) => line))];
      level.runBy = this.#armed.filter(({column}) => column === place.column - HASH).map(({line}) => line);
    }
    this.#levels.push(level);
    return level;
  }

  #bailOn(level: Level, words: string, line: number): void {
    level.bail = {words, lines: soleLine(level.bail?.lines, line)};
  }

  /** Subtests whose parent's result never came: the parent is what is missing. */
  #adopt(level: Level, closed: Closed, line: number, unfinished: Status, end: readonly number[]): void {
    const {nodes, bail, skipAll, counted} = closed;
    if (nodes.length === 0 && (skipAll ?? bail ?? counted) === undefined) return;
    const why = bail?.words ?? 'subtests came, and the result of their parent did not';
    const lines = [...soleLines(closed), ...level.opened, ...end, ...this.#refusedBy];
    const parent =
      closed.name === undefined
        ? absentNumber(level.expected, unfinished, why, lines, nodes)
        : absent(closed.name, unfinished, why, lines, nodes);
    this.problems.add(line, `\`${parent.name}\`: ${why}`);
    level.addParent(parent);
  }
}
