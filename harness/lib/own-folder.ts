// SPDX-License-Identifier: MIT
/**
 * Folders that are ours alone. Who may write in a folder, or put another one in its place, decides what kverdict reads,
 * runs and deletes there; so each folder on the way is looked at, as OpenSSH does for its keys.
 */
import {lstatSync, mkdirSync, readlinkSync, type Stats} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {InfraError, messageOf} from './errors.js';
import {shellLine} from './shell-quote.js';

/** What is wrong with a folder on the way, and the command that repairs it, when there is one. */
export interface FolderProblem {
  path: string;
  problem: string;
  fix?: string;
}

export interface FolderUse {
  /** For messages: `the cache`. */
  what: string;
  /** How to take another one: `Set XDG_CACHE_HOME to …`. */
  otherwise: string;
  /** Of the folders that are made. Default: 0700. */
  mode?: number;
  /** Also trusts folders of the user who called sudo: for what that user named. */
  sudoer?: true;
}

/** What the user named with `--out`, and others read: a page, logs. */
export const OUT_FOLDER: FolderUse = {
  what: "The run's folder",
  otherwise: 'Give --out a folder below one that only you can write in.',
  mode: 0o755,
  sudoer: true,
};

/** git and Linux give up at 40 as well. */
const MAX_LINKS = 40;

/**
 * Makes the folder, and those above it, unless they are there.
 * @throws InfraError when it is a link, belongs to another user or can be written by others, or when one of the folders
 *   above it lets another user put something else in its place
 */
export function ownFolder(path: string, use: FolderUse): void {
  refuse(path, use, walk(resolve(path), use, use.mode ?? 0o700));
}

/** As `ownFolder`, for a folder that is only read: nothing is made, and one that is not there is no harm. */
export function trustedFolder(path: string, use: FolderUse): void {
  refuse(path, use, folderProblems(path, use));
}

function refuse(path: string, use: FolderUse, problems: readonly FolderProblem[]): void {
  if (problems.length === 0) return;
  const fixes = problems.flatMap(({fix}) => fix ?? []);
  const repair = fixes.length === problems.length ? `${fixes.join(' && ')}. Or: ${use.otherwise}` : use.otherwise;
  throw new InfraError(
    `${use.what} \`${path}\` is not safe: ${problems.map((one) => `\`${one.path}\` ${one.problem}`).join('; ')}`,
    {hint: repair, facts: {path, problems: problems.map((one) => one.path)}},
  );
}

/** What is wrong with a folder; nothing is made, and one that is not there yet is judged by those above it. */
export function folderProblems(path: string, use: FolderUse): FolderProblem[] {
  return walk(resolve(path), use, undefined);
}

/** @param make mode of what is not there; undefined: nothing is made */
function walk(path: string, use: FolderUse, make: number | undefined): FolderProblem[] {
  // Lists of paths that git and others read have one a line.
  if (path.includes('\n')) return [{path, problem: 'has a line break in its name'}];
  const problems: FolderProblem[] = [];
  const left = path.split('/').filter((name) => name !== '');
  let at = '/';
  let links = 0;
  while (left.length > 0) {
    const name = left.shift() ?? '';
    const here = name === '..' ? dirname(at) : join(at, name);
    const isLast = left.length === 0;
    let stat = lstatSync(here, {throwIfNoEntry: false});
    if (stat === undefined) {
      // Nothing is made below a folder that somebody else may exchange.
      if (make === undefined || problems.length > 0) return problems;
      stat = makeFolder(here, make, path, use);
    }
    if (stat.isSymbolicLink()) {
      if (isLast) return [...problems, {path: here, problem: 'is a symbolic link', fix: shellLine(['rm', here])}];
      if (!isTrusted(stat, use)) problems.push({path: here, problem: `is a link of ${owner(stat)}`});
      links += 1;
      if (links > MAX_LINKS) return [...problems, {path: here, problem: 'is a link that leads to itself'}];
      const target = readlinkSync(here);
      left.unshift(...target.split('/').filter((part) => part !== '' && part !== '.'));
      if (target.startsWith('/')) at = '/';
      continue;
    }
    if (!stat.isDirectory()) return [...problems, {path: here, problem: 'is not a folder'}];
    const problem = isLast ? wrongWithOurs(here, stat) : wrongWithParent(here, stat, use);
    if (problem !== undefined) problems.push(problem);
    at = here;
  }
  return problems;
}

function makeFolder(here: string, mode: number, path: string, {what, otherwise}: FolderUse): Stats {
  try {
    mkdirSync(here, {mode});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      const why = messageOf(error).replace(/, .*/, '');
      throw new InfraError(`Cannot make ${what.toLowerCase()} \`${path}\`: ${why}`, {hint: otherwise, cause: error});
    }
  }
  return lstatSync(here);
}

function wrongWithOurs(path: string, stat: Stats): FolderProblem | undefined {
  if (stat.uid !== process.geteuid?.()) return {path, problem: `belongs to ${owner(stat)}`};
  if (!isWritableByOthers(stat)) return undefined;
  return {path, problem: `can be written by others (${modeOf(stat)})`, fix: shellLine(['chmod', 'go-w', path])};
}

/** In a sticky folder as /tmp nobody can rename what belongs to others; and what belongs to others is found next. */
function wrongWithParent(path: string, stat: Stats, use: FolderUse): FolderProblem | undefined {
  if (!isTrusted(stat, use)) return {path, problem: `belongs to ${owner(stat)}, who may exchange what is in it`};
  if (!isWritableByOthers(stat) || (stat.mode & 0o1000) !== 0) return undefined;
  const problem = `can be written by others (${modeOf(stat)}), who may exchange what is in it`;
  return {path, problem, fix: shellLine(['chmod', 'go-w', path])};
}

function isTrusted({uid}: Stats, {sudoer}: FolderUse): boolean {
  const me = process.geteuid?.();
  if (uid === 0 || uid === me) return true;
  return sudoer === true && me === 0 && String(uid) === process.env.SUDO_UID;
}

/** A group with the number of the owner is that user's own: Debian makes one for each user. */
function isWritableByOthers({mode, uid, gid}: Stats): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}

const owner = ({uid}: Stats): string => (uid === 0 ? 'root' : `user ${uid}`);
const modeOf = ({mode}: Stats): string => `mode 0${(mode & 0o7777).toString(8)}`;
