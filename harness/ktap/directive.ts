// SPDX-License-Identifier: MIT
import {cleanLine, keep} from '../lib/text.js';
import {statusOfExit} from './exit.js';
import type {Status} from './result.js';

/** What the words after `ok N` say. */
export interface Description {
  /** Empty when the test gave none. */
  name: string;
  status: Status;
  reason?: string;
  /** A contradiction on the line itself. */
  problem?: string;
  /** The name stands behind the directive: `ok 2 # SKIP name`, which may as well be a reason. */
  behind?: true;
}

/** Characters of a test's name; it becomes part of a key and of a command line. */
export const MAX_NAME = 200;
const MAX_REASON = 300;

interface Directive {
  /** The whole words that mean it, in any case. */
  words: string;
  /** What it makes of `ok` and of `not ok`. */
  ok: Status;
  notOk: Status;
  /** On `ok` only in capitals, as ktap.rst has it: `ok 1 opens # error path` is free text, and no failure. */
  loud?: true;
}

/**
 * SKIP and XFAIL may stand on either (ktap.rst). A TODO that passes is a pass: the patch that repairs it must not look
 * like a regression. `skipped` is what many programs write; no other ending of a word is taken: TAP 13 would take
 * `skipped_objects=3` for a skip, and so hide a failure.
 */
const DIRECTIVES: readonly Directive[] = [
  {words: 'skip|skipped', ok: 'skip', notOk: 'skip'},
  {words: 'xfail', ok: 'xfail', notOk: 'xfail'},
  {words: 'todo', ok: 'pass', notOk: 'xfail'},
  {words: 'xpass', ok: 'xpass', notOk: 'xpass'},
  {words: 'timeout', ok: 'timeout', notOk: 'timeout', loud: true},
  {words: 'error', ok: 'error', notOk: 'error', loud: true},
];

/** Behind the word: the end, a blank or a colon. A blank is ASCII: `\b` would end `SKIP` before an accent. */
const WORD_END = '(?=[ \\t:]|$)';
const PATTERNS = DIRECTIVES.map((directive) => ({
  ...directive,
  pattern: new RegExp(`^(?:${directive.words})${WORD_END}`, 'i'),
}));

/** An unescaped `#` with a blank before it (TAP 14): `page#skip` is an address. */
const HASHES = /(?<=[ \t])#[ \t]*/g;
/** `: `, ` - `: between a directive and its text. */
const SEPARATOR = /^[ \t]*:?[ \t]*(?:-(?=[ \t]|$))?[ \t]*/;

/** Reads `[- ][description][ # [directive] [text]]`, as it stands behind the number, with the blank before it. */
export function readDescription(rest: string, ok: boolean): Description {
  const {before, after, directive} = splitAtHash(rest, ok);
  const described = nameOf(before);
  if (directive === undefined) return withoutDirective(described, after, ok);

  const {text} = directive;
  // kselftest's C helpers print `ok 2 # SKIP name`: the name comes behind the directive.
  const name = described === '' ? nameOf(text) : described;
  return {
    name,
    status: ok ? directive.ok : directive.notOk,
    ...(text === '' || text === name ? {} : {reason: keep(cleanLine(text), MAX_REASON)}),
    ...(ok && directive.loud ? {problem: `\`ok\` with the directive ${directive.ok.toUpperCase()}`} : {}),
    ...(described === '' ? {behind: true} : {}),
  };
}

/**
 * Where the description ends. A `#` with neither a blank nor a directive behind it is part of a name: `cpu #3`, `bug #12`.
 * Of several the first counts; but what is `ok` is no pass when a later one has a directive in capitals behind it
 * (`ok 2 b # time=3ms # SKIP no disk`), while nothing behind further words excuses a failure.
 */
function splitAtHash(rest: string, ok: boolean): {before: string; after: string; directive?: Said | undefined} {
  let first: {before: string; after: string} | undefined;
  for (const hash of rest.matchAll(HASHES)) {
    const after = rest.slice(hash.index + hash[0].length).trim();
    const directive = directiveOf(after, ok);
    if (first !== undefined && directive !== undefined && ok && directive.isLoud) return {...first, after, directive};
    if (first !== undefined) continue;
    const split = {before: rest.slice(0, hash.index), after};
    if (directive !== undefined) return {...split, directive};
    if (after === '' || hash[0].length > 1 || EXIT.test(after)) first = split;
  }
  return first ?? {before: rest, after: ''};
}

/** The reason of `# SKIP why`, behind the `#`; undefined: it is no skip. */
export function skipReason(after: string): string | undefined {
  const directive = directiveOf(after, true);
  return directive?.ok === 'skip' ? directive.text : undefined;
}

/** A directive as it was given. */
interface Said extends Directive {
  text: string;
  /** In capitals, as ktap.rst has it. */
  isLoud: boolean;
}

function directiveOf(after: string, ok: boolean): Said | undefined {
  for (const directive of PATTERNS) {
    const [word] = directive.pattern.exec(after) ?? [];
    if (word === undefined) continue;
    const isLoud = word === word.toUpperCase();
    if (ok && directive.loud && !isLoud) continue;
    return {...directive, isLoud, text: after.slice(word.length).replace(SEPARATOR, '').replace(TOTALS, '').trim()};
  }
  return undefined;
}

/** kselftest's helper prints its sums behind a reason that has no newline. */
const TOTALS = /# (?:Planned tests|Totals).*$/;
/** How kselftest's runner says why. */
const EXIT = /^exit=(\d+)\b/;

/** What is behind a `#` and no directive is only text, but for the runner's `exit=1`. */
function withoutDirective(name: string, after: string, ok: boolean): Description {
  const reason = after === '' ? {} : {reason: keep(cleanLine(after), MAX_REASON)};
  const exit = EXIT.exec(after);
  // The runner has it behind `not ok` alone; behind `ok`, further words make a sentence of it.
  if (exit === null || (ok && exit[0] !== after)) return {name, status: ok ? 'pass' : 'fail', ...reason};
  const said = statusOfExit(Number(exit[1]));
  if (!ok) return {name, status: said.status === 'pass' || said.status === 'skip' ? 'fail' : said.status, ...reason};
  if (said.status === 'pass') return {name, status: 'pass', ...reason};
  return {name, status: 'fail', ...reason, problem: `\`ok\` with ${after}`};
}

function nameOf(text: string): string {
  const name = text
    .replace(/^\s*-(?=\s|$)/, '')
    .replace(/\\([\\#])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return keep(name, MAX_NAME);
}
