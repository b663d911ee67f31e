// SPDX-License-Identifier: MIT
import {FORMATS, type Format, type FormatName, linksFrom, unfit} from '../../reports/format.js';
import {RENDER} from '../../reports/render.js';
import type {Results} from '../verdict/results.js';
import type {RunDir} from './run-dir.js';

/**
 * One file a format that fits.
 *
 * @param wanted only these; results.json is written always
 * @returns what was written
 * @throws InfraError when the disk is full; what was written before stays
 */
export function writeReports(run: RunDir, results: Results, wanted?: readonly FormatName[]): Format[] {
  const formats = FORMATS.filter(({name}) => wanted === undefined || name === 'json' || wanted.includes(name));
  const fit = formats.filter((format) => unfit(format, results) === undefined);
  for (const format of fit) run.write(format.file, RENDER[format.name](results, {links: linksFrom(format)}));
  return fit;
}
