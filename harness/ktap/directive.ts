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
}

/** Characters of a test's name; it becomes part of a key and of a command line. */
export const MAX_NAME = 200;
const MAX_REASON = 300;

/**
 * Directives in any case, also as `skipped`, and what they make of `ok` and `not ok`. SKIP and XFAIL may stand on
 * either (ktap.rst). A TODO that passes is a pass: the patch that repairs it must not look like a regression.
 */
const DIRECTIVES: readonly {pattern: RegExp; ok: Status; notOk: Status}[] = [
  {pattern: /^skip\w*\b:?\s*/i, ok: 'skip', notOk: 'skip'},
  {pattern: /^xfail\w*\b:?\s*/i, ok: 'xfail', notOk: 'xfail'},
  {pattern: /^todo\b:?\s*/i, ok: 'pass', notOk: 'xfail'},
  {pattern: /^xpass\w*\b:?\s*/i, ok: 'xpass', notOk: 'xpass'},
  {pattern: /^timeout\b:?\s*/i, ok: 'timeout', notOk: 'timeout'},
  {pattern: /^error\b:?\s*/i, ok: 'error', notOk: 'error'},
];

/** ` # …`, `# …` at the start, or a `#` glued to the name when a directive follows; `\#` is a character of TAP 14. */
const HASH = /(?:^|\s)#\s*|(?<!\\)#\s*(?=(?:skip|xfail|xpass|todo|timeout|error)\b)/i;

/** Reads `[- ][description][ # [directive] [text]]`. */
export function readDescription(rest: string, ok: boolean): Description {
  const hash = HASH.exec(rest);
  const described = nameOf(hash === null ? rest : rest.slice(0, hash.index));
  const after = hash === null ? '' : rest.slice(hash.index + hash[0].length).trim();
  const directive = DIRECTIVES.find(({pattern}) => pattern.test(after));
  if (directive === undefined) return withoutDirective(described, after, ok);

  const text = after.replace(directive.pattern, '').trim();
  // kselftest's C helpers print `ok 2 # SKIP name`: the name comes behind the directive.
  const name = described === '' ? nameOf(text) : described;
  return {
    name,
    status: ok ? directive.ok : directive.notOk,
    ...(text === '' || text === name ? {} : {reason: keep(cleanLine(text), MAX_REASON)}),
    ...(ok && (directive.ok === 'timeout' || directive.ok === 'error')
      ? {problem: `\`ok\` with the directive ${directive.ok.toUpperCase()}`}
      : {}),
  };
}

/** `# exit=1` is how kselftest's runner says why; other text is only text. */
function withoutDirective(name: string, after: string, ok: boolean): Description {
  const reason = after === '' ? {} : {reason: keep(cleanLine(after), MAX_REASON)};
  const exit = /^exit=(\d+)\b/.exec(after);
  if (exit === null) return {name, status: ok ? 'pass' : 'fail', ...reason};
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
