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
  readlinkSync,
  readSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {createBelow, findBelow, unlinkBelow} from './beneath.js';
import {InfraError, KernelError, type KverdictError, messageOf, UserError} from './errors.js';

/** What may come in, and whose fault anything else is. */
export interface IntakeRule {
  /** Completes "Expected `PATH`, WHAT, to be a regular file". */
  what: string;
  blame: 'user' | 'infra' | 'kernel';
  maxBytes: number;
  /** `below`: a link is followed as long as it stays below the root (`make install` keeps those of the tree). */
  links?: 'below';
}

const ERRORS = {user: UserError, infra: InfraError, kernel: KernelError} as const;
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

/** Writes a file below a folder that others filled, in the place of whatever has that name, to the disk; through no link. */
export function putBelow(root: string, path: string, text: string, mode: number): void {
  unlinkBelow(root, path);
  const fd = createBelow(root, path, mode);
  if (fd === undefined) throw new InfraError(`There is no folder for \`${join(root, path)}\``);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A name that can stand for one file: one component, printable, of a length that file systems take. */
export const isOneName = (name: string): boolean =>
  /^[\x21-\x7e]{1,200}$/.test(name) && !name.includes('/') && name !== '.' && name !== '..';

function withFile<T>(root: string, path: string, rule: IntakeRule, use: (fd: number, stat: Stats) => T): T | undefined {
  const whole = join(root, path);
  return withFound(root, path, rule, (found, stat) => {
    if (!stat.isFile()) throw refused(whole, rule, kindOf(stat));
    if (stat.size > rule.maxBytes) throw tooLarge(whole, rule, stat.size);
    const fd = attempt(whole, rule, () =>
      openSync(`/proc/self/fd/${found}`, constants.O_RDONLY | constants.O_NONBLOCK),
    );
    try {
      return use(fd, stat);
    } finally {
      closeSync(fd);
    }
  });
}

type Blame = Omit<IntakeRule, 'maxBytes'>;

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

/** Why a file cannot be opened, by what open(2) says. */
const WHY: Readonly<Record<string, string>> = {
  ELOOP: 'a link',
  EXDEV: 'a link that leads out of its folder',
  EACCES: 'a file that may not be read',
  ENAMETOOLONG: 'a name that is too long',
};

/** Reads to the end and not to the size that was told: files of /proc have none, and others grow. */
function readAll(fd: number, path: string, rule: IntakeRule): Buffer {
  const chunks: Buffer[] = [];
  for (let total = 0; ; ) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(4096, fstatSync(fd).size - total + 1)));
    const count = readSync(fd, chunk);
    if (count === 0) return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    total += count;
    if (total > rule.maxBytes) throw tooLarge(path, rule, total);
    chunks.push(chunk.subarray(0, count));
  }
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a directory';
  if (stat.isFIFO()) return 'a FIFO';
  if (stat.isFile()) return 'a file';
  return stat.isSocket() ? 'a socket' : 'a device';
}

function refused(path: string, rule: Blame, got: string, cause?: unknown, wanted = 'a regular file'): KverdictError {
  const message = `Expected \`${path}\`, ${rule.what}, to be ${wanted}, got ${got}`;
  const target = got === 'a link' ? linkTarget(path) : '';
  return new ERRORS[rule.blame](`${message}${target}`, {hint: HINTS[rule.blame], facts: {path, got}, cause});
}

function tooLarge(path: string, rule: IntakeRule, bytes: number): KverdictError {
  const message = `Expected \`${path}\`, ${rule.what}, to have at most ${rule.maxBytes} bytes, got ${bytes} or more`;
  return new ERRORS[rule.blame](message, {hint: HINTS[rule.blame], facts: {path, bytes, limit: rule.maxBytes}});
}

function absent(path: string, rule: IntakeRule): KverdictError {
  return new ERRORS[rule.blame](`There is no \`${path}\`, ${rule.what}`, {hint: HINTS[rule.blame], facts: {path}});
}

const HINTS = {
  user: 'Give a plain file: `cp --dereference` makes one of a link, `cat` one of a pipe.',
  infra: 'Something else wrote there: `kverdict clean` removes what is kept, and it is made anew.',
  kernel: 'It was left by what the tree ran while it was built; kverdict does not read it.',
} as const;

function linkTarget(path: string): string {
  try {
    return ` to \`${readlinkSync(path)}\``;
  } catch {
    return '';
  }
}
