// SPDX-License-Identifier: MIT
/** The grammar of one line: KTAP 1, TAP 12 to 14, and what kselftest, KUnit and printk put in front. */

/** How far in a line is. Spaces, tabs and kselftest's `# ` all count as columns: deeper is more. */
export interface Place {
  column: number;
  /** `#` characters in the indentation: inside somebody else's comment. */
  hashes: number;
}

/** How many results of each kind kselftest's helpers counted. */
export interface Totals {
  pass: number;
  fail: number;
  xfail: number;
  xpass: number;
  skip: number;
  error: number;
}

export type Line = {place: Place} & (
  | {kind: 'version'; version: string}
  | {kind: 'plan'; count: number; directive: string}
  | {kind: 'bail'; reason: string}
  /** `rest` begins with the blank that stands before it: a `#` without one opens no directive. */
  | {kind: 'result'; ok: boolean; number: number | undefined; rest: string}
  | {kind: 'header'; name: string}
  | {kind: 'yaml'}
  | {kind: 'pragma'}
  | {kind: 'totals'; counts: Totals; text: string}
  | {kind: 'comment'; text: string}
  | {kind: 'unknown'; text: string}
);

export type Result = Line & {kind: 'result'};

const TAB = 4;
/** Plans and numbers above this are noise, not counts. */
const MAX_NUMBER = 1_000_000_000;

/** `<6>`, `[   12.345678]`, `[    T1]`: what printk puts before a line, each with at most one blank behind it. */
const PRINTK = /^(?:<\d{1,3}>)?(?:\[ *\d+\.\d{1,9}\] ?)?(?:\[ *[TC]\d+\] ?)?/;

interface Rule {
  pattern: RegExp;
  /** What the line may begin with: most lines of a noisy test are not looked at further. */
  first: string;
  /** true: only as a comment, that is with a `#` as the last thing before it. */
  comment?: boolean;
  read(match: RegExpExecArray, place: Place): Line | undefined;
}

