// SPDX-License-Identifier: MIT
/** Reads a unified diff as git writes it, without applying it: which files, and is every hunk whole. */
export interface DiffFacts {
  files: readonly DiffFile[];
  /** The first thing that is wrong; absent: every hunk holds the lines its header promises. */
  damage?: DiffDamage;
}

export interface DiffFile {
  /** Absent for a new file. */
  from?: string;
  /** Absent for a deleted one. */
  to?: string;
  /** `diff --git mm/a.c mm/a.c`: made with `diff.noprefix`, which `git apply -p1` would misread. */
  noPrefix?: true;
}

export interface DiffDamage {
  kind: 'torn' | 'wrapped' | 'binary-without-data';
  file: string;
  /** 1-based, within its file. */
  hunk?: number;
  /** `@@ -1,7 +1,8 @@` */
  header?: string;
  /** The line that does not belong there. */
  found?: string;
  /** Lines that the header promises and that are not there: of the old and of the new file. */
  missing?: {old: number; new: number};
}

const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const START = /^diff --git /;

/** Pure. Text before, between and after the files (a diffstat, a signature) is passed over, as `git apply` does. */
export function readDiff(diff: string): DiffFacts {
  const lines = diff.split('\n');
  const complete = lines.at(-1) === '';
  if (complete) lines.pop();
  const files: DiffFile[] = [];
  let hunk = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (START.test(line)) {
      files.push(gitHeader(lines, at));
      hunk = 0;
    } else if (line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ') && HUNK.test(lines[at + 2] ?? '')) {
      // Without a `diff --git` line it comes from diff(1) or quilt; with one, the names are known already.
      if (hunk > 0 || !startsAbove(lines, at)) files.push(plainHeader(line, lines[at + 1] ?? ''));
      hunk = 0;
      at += 1;
    } else if (HUNK.test(line) && files.length > 0) {
      hunk += 1;
      const end = readHunk(lines, at, complete);
      if (end.damage !== undefined) {
        return {files, damage: {...end.damage, file: nameOf(files.at(-1)), hunk, header: HUNK.exec(line)?.[0] ?? line}};
      }
      at = end.last;
    } else if (/^Binary files .* differ$/.test(line) && files.length > 0) {
      return {files, damage: {kind: 'binary-without-data', file: nameOf(files.at(-1))}};
    }
  }
  return {files};
}

/** The paths a diff touches, in its order, each once; a rename gives both. */
export function pathsOf(files: readonly DiffFile[]): string[] {
  const paths = files.flatMap(({from, to}) => [from, to]).filter((path) => path !== undefined);
  return [...new Set(paths)];
}

interface HunkEnd {
  last: number;
  damage?: Omit<DiffDamage, 'file'>;
}

function readHunk(lines: readonly string[], header: number, complete: boolean): HunkEnd {
  const counts = HUNK.exec(lines[header] ?? '');
  let old = Number(counts?.[1] ?? 1);
  let now = Number(counts?.[2] ?? 1);
  let at = header;
  while (old > 0 || now > 0) {
    const line = lines[at + 1];
    const missing = {old, new: now};
    if (line === undefined || isOutside(line, lines[at + 2])) {
      return {last: at, damage: {kind: 'torn', missing, ...(line === undefined ? {} : {found: line})}};
    }
    const kind = line[0] ?? ' ';
    // Some mail programs take the one space of an empty context line away; git reads that as well.
    if (kind === ' ' || kind === '\r') {
      old -= 1;
      now -= 1;
    } else if (kind === '-') old -= 1;
    else if (kind === '+') now -= 1;
    else if (kind !== '\\') return {last: at, damage: {kind: 'wrapped', missing, found: line}};
    if (old < 0 || now < 0) return {last: at, damage: {kind: 'wrapped', missing, found: line}};
    at += 1;
  }
  if (at === lines.length - 1 && !complete) {
    return {last: at, damage: {kind: 'torn', missing: {old: 0, new: 0}, found: lines[at] ?? ''}};
  }
  return {last: at};
}

/** The next file, the next hunk or git's signature (`-- ` and a version), seen where lines of a hunk should be. */
function isOutside(line: string, next: string | undefined): boolean {
  if (START.test(line) || HUNK.test(line)) return true;
  return /^-- ?$/.test(line) && (next === undefined || /^\d+\.\d+/.test(next) || next === '');
}

function startsAbove(lines: readonly string[], at: number): boolean {
  for (let above = at - 1; above >= 0; above--) {
    const line = lines[above] ?? '';
    if (START.test(line)) return true;
    // The extended header lines between `diff --git` and `---`.
    if (!/^(?:index|old mode|new mode|new file|deleted file|similarity|dissimilarity|rename|copy) /.test(line))
      return false;
  }
  return false;
}

function gitHeader(lines: readonly string[], at: number): DiffFile {
  const file: DiffFile = {};
  const extended: Record<string, string> = {};
  let next = at + 1;
  for (; next < lines.length; next++) {
    const match = /^(rename from|rename to|copy from|copy to|new file|deleted file|---|\+\+\+) (.*)$/.exec(
      lines[next] ?? '',
    );
    if (match !== null) extended[match[1] ?? ''] = match[2] ?? '';
    else if (!/^(?:index|old mode|new mode|similarity|dissimilarity) /.test(lines[next] ?? '')) break;
  }
  const halves = headerNames((lines[at] ?? '').slice('diff --git '.length));
  const from = extended['rename from'] ?? extended['copy from'];
  const to = extended['rename to'] ?? extended['copy to'];
  const oldName = from === undefined ? halves?.[0] : unquote(from);
  const newName = to === undefined ? halves?.[1] : unquote(to);
  if (extended['new file'] === undefined && oldName !== undefined) file.from = oldName;
  if (extended['deleted file'] === undefined && newName !== undefined) file.to = newName;
  if (halves?.[2]) file.noPrefix = true;
  return file;
}

/** Both names of a `diff --git` line. Names with spaces are not quoted: there the two halves are equal. */
function headerNames(words: string): [string, string, boolean] | undefined {
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)\s*$/.exec(words);
  const half = (words.length - 1) / 2;
  const [first, second] =
    quoted === null
      ? [words.slice(0, half), words.slice(half + 1)]
      : [unquote(quoted[1] ?? ''), unquote(quoted[2] ?? '')];
  if (first === '' || second === '') return undefined;
  const noPrefix = first === second && !/^[abciow]\//.test(first);
  return noPrefix ? [first, second, true] : [stripFirst(first), stripFirst(second), false];
}

function plainHeader(from: string, to: string): DiffFile {
  const oldName = plainName(from);
  const newName = plainName(to);
  return {...(oldName === undefined ? {} : {from: oldName}), ...(newName === undefined ? {} : {to: newName})};
}

function plainName(line: string): string | undefined {
  // diff(1) writes a tab and the time after the name.
  const name = unquote(line.slice(4).replace(/\t.*$/, '').trim());
  return name === '/dev/null' ? undefined : stripFirst(name);
}

function stripFirst(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

function nameOf(file: DiffFile | undefined): string {
  return file?.to ?? file?.from ?? '?';
}

/** git's C quoting: octal bytes of UTF-8, and the usual letters. */
function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const letters: Record<string, string> = {n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v'};
  const bytes = name
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      /^[0-7]{3}$/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (letters[code] ?? code),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
