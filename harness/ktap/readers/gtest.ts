// SPDX-License-Identifier: MIT
import {cleanText} from '../../lib/text.js';
import {Diagnostics} from '../diagnostics.js';
import {endedFromOutside, statusOfExit, wholeOf} from '../exit.js';
import {ProblemList} from '../problem-list.js';
import type {ResultReader, Status, SubtestResult, TestExit, TestReport} from '../result.js';
import {isFailure} from '../severity.js';
import {MAX_SUBTESTS, SubtestList, statusOfUnfinished} from '../subtest-list.js';
import {unreadOutput} from '../unread.js';

/** `[ RUN      ] global.name`; a mark may follow output that had no newline. */
const MARK = /\[ {0,8}(RUN|OK|PASS|FAIL|FAILED|SKIP|SKIPPED|XFAIL) {0,8}\] +(\S.*)$/;
/** Where a line begins that had no newline before it. */
const BEGINS = /(?=\[ {0,8}(?:RUN|OK|PASS(?:ED)?|FAIL(?:ED)?|SKIP(?:PED)?|XFAIL) {0,8}\])|(?=\[={4,10}\] )/;
/** GoogleTest ends a name with the time it took. */
const TIME = / \(\d+ ms\)$/;
const STARTS = /\[={4,10}\] Running (\d+) tests? from \d+ test (?:cases?|suites?)/;
const TOTALS = /\[={4,10}\] (\d+) \/ (\d+) tests passed/;
const RAN = /\[={4,10}\] (\d+) tests? from \d+ test (?:cases?|suites?) ran/;
/** kselftest's has no words behind it; GoogleTest's counts, and lists what failed or was skipped once more. */
const ENDS = /\[ {1,3}(PASSED|FAILED|SKIPPED) {1,3}\](?: +\d+ (?:FAILED )?tests?\b.*)?\s*$/;

const STATUS: Readonly<Record<string, Status>> = {
  OK: 'pass',
  PASS: 'pass',
  FAIL: 'fail',
  FAILED: 'fail',
  SKIP: 'skip',
  SKIPPED: 'skip',
  XFAIL: 'xfail',
};

/**
 * Reads what `kselftest_harness.h` printed before it spoke TAP (trees up to 5.8), and GoogleTest, whose marks it took:
 * `[ RUN      ]`, `[       OK ]`, `[     FAIL ]`, then `[==========] 2 / 3 tests passed.` and `[  FAILED  ]`. The path
 * is the name as printed, which is also its name in the TAP of newer trees. What the first line promises and the
 * totals count must be there; without the last line the program did not come to its end.
 */
export function createGtestReader(): ResultReader {
  const reader = new Gtest();
  return {line: (text) => reader.line(cleanText(text)), end: (exit) => reader.end(exit)};
}

interface Claim {
  line: number;
  count: number;
}

class Gtest {
  readonly #problems = new ProblemList();
  readonly #diagnostics = new Diagnostics();
  readonly #list = new SubtestList();
  #number = 0;
  /** Something was recognised. */
  #known = false;
  #running: {name: string; line: number} | undefined;
  /** How many tests were promised or counted, by which lines. */
  readonly #counts: Claim[] = [];
  #passed: Claim | undefined;
  #ended: {failed: boolean; line: number} | undefined;
  /** The line after which results were taken for repetitions. */
  #repeated: readonly number[] = [];

