// SPDX-License-Identifier: MIT
/** What must hold for every input. Each returns what is wrong, in words; undefined: nothing. */
import {readDescription} from '../../ktap/directive.js';
import {findGlued, type Line, readLine} from '../../ktap/lines.js';
import {MAX_RESULTS} from '../../ktap/parse.js';
import {MAX_PROBLEMS} from '../../ktap/problem-list.js';
import {MAX_DIAGNOSTICS, STATUSES, type TestReport} from '../../ktap/result.js';
import {cleanText} from '../../lib/text.js';
import {carriers, type Document, isGreen, read} from './document.js';
import type {Touch} from './inputs.js';

/** Milliseconds of CPU time for one input, whatever else the host does; the longest has a few lines of 100 kB. */
export const MAX_MILLISECONDS = 2000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the check
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f]/;

/** A report is whole, bounded and clean, and an exit that says no is never green. */
export function badReport({exit, text}: Document, report: TestReport): string | undefined {
  const {results, problems} = report;
  const lines = text.split('\n').length;
  if (results.length === 0) return 'no result at all';
  if (results.length > MAX_RESULTS + 1) return `${results.length} results`;
  const keys = results.map(({path}) => path.join('\0'));
  if (new Set(keys).size !== keys.length) return `the same path twice: ${JSON.stringify(keys)}`;
  for (const {path, status, reason, diagnostics, lines: at = []} of results) {
    if (!STATUSES.includes(status)) return `status ${status}`;
    if (CONTROL.test(path.join('') + (reason ?? ''))) return `control bytes in ${JSON.stringify([path, reason])}`;
    if (path.some((name) => name.length > 220) || (reason?.length ?? 0) > 1000) return 'a name or reason without end';
    if (diagnostics.length > MAX_DIAGNOSTICS) return `${diagnostics.length} diagnostic lines`;
    if (at.some((line) => line < 1 || line > lines)) return `lines ${at} of ${lines}`;
  }
  if (problems.length > MAX_PROBLEMS + 1) return `${problems.length} problems`;
  if (problems.some(({line, message}) => line < 0 || line > lines || CONTROL.test(message)))
    return 'a problem without place';
  const saysNo = exit.endedBy !== undefined || exit.code === null || ![0, 2, 3, 4].includes(exit.code);
  if (saysNo && isGreen(report)) return `green, though the exit is ${JSON.stringify(exit)}`;
  return undefined;
}

/** The report does not depend on where the chunks end. */
export function badChunks(document: Document, report: TestReport): string | undefined {
  const again = JSON.stringify(read(document, 7));
  return again === JSON.stringify(report) ? undefined : 'another report when read in chunks of 7 bytes';
}

/**
 * The invariant of docs/ktap.md: a document that is not green stays so when one line is removed or corrupted, unless
 * that line carries its failure.
 */
export function badTouch(document: Document, report: TestReport, touch: Touch): string | undefined {
  if (isGreen(report)) return undefined;
  const lines = document.text.split('\n');
  const index = touch.at % lines.length;
  const touched = corrupt(lines[index] ?? '', touch, document.reader.startsWith('ktap'));
  if (touched === undefined || carriers(report).has(index + 1)) return undefined;
  lines.splice(index, 1, ...touched);
  if (!isGreen(read({...document, text: lines.join('\n')}))) return undefined;
  return `green after line ${index + 1} was touched (${touch.how}), which does not carry the failure:\n${lines.join('\n')}`;
}

/** What is left of the line; undefined when this would not be a corruption but a line that somebody else wrote. */
function corrupt(line: string, {how, with: argument}: Touch, ktap: boolean): string[] | undefined {
  if (how === 'remove') return [];
  if (how === 'garble') return [line.replace(/[^\r]/g, '?')];
  if (!ktap || line.includes('\r')) return undefined;
  const at = argument % (line.length + 1);
  const turned = String.fromCharCode((argument >>> 8) & 0xff);
  const left = how === 'cut' ? line.slice(0, at) : line.slice(0, at) + turned + line.slice(at + 1);
  return left.includes('\n') || left.includes('\r') || !isCorruption(line, left) ? undefined : [left];
}

/** Either nothing that the grammar knows is left, or what is left reads as the same. */
function isCorruption(before: string, after: string): boolean {
  const line = readLine(cleanText(Buffer.from(after, 'latin1').toString()));
  const noise = line.kind === 'unknown' || line.kind === 'comment';
  if (noise) return [...findGlued(line.text)].length === 0 && line.text.trim() !== '...';
  return reading(line) === reading(readLine(cleanText(Buffer.from(before, 'latin1').toString())));
}

function reading(line: Line): string {
  const {place, kind} = line;
  if (line.kind === 'plan')
    return JSON.stringify([place, kind, line.count, /^skip(?:ped)?(?=[ \t:]|$)/i.test(line.directive)]);
  if (line.kind === 'totals') return JSON.stringify([place, kind, line.counts]);
  if (line.kind !== 'result') return JSON.stringify([place, kind]);
  const {status} = readDescription(line.rest, line.ok);
  const glued = [...findGlued(` ${line.rest}`)].map(({number, ok}) => [number, ok]);
  const bare = /^\s*(?:-(?:\s|$)|#|$)/.test(line.rest);
  return JSON.stringify([place, kind, line.ok, line.number, status, glued, bare]);
}
