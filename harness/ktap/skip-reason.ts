// SPDX-License-Identifier: MIT
import {clip} from '../lib/text.js';
import type {SubtestResult, TestReport} from './result.js';

const MAX_REASON = 300;
/** Frames, sums and the verdict itself say nothing about why. */
const SAYS_NOTHING = /^(?:|[-=*\s]+|\[(?:SKIP|INFO|RUN)\]|running .*|Totals:.*|\.\.\.|---)$/i;

/**
 * A skip is worth its reason, and many scripts print `# SKIP` with nothing behind it. What was said last before it is
 * the likeliest one; of a skip with results in it, what the first of them says.
 */
export function explainSkips(report: TestReport): TestReport {
  const isUnexplained = ({status, reason}: SubtestResult): boolean => status === 'skip' && (reason ?? '') === '';
  if (!report.results.some(isUnexplained)) return report;
  const said = report.results.map((result) => {
    const reason = isUnexplained(result) ? lastWords(result) : undefined;
    return reason === undefined ? result : {...result, reason};
  });
  const results = said.map((result, index) => {
    if (!isUnexplained(result)) return result;
    const reason = firstInside(said, index);
    return reason === undefined ? result : {...result, reason};
  });
  return {...report, results};
}

function lastWords({diagnostics}: SubtestResult): string | undefined {
  const words = diagnostics.map((line) => line.replace(/^(?:\s*#)*\s*/, '').trim());
  const found = words.findLast((line) => !SAYS_NOTHING.test(line));
  return found === undefined ? undefined : clip(found, MAX_REASON);
}

/** Results come parents first, each followed by what is in it. */
function firstInside(results: readonly SubtestResult[], index: number): string | undefined {
  const depth = results[index]?.path.length ?? 0;
  for (const {path, status, reason} of results.slice(index + 1)) {
    if (path.length <= depth) return undefined;
    if (status === 'skip' && reason) return reason;
  }
  return undefined;
}
