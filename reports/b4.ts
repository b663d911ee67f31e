// SPDX-License-Identifier: MIT
import {cleanLine, clip} from '../harness/lib/text.js';
import type {Results} from '../harness/verdict/results.js';
import {cleanResults} from './clean-results.js';
import {type RenderOptions, urlOf} from './format.js';
import {checksOf} from './summary.js';

const MAX_DETAILS = 8000;

/**
 * What b4's `review-series-check-cmd` reads: a list of `tool`, `status` (`pass`, `warn`, `fail`), `summary`, `details`
 * and, when it is published, `url`. A tool is a column of b4's table.
 */
export function renderB4(raw: Results, options: RenderOptions): string {
  const url = urlOf('report.html', options);
  const results = checksOf(cleanResults(raw)).map(({name, state, summary, findings, lines = []}) => {
    const told = findings.map(({severity, title, reproduce}) => `${severity}: ${title}\n  ${reproduce}`);
    const details = [...lines, ...told].join('\n');
    return {
      tool: name === 'verdict' ? 'kverdict' : `kverdict-${name}`,
      status: state,
      summary: clip(cleanLine(summary), 200),
      ...(url === undefined ? {} : {url}),
      ...(details === '' ? {} : {details: clip(details, MAX_DETAILS)}),
    };
  });
  return `${JSON.stringify(results, null, 2)}\n`;
}
