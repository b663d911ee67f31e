// SPDX-License-Identifier: MIT
import {cleanLine, cleanText, keep} from '../../lib/text.js';
import {Diagnostics} from '../diagnostics.js';
import {endedFromOutside, statusOfExit, wholeOf} from '../exit.js';
import {ProblemList} from '../problem-list.js';
import type {ResultReader, Status, SubtestResult, TestExit, TestReport} from '../result.js';
import {isFailure} from '../severity.js';
import {noteLine} from '../sole-line.js';
import {MAX_SUBTESTS, SubtestList, statusOfUnfinished} from '../subtest-list.js';

/** `Testing NAME on MEM... ` without a newline; the outcome follows, on this line unless something was printed. */
const START = /Testing ([^.]+(?:\.(?!\.\.)[^.]*)*)\.\.\. ?/;
/** Where a line begins that had no newline before it. */
const BEGINS = /(?=Testing .*?\.\.\. ?)|(?=Userfaults unit tests: )/;
/** A failure counts whatever is glued to it. */
const FAILED = /^(failed)(?: \[reason: (.*))?/;
const OUTCOME = /(?:^|[\s.])(done|skipped|failed)(?: \[reason: (.*?)\]?)?\s*$/;
const TOTALS = /^Userfaults unit tests: pass=(\d+), skip=(\d+), fail=(\d+) \(total=(\d+)\)/;
const SKIP_ALL = /^(?:Skipping .*missing|Userfaultfd not supported)/;
const ERROR = /ERROR: (.*)/;

const STATUS: Readonly<Record<string, Status>> = {done: 'pass', skipped: 'skip', failed: 'fail'};

interface Totals {
  pass: number;
  skip: number;
  fail: number;
  total: number;
}

/**
 * Reads what `uffd-unit-tests` (mm/uffd-unit-tests.c, from 6.4 on) printed before it spoke KTAP. Every `NAME on MEM` is
 * the path `[NAME, MEM]`. The totals at the end must agree with what was seen: results that the program counted and that are
 * not in its output are `missing`, failures that it counted and did not print are one of the whole.
 */
export function createUffdTextReader(): ResultReader & {readonly knownBy: readonly number[]} {
  const reader = new UffdText();
  return {
    line: (text) => reader.line(cleanText(text)),
    end: (exit) => reader.end(exit),
    knownBy: reader.knownBy,
  };
}

class UffdText {
  /** Lines that were recognised; two are enough to know that no line alone is. */
  readonly knownBy: number[] = [];
  readonly #problems = new ProblemList();
  readonly #diagnostics = new Diagnostics();
  readonly #list = new SubtestList();
  #number = 0;
  #running: {name: string; line: number} | undefined;
  #error: string | undefined;
  #totals: (Totals & {line: number}) | undefined;
  #skipAll: string | undefined;

  line(text: string): void {
    this.#number++;
    for (const part of text.split(BEGINS)) this.#part(part);
  }

  #part(text: string): void {
    const totals = TOTALS.exec(text);
    if (totals !== null) {
      const [pass = 0, skip = 0, fail = 0, total = 0] = totals.slice(1).map(Number);
      this.#totals = {pass, skip, fail, total, line: this.#number};
      this.#isKnown();
      return;
    }
    if (SKIP_ALL.test(text)) {
      this.#skipAll = text.trim();
      this.#isKnown();
    }
    this.#error ??= ERROR.exec(text)?.[1]?.trim();
    const start = START.exec(text);
    if (start !== null) {
      this.#close('missing', 'it started, and no outcome was printed', [this.#number]);
      this.#running = {name: start[1] ?? '', line: this.#number};
      this.#error = ERROR.exec(text)?.[1]?.trim();
      this.#isKnown();
    }
    this.#outcome(text, start === null ? text : text.slice(start.index + start[0].length), start !== null);
  }

  #isKnown(): void {
    noteLine(this.knownBy, this.#number);
  }

  /** @param rest what stands behind the start of a test, or the line when none starts in it */
  #outcome(text: string, rest: string, starts: boolean): void {
    const outcome = this.#running === undefined ? null : OUTCOME.exec(text);
    const status = outcome === null ? undefined : STATUS[outcome[1] ?? ''];
    const failed = this.#running === undefined || status !== undefined ? null : FAILED.exec(rest);
    // `failed to …` on a line of its own is talk; directly behind the start, or with a reason, it is the outcome.
    if (failed !== null && (starts || failed[2] !== undefined)) this.#close('fail', failed[2], [this.#number]);
    else if (status === undefined) this.#diagnostics.add(text);
    else this.#close(status, outcome?.[2], [this.#number]);
  }

  end(exit: TestExit): TestReport {
    const outside = endedFromOutside(exit);
    if (this.#running !== undefined) {
      const how = outside ?? statusOfExit(exit.code ?? 1);
      this.#close(outside?.status ?? statusOfUnfinished(exit), this.#error ?? `${how.reason}, inside this subtest`);
    }
    const whole = this.#whole(exit, outside !== undefined);
    const hidden = this.#compareTotals();
    const {results} = this.#list;
    // A skip of the whole never stands for a failure that was counted.
    const first = whole !== undefined && isFailure(whole.status) ? whole : (hidden ?? whole);
    return {results: [...[first ?? []].flat(), ...results], problems: this.#problems.all()};
  }

  #whole(exit: TestExit, outside: boolean): SubtestResult | undefined {
    const whole = (status: Status, reason: string, lines: readonly number[] = []): SubtestResult => {
      return {
        path: [],
        status,
        reason: keep(cleanLine(reason), 300),
        diagnostics: this.#diagnostics.take(false),
        lines,
      };
    };
    const {results, tooMany} = this.#list;
    if (!outside && tooMany) return whole('error', `more than ${MAX_SUBTESTS} results: the rest was not read`);
    if (!outside && exit.code === 4 && this.#skipAll !== undefined && results.every(({status}) => status === 'skip')) {
      return whole('skip', this.#skipAll);
    }
    if (!outside && this.#totals === undefined && results.length > 0) {
      const {reason} = statusOfExit(exit.code ?? 1);
      const why = `it ended before its totals line (${this.#error ?? reason})`;
      return whole(statusOfUnfinished(exit), why, this.#list.contradicting(exit, this.#skipAll === undefined));
    }
    const found = wholeOf(exit, results, this.#diagnostics.last());
    return found && {...found, diagnostics: this.#diagnostics.take(false)};
  }

  /** Adds what the totals count and the lines lack; a failure that only the totals know is returned. */
  #compareTotals(): SubtestResult | undefined {
    if (this.#totals === undefined) return undefined;
    const {line, pass, skip, fail, total} = this.#totals;
    const [passed, skipped, failed] = (['pass', 'skip', 'fail'] as const).map((status) => this.#list.count(status));
    const seen = this.#list.results.length;
    if (pass === passed && skip === skipped && fail === failed && total === seen) return undefined;
    const said = `pass=${pass} skip=${skip} fail=${fail} total=${total}`;
    const why = `the totals say ${said}, the lines say pass=${passed} skip=${skipped} fail=${failed} total=${seen}`;
    this.#problems.add(this.#number, why);
    this.#list.addMissing(seen + 1, total, 'missing', 'counted in the totals, not in the output', () => [line]);
    if (fail <= (failed ?? 0)) return undefined;
    return {path: [], status: 'fail', reason: why, diagnostics: this.#diagnostics.take(false), lines: [line]};
  }

  #close(status: Status, reason?: string, at: readonly number[] = []): void {
    if (this.#running === undefined) return;
    const {name: words, line} = this.#running;
    if (status === 'missing') this.#problems.add(this.#number, `\`${words}\` has no outcome`);
    const [, name = words, memory] = /^(.*) on (\S+)$/.exec(words) ?? [];
    const path = memory === undefined ? [name] : [name, memory];
    this.#running = undefined;
    this.#list.add(path, status, [line, ...at], this.#diagnostics.take(status === 'pass'), reason);
  }
}
