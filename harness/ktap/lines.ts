// SPDX-License-Identifier: MIT
/** The grammar of one line: KTAP 1, TAP 12 to 14, and what kselftest, KUnit and printk put in front. */
import {cleanText} from '../lib/text.js';

/** How far in a line is. Spaces, tabs and kselftest's `# ` all count as columns: deeper is more. */
export interface Place {
  column: number;
  /** `#` characters in the indentation: inside somebody else's comment. */
  hashes: number;
}

export type Line = {place: Place} & (
  | {kind: 'version'; version: string}
  | {kind: 'plan'; count: number; directive: string}
  | {kind: 'bail'; reason: string}
  | {kind: 'result'; ok: boolean; number: number | undefined; rest: string}
  | {kind: 'header'; name: string}
  | {kind: 'yaml'}
  | {kind: 'pragma'}
  | {kind: 'comment'; text: string}
  | {kind: 'unknown'; text: string}
);

const TAB = 4;
/** Plans and numbers above this are noise, not counts. */
const MAX_NUMBER = 1_000_000_000;

/** `<6>`, `[   12.345678]`, `[    T1]`: what printk puts before a line, each with at most one blank behind it. */
const PRINTK = /^(?:<\d{1,3}>)?(?:\[ *\d+\.\d{1,9}\] ?)?(?:\[ *[TC]\d+\] ?)?/;
const INDENT = /^(?:[ \t]|#(?=[ \t]))*/;

/** First characters of what the grammar knows: most lines of a noisy test end here. */
const MAY_MATCH = /^[KkTt1BbnoSsp-]/;

interface Rule {
  pattern: RegExp;
  /** true: only as a comment, that is with a `#` as the last thing before it. */
  comment?: boolean;
  read(match: RegExpExecArray, place: Place): Line | undefined;
}

/** First match wins; what matches none is a comment when a `#` stands before it, else unknown. */
const GRAMMAR: readonly Rule[] = [
  {pattern: /^(K?TAP) version (\d+)\s*$/i, read: (m, place) => ({kind: 'version', place, version: `${m[1]} ${m[2]}`})},
  {
    pattern: /^1\.\.(\d+)\s*(?:#\s*(.*))?$/,
    read: (m, place) => ({kind: 'plan', place, count: Math.min(Number(m[1]), MAX_NUMBER), directive: m[2] ?? ''}),
  },
  // kselftest's helper prints its totals behind the reason when the reason has no newline.
  {
    pattern: /^Bail out!(.*)$/i,
    read: (m, place) => ({
      kind: 'bail',
      place,
      reason: (m[1] ?? '').replace(/# (?:Planned tests|Totals).*$/, '').trim(),
    }),
  },
  {
    pattern: /^(not\s+)?ok(?=[\s#]|$)(?:\s+(\d+)(?=[\s#]|$))?\s*(.*)$/,
    read: (m, place) => ({kind: 'result', place, ok: m[1] === undefined, number: number(m[2]), rest: m[3] ?? ''}),
  },
  {pattern: /^Subtest: (.+)$/, comment: true, read: (m, place) => ({kind: 'header', place, name: m[1] ?? ''})},
  {pattern: /^(selftests: \S+ \S.*)$/, comment: true, read: (m, place) => ({kind: 'header', place, name: m[1] ?? ''})},
  {pattern: /^---\s*$/, read: (_, place) => (place.column > 0 ? {kind: 'yaml', place} : undefined)},
  {pattern: /^pragma [+-]\w+\s*$/, read: (_, place) => ({kind: 'pragma', place})},
];

/** Reads one line, without its newline; what it returns holds no control characters. */
export function readLine(raw: string): Line {
  const text = cleanText(raw).replace(PRINTK, '');
  const indent = INDENT.exec(text)?.[0] ?? '';
  const rest = text.slice(indent.length);
  const place = placeOf(indent);
  for (const rule of MAY_MATCH.test(rest) ? GRAMMAR : []) {
    if (rule.comment && !/#[ \t]*$/.test(indent)) continue;
    const match = rule.pattern.exec(rest);
    const line = match === null ? undefined : rule.read(match, rule.comment ? placeOfComment(indent) : place);
    if (line !== undefined) return line;
  }
  if (place.hashes > 0) return {kind: 'comment', place: placeOfComment(indent), text: `# ${rest}`};
  if (rest.startsWith('#')) return {kind: 'comment', place, text: rest};
  return {kind: 'unknown', place, text};
}

/** A result that follows unterminated output on the same line: where it starts, and its number. */
export interface Glued {
  at: number;
  ok: boolean;
  number: number;
  /** It is the kselftest runner's own line, whatever it is glued to. */
  runner: boolean;
}

/** `ok` must be glued to a character: with a blank before it, it may be a sentence. `not ok` is believed at once. */
const GLUED = /(?<=\S)ok (\d+) |not ok (\d+) |ok (\d+) (?=selftests: )/g;

/** Every place in `text`, after its start, where a result line could begin; the caller knows the number it expects. */
export function findGlued(text: string): Glued[] {
  const found: Glued[] = [];
  if (!text.includes('ok ')) return found;
  for (const match of text.matchAll(GLUED)) {
    const value = number(match[1] ?? match[2] ?? match[3]);
    if (match.index === 0 || value === undefined) continue;
    const runner = text.startsWith('selftests: ', match.index + match[0].length);
    found.push({at: match.index, ok: match[2] === undefined, number: value, runner});
  }
  return found;
}

function placeOf(indent: string): Place {
  let column = 0;
  let hashes = 0;
  for (const c of indent) {
    column += c === '\t' ? TAB : 1;
    if (c === '#') hashes++;
  }
  return {column, hashes};
}

/** A comment's last `#` is its own, the ones before it are nesting. */
function placeOfComment(indent: string): Place {
  return placeOf(indent.slice(0, indent.lastIndexOf('#')));
}

function number(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  return Number(digits) <= MAX_NUMBER ? Number(digits) : undefined;
}