/** First match wins; what matches none is a comment when a `#` stands before it, else unknown. */
const GRAMMAR: readonly Rule[] = [
  {
    pattern: /^(K?TAP) version (\d+)\s*$/i,
    first: 'KkTt',
    read: (m, place) => ({kind: 'version', place, version: `${m[1]?.toUpperCase()} ${m[2]}`}),
  },
  {
    pattern: /^1\.\.(\d+)\s*(?:#\s*(.*))?$/,
    first: '1',
    read: (m, place) => ({kind: 'plan', place, count: Math.min(Number(m[1]), MAX_NUMBER), directive: m[2] ?? ''}),
  },
  // kselftest's helper prints its totals behind the reason when the reason has no newline.
  {
    pattern: /^Bail out!(.*)$/i,
    first: 'Bb',
    read: (m, place) => ({
      kind: 'bail',
      place,
      reason: (m[1] ?? '').replace(/# (?:Planned tests|Totals).*$/, '').trim(),
    }),
  },
  {
    pattern: /^(not\s+)?ok(?=[\s#]|$)(?:\s+(\d+)(?=[\s#]|$))?(.*)$/,
    first: 'no',
    read: (m, place) => ({kind: 'result', place, ok: m[1] === undefined, number: number(m[2]), rest: m[3] ?? ''}),
  },
  {
    pattern: /^Subtest: (.+)$/,
    first: 'S',
    comment: true,
    read: (m, place) => ({kind: 'header', place, name: m[1] ?? ''}),
  },
  {
    pattern: /^(selftests: \S+ \S.*)$/,
    first: 's',
    comment: true,
    read: (m, place) => ({kind: 'header', place, name: m[1] ?? ''}),
  },
  // Also as older helpers have it: `# Pass 1 Fail 0 Xfail 0 Xpass 0 Skip 0 Error 0`.
  {
    pattern:
      /^(?:Totals: )?pass[: ](\d+) fail[: ](\d+) xfail[: ](\d+) xpass[: ](\d+) skip[: ](\d+) error[: ](\d+)\s*$/i,
    first: 'TP',
    comment: true,
    read: (m, place) => {
      const [pass = 0, fail = 0, xfail = 0, xpass = 0, skip = 0, error = 0] = m.slice(1).map(Number);
      return {kind: 'totals', place, counts: {pass, fail, xfail, xpass, skip, error}, text: `# ${m[0]}`};
    },
  },
  {
    pattern: /^---\s*$/,
    first: '-',
    read: (_, place) => (place.column > 0 ? {kind: 'yaml', place} : undefined),
  },
  {pattern: /^pragma [+-]\w+\s*$/, first: 'p', read: (_, place) => ({kind: 'pragma', place})},
];

/** By the code of a line's first character. */
const RULES: readonly (readonly Rule[])[] = Array.from({length: 128}, (_, code) =>
  GRAMMAR.filter(({first}) => first.includes(String.fromCharCode(code))),
);

/** Reads one line, without its newline. It must be clean: `cleanText` takes out what a terminal acts on. */
export function readLine(clean: string): Line {
  const text = clean.startsWith('[') || clean.startsWith('<') ? clean.replace(PRINTK, '') : clean;
  const {length, place, comment} = readIndent(text);
  const rest = text.slice(length);
  for (const rule of RULES[rest.charCodeAt(0)] ?? []) {
    const at = rule.comment ? comment : place;
    const match = at === undefined ? null : rule.pattern.exec(rest);
    const line = at === undefined || match === null ? undefined : rule.read(match, at);
    if (line !== undefined) return line;
  }
  if (comment !== undefined) return {kind: 'comment', place: comment, text: `# ${rest}`};
  if (rest.startsWith('#')) return {kind: 'comment', place, text: rest};
  return {kind: 'unknown', place, text};
}

/** A result that follows unterminated output on the same line: where it starts, and its number. */
export interface Glued {
  at: number;
  ok: boolean;
  /** Absent: `not ok - name`, which may have none. */
  number: number | undefined;
  /** It is the kselftest runner's own line, whatever it is glued to. */
  runner: boolean;
}

/**
 * `not ok N` is believed wherever it stands, `not ok - ` glued to a character. `ok N` must be glued to one, for with a
 * blank before it, it may be a sentence, and not to an `o` (`it took 3 seconds`) or to what opens a bracket or a quotation.
 * In front of the name that kselftest's runner gives, both count.
 */
const GLUED =
  /(?<=[^\soO([{<"'`])ok (\d+)(?=[\s#]|$)|not\s+ok\s+(\d+)(?=[\s#]|$)|ok (\d+) (?=selftests: )|(?<=\S)not ok (?=- )/g;

/** A test that is cheap enough for every line of diagnostics. */
export function mayHoldResult(text: string): boolean {
  return text.includes('ok ') && /ok\s+\d|not ok - /.test(text);
}

/** Every place in `text`, after its start, where a result line could begin; the caller knows the number it expects. */
export function* findGlued(text: string): Generator<Glued> {
  if (!mayHoldResult(text)) return;
  for (const match of text.matchAll(GLUED)) {
    const digits = match[1] ?? match[2] ?? match[3];
    const value = number(digits);
    if (match.index === 0 || (digits !== undefined && value === undefined)) continue;
    const runner = RUNNER.test(text.slice(match.index, match.index + 40));
    yield {at: match.index, ok: !match[0].startsWith('not'), number: value, runner};
  }
}

/** Where one of the helpers' own comments stands behind a line that had no newline; else undefined. */
export function findComment(text: string): number | undefined {
  if (text.indexOf('#', 1) === -1) return undefined;
  return /(?<=[^\s#])#(?= +(?:Totals: pass:|Planned tests != run|\[RUN\] ))/.exec(text)?.index;
}

/** Where a bail out stands behind output without a newline: glued to a word, or behind `... `; else undefined. */
export function findBail(text: string): number | undefined {
  if (!text.includes('Bail out!')) return undefined;
  return /(?<=[^\s([{<"'`]|\.\.\. )Bail out!/.exec(text)?.index;
}

const RUNNER = /^(?:not\s+)?ok\s+\d+ selftests: /;
const SPACE = 32;
const TABULATOR = 9;
const HASH = 35;

/** Blanks, and each `#` with a blank behind it. A comment's last `#` is its own, the ones before it are nesting. */
function readIndent(text: string): {length: number; place: Place; comment: Place | undefined} {
  let column = 0;
  let hashes = 0;
  let comment: Place | undefined;
  let length = 0;
  for (; length < text.length; length++) {
    const code = text.charCodeAt(length);
    if (code === HASH) {
      const next = text.charCodeAt(length + 1);
      if (next !== SPACE && next !== TABULATOR) break;
      comment = {column, hashes};
      hashes++;
    } else if (code !== SPACE && code !== TABULATOR) break;
    column += code === TABULATOR ? TAB : 1;
  }
  return {length, place: {column, hashes}, comment};
}

function number(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  return Number(digits) <= MAX_NUMBER ? Number(digits) : undefined;
}
