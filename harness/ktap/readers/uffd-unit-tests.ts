// SPDX-License-Identifier: MIT
import {cleanLine, cleanText} from '../../lib/text.js';
import {Announced} from '../announced.js';
import {Diagnostics} from '../diagnostics.js';
import type {Description} from '../directive.js';
import type {Naming} from '../naming.js';
import {common} from '../numbering.js';
import {createKtapReader} from '../parse.js';
import {MAX_PROBLEMS} from '../problem-list.js';
import type {ResultReader, SubtestResult, TestExit, TestReport} from '../result.js';
import {isFailure, worse} from '../severity.js';
import {unreadOutput} from '../unread.js';
import {createUffdTextReader} from './uffd-text.js';

/**
 * Reads `uffd-unit-tests` (mm/uffd-unit-tests.c) in both of its languages: the text of 6.4 and newer, and the KTAP of
 * newer ones (seen in 7.3). `NAME on MEM` is the path `[NAME, MEM]` in either, so that a tree with the one and a tree
 * with the other can be compared. Output that is both is held to both; what a reader finds wrong stays wrong.
 */
export function createUffdUnitTestsReader(): ResultReader {
  const text = createUffdTextReader();
  const ktap = createKtapReader(naming());
  const announced = new Announced();
  const printed = new Diagnostics();
  return {
    line: (line, end) => {
      announced.line(line);
      printed.add(cleanText(line));
      text.line(line, end);
      ktap.line(line, end);
    },
    end: (exit) => {
      const inKtap = readKtap(ktap, exit, announced.lines);
      const inText = text.knownBy.length === 0 ? undefined : text.end(exit);
      if (inKtap === undefined) {
        return inText ?? unreadOutput('uffd-unit-tests', exit, printed) ?? text.end(exit);
      }
      if (inText === undefined) return inKtap.report;
      return both(inKtap, {report: inText, standsOn: text.knownBy.length === 1 ? text.knownBy : []});
    },
  };
}

/** What was read in one of the languages. */
interface Reading {
  report: TestReport;
  /** Lines without which, one by one, nothing in it would have been read. */
  standsOn: readonly number[];
}

/** undefined: it did not speak KTAP. */
function readKtap(reader: ResultReader, exit: TestExit, announcements: readonly number[]): Reading | undefined {
  const report = reader.end(exit);
  const parts = report.results.filter(({path}) => path.length > 0);
  if (parts.length === 0) {
    if (announcements.length === 0) return undefined;
    if (announcements.length > 1) return {report, standsOn: []};
    const results = report.results.map((whole) => ({...whole, lines: announcements}));
    return {report: {...report, results}, standsOn: announcements};
  }
  const speaking = [...announcements.map((line) => [line]), ...parts.map(({lines = []}) => lines)];
  const [first = [], ...others] = speaking;
  const standsOn = others.reduce(common, first);
  const results = distinct(report.results.map((result) => ({...result, path: pathOf(result.path)})));
  return {report: {...report, results}, standsOn};
}

/** `failed reason: [why]` stands in a comment before the result; a skip's reason in brackets behind its name. */
function naming(): Naming {
  let why: string | undefined;
  return {
    note: (line) => {
      why = /failed reason: \[(.*)\]\s*$/.exec(line)?.[1] ?? why;
    },
    describe: (said) => {
      const reason = said.status === 'pass' ? undefined : why;
      why = undefined;
      return said.behind ? splitName(said) : {...said, ...(reason === undefined ? {} : {reason: cleanLine(reason)})};
    },
  };
}

/** `NAME on MEM (why)`, `UFFDIO_API (with syscall) (why)`. */
function splitName({name: words, reason}: Description): Pick<Description, 'name' | 'reason'> {
  const [, name = words, why = reason] = /^(\S+ on \S+|UFFDIO_API \([^()]*\)) \((.*)\)$/.exec(words) ?? [];
  return {name, ...(why === undefined ? {} : {reason: why})};
}

/** As the text has it, also of a name that came before: `[NAME, MEM, #2]`. */
function pathOf([first, ...more]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  const [, name, memory, again] = /^(.*) on (\S+)(?: (#\d+))?$/.exec(first) ?? [];
  if (name === undefined || memory === undefined) return [first, ...more];
  return [name, memory, ...(again === undefined ? [] : [again]), ...more];
}

/** Held to both: what either finds wrong stays wrong. */
function both(inKtap: Reading, inText: Reading): TestReport {
  const [ktap, text] = [resultsOf(inKtap), resultsOf(inText)];
  const wholes = [...ktap, ...text].filter(({path}) => path.length === 0);
  // Of the two numbers that a result may have here, those of KTAP count.
  const parts = [...ktap, ...text.map(({order: _, ...result}) => result)].filter(({path}) => path.length > 0);
  const problem = {line: 0, message: 'it printed KTAP and the text of older trees, and both are read'};
  return {
    results: distinct([...worstOf(wholes), ...parts]),
    problems: [problem, ...inKtap.report.problems, ...inText.report.problems].slice(0, MAX_PROBLEMS),
  };
}

/** A failure stands also on the lines without which nothing in its language would have been read. */
function resultsOf({report, standsOn}: Reading): SubtestResult[] {
  return report.results.map((result) =>
    isFailure(result.status) ? {...result, lines: [...new Set([...(result.lines ?? []), ...standsOn])]} : result,
  );
}

function worstOf([one, other]: readonly SubtestResult[]): SubtestResult[] {
  if (one === undefined || other === undefined) return one === undefined ? [] : [one];
  const worst = worse(one.status, other.status) === other.status ? other : one;
  if (!isFailure(one.status) || !isFailure(other.status)) return [worst];
  return [{...worst, lines: common(one.lines ?? [], other.lines ?? [])}];
}

/** The same path twice: the later one gets a number, as everywhere. */
function distinct(results: readonly SubtestResult[]): SubtestResult[] {
  const seen = new Set<string>();
  return results.map((result) => {
    let {path} = result;
    for (let count = 2; seen.has(path.join('\0')); count++) path = [...result.path, `#${count}`];
    seen.add(path.join('\0'));
    return {...result, path};
  });
}
