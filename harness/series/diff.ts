// SPDX-License-Identifier: MIT
import {fromTheTop, headerNames, plainHeader, unquote} from './diff-names.js';
import {Lines} from './lines.js';

/** Reads a unified diff as git writes it, without applying it: which files, and is every hunk whole. */
export interface DiffFacts {
  files: readonly DiffFile[];
  /** The first thing that is wrong; absent: every hunk holds the lines its header promises. */
  damage?: DiffDamage;
  /** Bytes up to the end of the last hunk; absent when a file without one comes last. */
  end?: number;
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
  /**
   * `deleted-without-content`: made with `--irreversible-delete`; `from-the-top`: names without a leading part, which
   * `git apply -p1` would misread; `no-hunk`: both names of a file, and nothing that changes in it.
   */
  kind: 'no-hunk' | 'torn' | 'wrapped' | 'binary-without-data' | 'deleted-without-content' | 'from-the-top';
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
/** The lines of git's own between `diff --git` and `---`. */
const EXTENDED = /^(?:index|old mode|new mode|new file|deleted file|similarity|dissimilarity|rename|copy) /;
/** The names of the empty file: SHA-1, SHA-256. */
const EMPTY_BLOBS = [
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
];

/** Pure. Text before, between and after the files (a diffstat, a signature) is passed over, as `git apply` does. */
export function readDiff(diff: Buffer): DiffFacts {
  const lines = new Lines(diff);
  const files: DiffFile[] = [];
  let hunk = 0;
  let last: number | undefined;
  for (let at = 0; at < lines.length; at++) {
    // Most lines of a large diff are in hunks, which are passed in one step; of the others few can begin something.
    if (!/^(?:diff |--- |@@ |Binary )/.test(lines.start(at))) continue;
    const line = lines.at(at);
    if (START.test(line)) {
      const file = gitHeader(lines, at);
      files.push(file);
      hunk = 0;
      last = undefined;
      const empty = withoutHunk(lines, at);
      if (empty !== undefined) return {files, damage: {kind: 'no-hunk', file: nameOf(file), found: empty}};
      if (lacksContent(lines, at)) return {files, damage: {kind: 'deleted-without-content', file: nameOf(file)}};
    } else if (line.startsWith('--- ') && lines.at(at + 1).startsWith('+++ ') && HUNK.test(lines.at(at + 2))) {
      // Without a `diff --git` line it comes from diff(1) or quilt; with one, the names are known already.
      if (hunk > 0 || !startsAbove(lines, at)) {
        const top = fromTheTop(line, lines.at(at + 1));
        files.push(plainHeader(line, lines.at(at + 1)));
        if (top !== undefined) return {files, damage: {kind: 'from-the-top', file: top}};
      }
      hunk = 0;
      at += 1;
    } else if (HUNK.test(line) && files.length > 0) {
      hunk += 1;
      const end = readHunk(lines, at);
      if (end.damage !== undefined) {
        return {files, damage: {...end.damage, file: nameOf(files.at(-1)), hunk, header: HUNK.exec(line)?.[0] ?? line}};
      }
      at = end.last;
      last = lines.first(at + 1) === '\\' ? at + 2 : at + 1;
    } else if (/^Binary files .* differ$/.test(line) && files.length > 0) {
      return {files, damage: {kind: 'binary-without-data', file: nameOf(files.at(-1))}};
    }
  }
  return {files, ...(last === undefined ? {} : {end: lines.offset(last)})};
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

function readHunk(lines: Lines, header: number): HunkEnd {
  const counts = HUNK.exec(lines.at(header));
  let old = Number(counts?.[1] ?? 1);
  let now = Number(counts?.[2] ?? 1);
  let at = header;
  while (old > 0 || now > 0) {
    const missing = {old, new: now};
    if (at + 1 >= lines.length) return {last: at, damage: {kind: 'torn', missing}};
    const kind = lines.first(at + 1);
    const line = kind === ' ' || kind === '+' ? '' : lines.at(at + 1);
    if (line !== '' && isOutside(line, lines, at + 2)) return {last: at, damage: {kind: 'torn', missing, found: line}};
    // Some mail programs take the one space of an empty context line away; git reads that as well.
    if (kind === ' ' || kind === '\r') {
      old -= 1;
      now -= 1;
    } else if (kind === '-') old -= 1;
    else if (kind === '+') now -= 1;
    else if (kind !== '\\') return {last: at, damage: {kind: 'wrapped', missing, found: line}};
    if (old < 0 || now < 0) return {last: at, damage: {kind: 'wrapped', missing, found: lines.at(at + 1)}};
    at += 1;
  }
  if (at === lines.length - 1 && !lines.complete) {
    return {last: at, damage: {kind: 'torn', missing: {old: 0, new: 0}, found: lines.at(at)}};
  }
  return {last: at};
}

/** The next file, the next hunk or git's signature (`-- ` and a version), seen where lines of a hunk should be. */
function isOutside(line: string, lines: Lines, next: number): boolean {
  if (START.test(line) || HUNK.test(line)) return true;
  return /^-- ?$/.test(line) && (/^\d+\.\d+/.test(lines.at(next)) || lines.at(next) === '');
}

function startsAbove(lines: Lines, at: number): boolean {
  for (let above = at - 1; above >= 0; above--) {
    const line = lines.at(above);
    if (START.test(line)) return true;
    if (!EXTENDED.test(line)) return false;
  }
  return false;
}

function gitHeader(lines: Lines, at: number): DiffFile {
  const file: DiffFile = {};
  const extended: Record<string, string> = {};
  let next = at + 1;
  for (; next < lines.length; next++) {
    const match = /^(rename from|rename to|copy from|copy to|new file|deleted file|---|\+\+\+) (.*)$/.exec(
      lines.at(next),
    );
    if (match !== null) extended[match[1] ?? ''] = match[2] ?? '';
    else if (!/^(?:index|old mode|new mode|similarity|dissimilarity) /.test(lines.at(next))) break;
  }
  const halves = headerNames(lines.at(at).slice('diff --git '.length));
  const from = extended['rename from'] ?? extended['copy from'];
  const to = extended['rename to'] ?? extended['copy to'];
  const oldName = from === undefined ? halves?.[0] : unquote(from);
  const newName = to === undefined ? halves?.[1] : unquote(to);
  if (extended['new file'] === undefined && oldName !== undefined) file.from = oldName;
  if (extended['deleted file'] === undefined && newName !== undefined) file.to = newName;
  if (halves?.[2]) file.noPrefix = true;
  return file;
}

/** What stands behind both names of a file where its first hunk should be; undefined: a hunk does, or there are no names. */
function withoutHunk(lines: Lines, at: number): string | undefined {
  let next = at + 1;
  while (next < lines.length && EXTENDED.test(lines.at(next))) next++;
  if (!lines.at(next).startsWith('--- ') || !lines.at(next + 1).startsWith('+++ ')) return undefined;
  const below = lines.at(next + 2);
  return HUNK.test(below) ? undefined : below;
}

/** A whole file goes, and there is neither a hunk nor binary data of it; an empty one needs none. */
function lacksContent(lines: Lines, at: number): boolean {
  let deleted = false;
  let blob = '';
  for (let next = at + 1; next < lines.length; next++) {
    const line = lines.at(next);
    if (line.startsWith('deleted file mode ')) deleted = true;
    else if (line.startsWith('index ')) blob = /^index ([0-9a-f]+)\.\./.exec(line)?.[1] ?? '';
    else if (!/^(?:similarity|dissimilarity|old mode) /.test(line)) {
      if (/^(?:--- |GIT binary patch|Binary files )/.test(line)) return false;
      break;
    }
  }
  return deleted && blob !== '' && !EMPTY_BLOBS.some((empty) => empty.startsWith(blob));
}

function nameOf(file: DiffFile | undefined): string {
  return file?.to ?? file?.from ?? '?';
}
