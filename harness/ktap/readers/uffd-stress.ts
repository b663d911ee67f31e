// SPDX-License-Identifier: MIT
import {cleanLine, cleanText, keep} from '../../lib/text.js';
import {Diagnostics} from '../diagnostics.js';
import {endedFromOutside, statusOfExit} from '../exit.js';
import {ProblemList} from '../problem-list.js';
import type {ResultReader, Status, TestExit} from '../result.js';

/** Printed when a bounce starts; `userfaults:` follows on the same line when it is done. They count down to 0. */
const BOUNCE = /bounces: (\d+), mode:/;
const DONE = /userfaults:/;
const ERROR = /ERROR: (.*)/;
const SKIP = /^skip: (.*)/;

/**
 * Reads `uffd-stress TYPE MiB BOUNCES` (mm/uffd-stress.c of 6.12, and `userfaultfd` before it): one result, for the
 * test as a whole. It passes when the last bounce, number 0, was finished and the exit is 0.
 */
export function createUffdStressReader(): ResultReader {
  const problems = new ProblemList();
  const diagnostics = new Diagnostics();
  let number = 0;
  let started: number | undefined;
  let startedAt = 0;
  let finished: number | undefined;
  let error: string | undefined;
  /** Two are enough to know that no line alone says it. */
  const errors: number[] = [];
  let skip: string | undefined;

  const judge = (exit: TestExit): {status: Status; reason?: string} => {
    const how = endedFromOutside(exit) ?? statusOfExit(exit.code ?? 1);
    const where = started === undefined ? 'before the first bounce' : `in bounce ${started}`;
    if (error !== undefined && (how.status === 'pass' || how.status === 'skip'))
      return {status: 'fail', reason: keep(cleanLine(error), 300)};
    if (how.status === 'skip') return {status: 'skip', reason: keep(cleanLine(skip ?? how.reason), 300)};
    if (how.status !== 'pass')
      return {status: how.status, reason: keep(cleanLine(`${error ?? how.reason} (${where})`), 300)};
    if (finished === 0) return {status: 'pass'};
    return {status: 'missing', reason: `exit 0, but the last bounce was not finished (${where})`};
  };

  return {
    line: (raw) => {
      number++;
      const text = cleanText(raw);
      diagnostics.add(text);
      const bounce = BOUNCE.exec(text);
      if (bounce !== null) {
        const next = Number(bounce[1]);
        if (started !== undefined && next !== started - 1) {
          problems.add(number, `bounce ${next} where ${started - 1} was expected`);
        }
        started = next;
        startedAt = number;
      }
      if (DONE.test(text)) finished = started;
      const wrong = ERROR.exec(text)?.[1]?.trim();
      if (wrong !== undefined && errors.length < 2) errors.push(number);
      error ??= wrong;
      skip ??= SKIP.exec(text)?.[1]?.trim();
    },
    end: (exit) => {
      const judged = judge(exit);
      const byLine = exit.code === 0 || exit.code === 4 ? errors : [];
      const lines = judged.status === 'missing' && startedAt > 0 ? [startedAt] : byLine.length === 1 ? byLine : [];
      return {
        results: [{path: [], ...judged, diagnostics: diagnostics.take(judged.status === 'pass'), lines}],
        problems: problems.all(),
      };
    },
  };
}
