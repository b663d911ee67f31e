// SPDX-License-Identifier: MIT
import {Announced} from '../announced.js';
import {createKtapReader} from '../parse.js';
import type {ResultReader} from '../result.js';
import {createExitCodeReader} from './exit-code.js';

/**
 * For programs of the tree of which nobody says whether they speak KTAP: kselftest's own runner believes the exit code
 * alone. Output with results is read as KTAP. Output without any counts by the exit code, unless KTAP was announced (a
 * version line, a plan, a bail out, failures in totals): then the results that never came are missing.
 */
export function createKtapOrExitReader(): ResultReader {
  const ktap = createKtapReader();
  const code = createExitCodeReader();
  const announced = new Announced();
  return {
    line: (text, end) => {
      announced.line(text);
      ktap.line(text, end);
      code.line(text, end);
    },
    end: (exit) => {
      const report = ktap.end(exit);
      const {lines} = announced;
      const silent = report.results.every(({path}) => path.length === 0);
      if (silent && lines.length === 0) return code.end(exit);
      if (!silent || lines.length > 1) return report;
      return {...report, results: report.results.map((result) => ({...result, lines}))};
    },
  };
}
