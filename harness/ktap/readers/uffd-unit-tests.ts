// SPDX-License-Identifier: MIT
import {cleanText} from '../../lib/text.js';
import {Diagnostics} from '../diagnostics.js';
import {endedFromOutside, statusOfExit, wholeOf} from '../exit.js';
import {ProblemList} from '../problem-list.js';
import type {ResultReader, Status, SubtestResult, TestExit, TestReport} from '../result.js';

/** `Testing NAME on MEM... ` without a newline; the outcome follows, on this line unless something was printed. */
const START = /Testing ([^.]+(?:\.(?!\.\.)[^.]*)*)\.\.\. ?/;
const OUTCOME = /(?:^|[\s.])(done|skipped|failed)(?: \[reason: (.*?)\]?)?\s*$/;
const TOTALS = /^Userfaults unit tests: pass=(\d+), skip=(\d+), fail=(\d+) \(total=(\d+)\)/;
const SKIP_ALL = /^(?:Skipping .*missing|Userfaultfd not supported)/;
const ERROR = /ERROR: (.*)/;

const STATUS: Readonly<Record<string, Status>> = {done: 'pass', skipped: 'skip', failed: 'fail'};

/** Results kept; the 6.12 program has 66. */
const MAX_RESULTS = 5000;

/**
 * Reads `uffd-unit-tests` (mm/uffd-unit-tests.c, 6.4 and newer), which is not KTAP. Every `NAME on MEM` is the path
 * `[NAME, MEM]`. The totals at the end must agree with what was seen: results that the program counted and that are
 * not in its output are `missing`.
 */
export function createUffdUnitTestsReader(): ResultReader {
  const reader = new UffdUnitTests();
  return {line: (text) => reader.line(cleanText(text)), end: (exit) => reader.end(exit)};
}

class UffdUnitTests {
  readonly #problems = new ProblemList();
  readonly #diagnostics = new Diagnostics();
  readonly #results: SubtestResult[] = [];
  readonly #names = new Map<string, number>();
  #number = 0;
  #running: string | undefined;
  #error: string | undefined;
  #totals: {pass: number; skip: number; fail: number; total: number} | undefined;
  #skipAll: string | undefined;
  #tooMany = false;

  line(text: string): void {
    this.#number++;
    const totals = TOTALS.exec(text);
    if (totals !== null) {
      const [pass = 0, skip = 0, fail = 0, total = 0] = totals.slice(1).map(Number);
      this.#totals = {pass, skip, fail, total};
      return;
    }
    if (SKIP_ALL.test(text)) this.#skipAll = text.trim();
    this.#error ??= ERROR.exec(text)?.[1]?.trim();
    const start = START.exec(text);
    if (start !== null) {
      this.#close('missing', 'it started, and no outcome was printed');
      this.#running = start[1] ?? '';
      this.#error = ERROR.exec(text)?.[1]?.trim();
    }
    const outcome = this.#running === undefined ? null : OUTCOME.exec(text);
    const status = outcome === null ? undefined : STATUS[outcome[1] ?? ''];
    if (status === undefined) this.#diagnostics.add(text);
    else this.#close(status, outcome?.[2]);
  }

  end(exit: TestExit): TestReport {
    const outside = endedFromOutside(exit);
    if (this.#running !== undefined) {
      const how = outside ?? statusOfExit(exit.code ?? 1);
      // The program ended inside this one: exit 0 proves nothing about it, and a skip is not the word for it.
      const status = how.status === 'pass' || how.status === 'skip' ? 'missing' : how.status;
      this.#close(status, this.#error ?? `${how.reason}, inside this subtest`);
    }
    const whole = this.#whole(exit, outside !== undefined);
    this.#compareTotals();
    return {results: whole === undefined ? this.#results : [whole, ...this.#results], problems: this.#problems.all()};
  }

  #whole(exit: TestExit, outside: boolean): SubtestResult | undefined {
    const whole = (status: Status, reason: string): SubtestResult => ({
      path: [],
      status,
      reason,
      diagnostics: this.#diagnostics.take(false),
    });
    if (!outside && this.#tooMany) return whole('error', `more than ${MAX_RESULTS} results: the rest was not read`);
    if (!outside && exit.code === 4 && this.#skipAll !== undefined) return whole('skip', this.#skipAll);
    if (!outside && this.#totals === undefined && this.#results.length > 0) {
      const how = statusOfExit(exit.code ?? 1);
      const status = how.status === 'pass' || how.status === 'skip' ? 'missing' : how.status;
      return whole(status, `it ended before its totals line (${this.#error ?? how.reason})`);
    }
    const found = wholeOf(exit, this.#results, this.#diagnostics.last());
    return found && {...found, diagnostics: this.#diagnostics.take(false)};
  }

  #compareTotals(): void {
    if (this.#totals === undefined) return;
    const seen = {pass: 0, skip: 0, fail: 0, total: this.#results.length};
    for (const {path, status} of this.#results) {
      if (path.length > 0 && (status === 'pass' || status === 'skip' || status === 'fail')) seen[status]++;
    }
    const {pass, skip, fail, total} = this.#totals;
    if (pass === seen.pass && skip === seen.skip && fail === seen.fail && total === seen.total) return;
    const said = `pass=${pass} skip=${skip} fail=${fail} total=${total}`;
    const was = `pass=${seen.pass} skip=${seen.skip} fail=${seen.fail} total=${seen.total}`;
    this.#problems.add(this.#number, `the totals say ${said}, the lines say ${was}`);
    for (let n = seen.total + 1; n <= Math.min(total, MAX_RESULTS); n++) {
      this.#results.push({
        path: [`missing #${n}`],
        status: 'missing',
        reason: 'counted in the totals, not in the output',
        diagnostics: [],
      });
    }
  }

  #close(status: Status, reason?: string): void {
    if (this.#running === undefined) return;
    if (status === 'missing') this.#problems.add(this.#number, `\`${this.#running}\` has no outcome`);
    const [, name = this.#running, memory] = /^(.*) on (\S+)$/.exec(this.#running) ?? [];
    const path = memory === undefined ? [name] : [name, memory];
    const count = (this.#names.get(this.#running) ?? 0) + 1;
    this.#names.set(this.#running, count);
    if (count > 1) path.push(`#${count}`);
    this.#running = undefined;
    const diagnostics = this.#diagnostics.take(status === 'pass');
    if (this.#results.length >= MAX_RESULTS) {
      this.#tooMany = true;
    } else this.#results.push({path, status, ...(reason === undefined ? {} : {reason}), diagnostics});
  }
}
