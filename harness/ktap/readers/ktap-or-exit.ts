// SPDX-License-Identifier: MIT
import {cleanText} from '../../lib/text.js';
import {readLine} from '../lines.js';
import {createKtapReader} from '../parse.js';
import type {ResultReader} from '../result.js';
import {createExitCodeReader} from './exit-code.js';

const ANNOUNCING: ReadonlySet<string> = new Set(['version', 'plan', 'bail']);

/**
 * For programs of the tree of which nobody says whether they speak KTAP: kselftest's own runner believes the exit code
 * alone. Output with results is read as KTAP. Output without any counts by the exit code, unless KTAP was announced (a
 * version line, a plan, a bail out): then the results that never came are missing.
 */
export function createKtapOrExitReader(): ResultReader {
  const ktap = createKtapReader();
  const code = createExitCodeReader();
  let number = 0;
  /** Two are enough to know that no line alone announced it. */
  const announcements: number[] = [];
  return {
    line: (text, end) => {
      number++;
      // As the KTAP reader has it: what a carriage return ends is a line.
      const announces = text.split('\r').some((part) => ANNOUNCING.has(readLine(cleanText(part)).kind));
      if (announces && announcements.length < 2) announcements.push(number);
      ktap.line(text, end);
      code.line(text, end);
    },
    end: (exit) => {
      const report = ktap.end(exit);
      const silent = report.results.every(({path}) => path.length === 0);
      if (silent && announcements.length === 0) return code.end(exit);
      if (!silent || announcements.length > 1) return report;
      return {...report, results: report.results.map((result) => ({...result, lines: announcements}))};
    },
  };
}
