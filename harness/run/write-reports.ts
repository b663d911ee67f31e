// SPDX-License-Identifier: MIT
import {renderJson} from '../../reports/json.js';
import {renderJunit} from '../../reports/junit.js';
import {renderTap} from '../../reports/tap.js';
import type {Results} from '../verdict/results.js';
import type {RunDir} from './run-dir.js';

const REPORTS: readonly {file: string; render: (results: Results) => string}[] = [
  {file: 'results.json', render: renderJson},
  {file: 'results.tap', render: renderTap},
  {file: 'junit.xml', render: renderJunit},
];

/** One file a format. @throws InfraError when the disk is full; what was written before stays */
export function writeReports(run: RunDir, results: Results): void {
  for (const {file, render} of REPORTS) run.write(file, render(results));
}