  line(text: string): void {
    this.#number++;
    for (const part of text.includes('[') ? text.split(BEGINS) : [text]) {
      if (part.includes('[') && this.#mark(part)) this.#known = true;
      else this.#diagnostics.add(part);
    }
  }

  end(exit: TestExit): TestReport {
    const unread = this.#known ? undefined : unreadOutput('gtest', exit, this.#diagnostics);
    if (unread !== undefined) return unread;
    const outside = endedFromOutside(exit);
    if (this.#running !== undefined) {
      const how = outside ?? statusOfExit(exit.code ?? 1);
      this.#close(outside?.status ?? statusOfUnfinished(exit), `${how.reason}, inside this subtest`);
    }
    const seen = this.#list.results.length;
    const claim = this.#whole(exit, outside !== undefined);
    const diagnostics = claim === undefined ? [] : this.#diagnostics.take(false);
    this.#addMissing(outside?.status ?? 'missing', seen);
    const first: SubtestResult[] = claim === undefined ? [] : [{...claim, diagnostics}];
    return {results: [...first, ...this.#list.results], problems: this.#problems.all()};
  }

  #mark(text: string): boolean {
    const counted = STARTS.exec(text) ?? RAN.exec(text);
    if (counted !== null) return this.#claimed(Number(counted[1]));
    const totals = TOTALS.exec(text);
    if (totals !== null) {
      this.#passed = {line: this.#number, count: Number(totals[1])};
      return this.#claimed(Number(totals[2]));
    }
    const ends = ENDS.exec(text);
    if (ends !== null) {
      const failed = ends[1] === 'FAILED' || (this.#ended?.failed ?? false);
      const line = ends[1] === 'FAILED' || this.#ended === undefined ? this.#number : this.#ended.line;
      this.#ended = {failed, line};
      return true;
    }
    const [, mark = '', name = ''] = MARK.exec(text) ?? [];
    if (mark === '') return false;
    if (mark === 'RUN') this.#start(name);
    else this.#outcome(STATUS[mark] ?? 'fail', name.replace(TIME, ''));
    return true;
  }

  #claimed(count: number): true {
    const same = this.#counts.find(({line}) => line === this.#number);
    if (same !== undefined) same.count = Math.max(same.count, count);
    else this.#counts.push({line: this.#number, count});
    // Two of the largest are enough to know whether a single line promises the last of them.
    this.#counts.sort((a, b) => b.count - a.count).splice(2);
    return true;
  }

  #start(name: string): void {
    this.#close('missing', 'it started, and no outcome was printed', [this.#number]);
    this.#running = {name, line: this.#number};
  }

  #outcome(status: Status, name: string): void {
    if (this.#running === undefined) {
      // GoogleTest lists the failed and the skipped ones once more at its end.
      const known = this.#list.results.some((result) => result.path[0] === name && result.status === status);
      if (known && status !== 'pass' && this.#ended !== undefined) {
        this.#repeated = [this.#ended.line];
        return;
      }
      this.#problems.add(this.#number, `an outcome of \`${name}\`, which was not running`);
      this.#list.add([name], status, [this.#number], this.#diagnostics.take(status === 'pass'));
      return;
    }
    if (this.#running.name !== name) {
      this.#problems.add(this.#number, `an outcome of \`${name}\` while \`${this.#running.name}\` was running`);
      this.#start(name);
    }
    this.#close(status);
  }

  #close(status: Status, reason?: string, by: readonly number[] = []): void {
    if (this.#running === undefined) return;
    const {name, line} = this.#running;
    this.#running = undefined;
    const unfinished = reason !== undefined;
    if (unfinished) this.#problems.add(this.#number, `\`${name}\` has no outcome`);
    const lines = unfinished ? [line, ...by] : [this.#number];
    this.#list.add([name], status, lines, this.#diagnostics.take(status === 'pass'), reason);
  }

  #whole(exit: TestExit, outside: boolean): SubtestResult | undefined {
    const whole = (status: Status, reason: string, lines: readonly number[] = []): SubtestResult => {
      return {path: [], status, reason, diagnostics: [], lines};
    };
    const {results, tooMany} = this.#list;
    const found = wholeOf(exit, results, this.#diagnostics.last());
    if (outside || (exit.code !== 0 && results.length === 0 && !this.#ended?.failed)) return found;
    if (tooMany) return whole('error', `more than ${MAX_SUBTESTS} results: the rest was not read`);
    if (results.length > 0 && this.#ended === undefined) {
      return whole(
        statusOfUnfinished(exit),
        'it ended before it said whether all passed',
        this.#list.contradicting(exit, true),
      );
    }
    const fails = found !== undefined && isFailure(found.status);
    if (fails || results.some(({status}) => isFailure(status))) return found;
    // Nor does a skip of the whole stand for a failure.
    if (this.#ended?.failed) return whole('fail', 'it says FAILED, and no subtest does', [this.#ended.line]);
    return this.#disagree() ?? found;
  }

  /** More passes than the totals count: which of them is wrong cannot be told. */
  #disagree(): SubtestResult | undefined {
    const passes = this.#list.results.filter(({status}) => status === 'pass');
    const {line, count} = this.#passed ?? {line: 0, count: passes.length};
    if (count >= passes.length) return undefined;
    const reason = `the totals say that ${count} passed, the lines say ${passes.length}`;
    this.#problems.add(line, reason);
    const lines = [line, ...(count + 1 === passes.length ? passes.flatMap(({lines = []}) => lines) : [])];
    return {path: [], status: 'fail', reason, diagnostics: [], lines};
  }

  #addMissing(status: Status, seen: number): void {
    const [most, next] = this.#counts;
    if (most === undefined || most.count <= seen) return;
    const why = `line ${most.line} says ${most.count} tests, and ${seen} came`;
    this.#problems.add(this.#number, why);
    this.#list.addMissing(seen + 1, most.count, status, why, (n) => [
      ...(n > (next?.count ?? 0) ? [most.line] : []),
      ...this.#repeated,
    ]);
  }
}
