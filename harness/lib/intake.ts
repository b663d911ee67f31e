// SPDX-License-Identifier: MIT
/**
 * The gate: how a file is taken that somebody else left (a build, a tarball, a mail, a tree, a guest). It is opened
 * below a folder of ours, one component at a time, as openat2's RESOLVE_BENEATH does; never through a link, unless a
 * link that stays below is asked for; never waited for (a FIFO has no end); never larger than its limit.
 * `scripts/check-readers.ts` holds that nobody reads past it.
 */
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {createBelow, findBelow, unlinkBelow} from './beneath.js';
import {isDiskFull} from './disk-full.js';
import {InfraError, messageOf} from './errors.js';
import {absent, type Blame, type IntakeRule, kindOf, refused, tooLarge, WHY} from './intake-refusal.js';

export type {IntakeRule} from './intake-refusal.js';

const CHUNK_BYTES = 1024 * 1024;

/** The bytes of a file below `root`; undefined: there is none. @throws by `rule.blame` for all but a regular file */
export function takeBytes(root: string, path: string, rule: IntakeRule): Buffer | undefined {
  return withFile(root, path, rule, (fd) => readAll(fd, join(root, path), rule));
}

/** As `takeBytes`, of a file that must be there. */
export function needBytes(root: string, path: string, rule: IntakeRule): Buffer {
  const bytes = takeBytes(root, path, rule);
  if (bytes === undefined) throw absent(join(root, path), rule);
  return bytes;
}

/** As UTF-8; bytes that are none become U+FFFD. */
export const takeText = (root: string, path: string, rule: IntakeRule): string | undefined =>
  takeBytes(root, path, rule)?.toString('utf8');

/** As `takeText`, of a file that must be there. */
export const needText = (root: string, path: string, rule: IntakeRule): string =>
  needBytes(root, path, rule).toString('utf8');

/** A file of ours by its whole path: the folder that it is in is trusted, the file is not. */
export const needFileText = (file: string, rule: IntakeRule): string => needText(dirname(file), basename(file), rule);

/**
 * A file that the user named: a link is theirs, and followed. `needBytes` takes what it leads to.
 * @throws the system's error for one that is not there; by `rule.blame` for all but a regular file
 */
export function namedBytes(file: string, rule: IntakeRule): Buffer {
  const real = realpathSync(file);
  return needBytes(dirname(real), basename(real), rule);
}

/**
 * For what is passed over when it is not as it should be (a mark, a name of git's): the bytes of a regular file by its
 * whole path; undefined for anything else, and for one that is larger.
 */
export function plainBytes(file: string, maxBytes: number): Buffer | undefined {
  try {
    return takeBytes(dirname(file), basename(file), {what: 'a file', blame: 'infra', maxBytes});
  } catch (error) {
    if (error instanceof InfraError) return undefined;
    throw error;
  }
}

/** An open file, for one that is read in pieces by who closes it; of any size. */
export function takeOpen(root: string, path: string, rule: Blame): {fd: number; size: number} | undefined {
  return withFound(root, path, rule, (found, stat) => {
    if (!stat.isFile()) throw refused(join(root, path), rule, kindOf(stat));
    return {fd: openFound(found, join(root, path), rule), size: stat.size};
  });
}

/** The first bytes of a file of any size, its mode and its size. */
export function takeHead(
  root: string,
  path: string,
  bytes: number,
  rule: Omit<IntakeRule, 'maxBytes'>,
): {mode: number; size: number; head: Buffer} | undefined {
  return withFile(root, path, {...rule, maxBytes: Number.POSITIVE_INFINITY}, (fd, {mode, size}) => {
    const buffer = Buffer.alloc(Math.min(bytes, size));
    return {mode, size, head: buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0))};
  });
}

/**
 * Copies a file to a place of ours where nothing is yet; as a clone where the file system can, which takes no time.
 *
 * @returns false: there is no such file
 */
export function takeCopy(root: string, path: string, to: string, rule: IntakeRule): boolean {
  const {COPYFILE_EXCL, COPYFILE_FICLONE} = constants;
  const done = withFile(root, path, rule, (fd) => {
    // The open file and not its name: what stands there by now may be another.
    copyFileSync(`/proc/self/fd/${fd}`, to, COPYFILE_EXCL | COPYFILE_FICLONE);
    return true;
  });
  return done ?? false;
}

/** As `takeCopy`, of a file that must be there. */
export function needCopy(root: string, path: string, to: string, rule: IntakeRule): void {
  if (!takeCopy(root, path, to, rule)) throw absent(join(root, path), rule);
}

/** Is there a regular file? @throws for something else of that name */
export const hasFile = (root: string, path: string, rule: IntakeRule): boolean =>
  withFile(root, path, rule, () => true) ?? false;

