// SPDX-License-Identifier: MIT
import {basename, dirname, join, relative, resolve} from 'node:path';
import {FORMATS, type Format, linksFrom, unfit} from '../../reports/format.js';
import {RENDER} from '../../reports/render.js';
import {renderTerminal} from '../../reports/terminal.js';
import {InfraError, UsageError, UserError} from '../lib/errors.js';
import {OUT_FOLDER, ownFolder} from '../lib/own-folder.js';
import {hasSecret} from '../lib/secrets.js';
import {writeWhole} from '../lib/write-whole.js';
import {screen} from '../lib/writer.js';
import {readResults} from '../run/read-results.js';
import type {Results} from '../verdict/results.js';
import {say, sayReport} from './say.js';
import {wantsColour, widthOf} from './terminal.js';

export interface ReportFlags {
  format: string[];
  out?: string;
  url?: string;
}

/** Tells a run's results once more. One format goes to stdout; several, or `--out`, to files, whose names are said. */
export function reportCommand(run: string, {format: names, out, url}: ReportFlags): void {
  const formats = (names.length === 0 ? ['terminal'] : names).map(formatNamed);
  const {results, file} = readResults(run);
  const folder = dirname(file);
  for (const format of formats) refuseUnfit(format, results);
  const address = url === undefined ? {} : {url: addressOf(url)};
  const [only] = formats;
  if (out === undefined && formats.length === 1 && only !== undefined) {
    const here = relative('', folder);
    sayReport(onStdout(only, results, here === '' ? '' : `${here}/`, address));
    return;
  }
  for (const format of formats) {
    const path = out === undefined ? join(folder, format.file) : join(resolve(out), basename(format.file));
    const links = out === undefined ? linksFrom(format) : slash(relative(dirname(path), folder));
    write(path, RENDER[format.name](results, {links, ...address}));
    say(path);
  }
}

function formatNamed(name: string): Format {
  const format = FORMATS.find((one) => one.name === name);
  if (format !== undefined) return format;
  throw new UsageError(`There is no format \`${name}\``, {
    hint: `Formats: ${FORMATS.map((one) => one.name).join(', ')}`,
  });
}

function refuseUnfit(format: Format, results: Results): void {
  const why = unfit(format, results);
  if (why !== undefined) throw new UserError(`\`${format.name}\` does not fit these results: ${why}`);
}

/** A person at a terminal gets the screen as after a run: its own width and colours. */
function onStdout(format: Format, results: Results, links: string, address: {url?: string}): string {
  if (format.name !== 'terminal') return RENDER[format.name](results, {links, ...address});
  const out = links.replace(/\/$/, '') || '.';
  return screen(renderTerminal(results, {width: widthOf(process.stdout), colour: wantsColour(process.stdout), out}));
}

const slash = (path: string): string => (path === '' ? '' : `${path}/`);

function addressOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`Expected --url to be an http(s) address, got \`${url}\``);
  }
  if (hasSecret(url)) throw new UsageError('Expected --url to have no password: it is written into the reports');
  return url.replace(/\/+$/, '');
}

function write(path: string, text: string): void {
  try {
    ownFolder(dirname(path), OUT_FOLDER);
    writeWhole(path, text);
  } catch (error) {
    if (error instanceof InfraError) throw error;
    throw new InfraError(`Cannot write \`${path}\``, {cause: error, hint: 'Give --out another folder.'});
  }
}
