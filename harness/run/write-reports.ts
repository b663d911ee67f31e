// SPDX-License-Identifier: MIT
import {FORMATS, linksFrom, unfit} from '../../reports/format.js';
import {RENDER} from '../../reports/render.js';
import type {Results} from '../verdict/results.js';
import type {RunDir} from './run-dir.js';

/** One file a format that fits. @throws InfraError when the disk is full; what was written before stays */
export function writeReports(run: RunDir, results: Results): void {
  for (const format of FORMATS) {
    if (unfit(format, results) !== undefined) continue;
    run.write(format.file, RENDER[format.name](results, {links: linksFrom(format)}));
  }
}