/** Is there a folder, and no link in the way to it? @throws for something else of that name */
export function hasFolder(root: string, path: string, rule: Omit<IntakeRule, 'maxBytes'>): boolean {
  return (
    withFound(root, path, rule, (_, stat) => {
      if (!stat.isDirectory()) throw refused(join(root, path), rule, kindOf(stat), undefined, 'a folder');
      return true;
    }) ?? false
  );
}

/** Are these two files the same, byte for byte? Neither is held in memory. False when one is not there. */
export function sameBytes(one: string, other: string, rule: IntakeRule): boolean {
  const compare = (a: number, b: number): boolean => {
    const [left, right] = [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES)];
    for (let at = 0; ; ) {
      const [n, m] = [readSync(a, left, 0, CHUNK_BYTES, at), readSync(b, right, 0, CHUNK_BYTES, at)];
      if (n !== m || !left.subarray(0, n).equals(right.subarray(0, m))) return false;
      if (n === 0) return true;
      at += n;
    }
  };
  const open = <T>(file: string, use: (fd: number) => T): T | undefined =>
    withFile(dirname(file), basename(file), rule, use);
  return open(one, (a) => open(other, (b) => compare(a, b))) ?? false;
}

/**
 * Writes a file below a folder that others filled, in the place of whatever file or link has that name, to the disk.
 * @throws InfraError where a link is on the way, or something else that is no file has the name
 */
export function putBelow(root: string, path: string, text: string, mode: number): void {
  const fd = makeBelow(root, path, mode);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function makeBelow(root: string, path: string, mode: number): number {
  const whole = join(root, path);
  try {
    unlinkBelow(root, path);
    const fd = createBelow(root, path, mode);
    if (fd !== undefined) return fd;
  } catch (cause) {
    if (isDiskFull(cause)) throw cause;
    const {code = ''} = cause as NodeJS.ErrnoException;
    throw new InfraError(`Cannot write \`${whole}\`: there is ${WHY[code] ?? `an error (${messageOf(cause)})`}`, {
      hint: 'What ran there put it there: `kverdict clean trees` removes what is kept, and it is made anew.',
      cause,
    });
  }
  throw new InfraError(`There is no folder for \`${whole}\``);
}

/** A name that can stand for one file: one component, printable, of a length that file systems take. */
export const isOneName = (name: string): boolean =>
  /^[\x21-\x7e]{1,200}$/.test(name) && !name.includes('/') && name !== '.' && name !== '..';

function withFile<T>(root: string, path: string, rule: IntakeRule, use: (fd: number, stat: Stats) => T): T | undefined {
  const whole = join(root, path);
  return withFound(root, path, rule, (found, stat) => {
    if (!stat.isFile()) throw refused(whole, rule, kindOf(stat));
    if (stat.size > rule.maxBytes) throw tooLarge(whole, rule, stat.size);
    const fd = openFound(found, whole, rule);
    try {
      return use(fd, stat);
    } finally {
      closeSync(fd);
    }
  });
}

const openFound = (found: number, path: string, rule: Blame): number =>
  attempt(path, rule, () => openSync(`/proc/self/fd/${found}`, constants.O_RDONLY | constants.O_NONBLOCK));

function withFound<T>(root: string, path: string, rule: Blame, use: (fd: number, stat: Stats) => T): T | undefined {
  const found = attempt(join(root, path), rule, () => findBelow(root, path, rule.links === 'below'));
  if (found === undefined) return undefined;
  try {
    return use(found, fstatSync(found));
  } finally {
    closeSync(found);
  }
}

function attempt<T>(path: string, rule: Blame, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    const {code = ''} = cause as NodeJS.ErrnoException;
    throw refused(path, rule, WHY[code] ?? `an error (${messageOf(cause)})`, cause);
  }
}

/**
 * Reads to the end and not to the size that was told: files of /proc have none, and others grow. One that has the size
 * that it tells is held once, and not a second time while its pieces are joined.
 */
function readAll(fd: number, path: string, rule: IntakeRule): Buffer {
  const chunks: Buffer[] = [];
  let room = Math.max(4096, fstatSync(fd).size + 1);
  for (let total = 0; ; room = CHUNK_BYTES) {
    const chunk = readUpTo(fd, room);
    total += chunk.length;
    if (total > rule.maxBytes) throw tooLarge(path, rule, total);
    chunks.push(chunk);
    if (chunk.length < room) return chunks.length === 1 ? chunk : Buffer.concat(chunks);
  }
}

/** Fewer bytes only at the end. */
function readUpTo(fd: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  for (let filled = 0; ; ) {
    const count = filled === bytes ? 0 : readSync(fd, buffer, filled, bytes - filled, null);
    if (count === 0) return buffer.subarray(0, filled);
    filled += count;
  }
}
