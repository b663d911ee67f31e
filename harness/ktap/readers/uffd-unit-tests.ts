// SPDX-License-Identifier: MIT
import {cleanLine, cleanText} from '../../lib/text.js';
import {Announced} from '../announced.js';
import {Diagnostics} from '../diagnostics.js';
import type {Description} from '../directive.js';
import {createKtapReader, type Naming} from '../parse.js';
import {MAX_PROBLEMS} from '../problem-list.js';
import type {ResultReader, SubtestResult, TestExit, TestReport} from '../result.js';
import {worse} from '../severity.js';
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
      if (inKtap === undefined) {
        const unread = text.isKnown ? undefined : unreadOutput('uffd-unit-tests', exit, printed);
        return unread ?? text.end(exit);
      }
      return text.isKnown ? both(inKtap, text.end(exit)) : inKtap;
    },
  };
}

/** undefined: it did not speak KTAP. */
function readKtap(reader: ResultReader, exit: TestExit, announcements: readonly number[]): TestReport | undefined {
  const report = reader.end(exit);
  const silent = report.results.every(({path}) => path.length === 0);
  if (silent && announcements.length === 0) return undefined;
  if (silent && announcements.length === 1) {
    return {...report, results: report.results.map((result) => ({...result, lines: announcements}))};
  }
  return {...report, results: distinct(report.results.map((result) => ({...result, path: pathOf(result.path)})))};
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

function both(one: TestReport, other: TestReport): TestReport {
  const wholes = [...one.results, ...other.results].filter(({path}) => path.length === 0);
  const [first, second] = wholes;
  const whole = first && second && worse(first.status, second.status) === second.status ? second : first;
  const parts = [...one.results, ...other.results].filter(({path}) => path.length > 0);
  const problem = {line: 0, message: 'it printed KTAP and the text of older trees, and both are read'};
  return {
    results: distinct([...(whole === undefined ? [] : [whole]), ...parts]),
    problems: [problem, ...one.problems, ...other.problems].slice(0, MAX_PROBLEMS),
  };
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
