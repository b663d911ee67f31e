// SPDX-License-Identifier: MIT
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {plainBytes} from './intake.js';

/** The file that says that a folder is kverdict's, and what it is for. */
export const MARK = '.kverdict';
/** What a marked folder is for: only a folder of the right kind is swept or cleaned. */
export type FolderKind = 'cache' | 'state' | 'runtime' | 'run' | 'temporary';

const textOf = (kind: FolderKind): string =>
  `kverdict ${kind}\nThis folder is kverdict's: what it wrote here, it may delete without asking.\n`;

/** True when the folder holds our mark for that kind, by what the mark says. */
export function isMarked(folder: string, kind: FolderKind): boolean {
  const text = plainBytes(join(folder, MARK), 4096)?.toString('utf8');
  return text?.startsWith(`kverdict ${kind}\n`) === true;
}

/** Empty; or holds nothing but a mark of no bytes, as a kill between making and writing it leaves one. */
export function isBare(folder: string): boolean {
  const names = readdirSync(folder);
  return names.length === 0 || (names.length === 1 && isUnwritten(folder));
}

/** For a folder that kverdict just made, or that is empty. */
export function mark(folder: string, kind: FolderKind): void {
  if (isMarked(folder, kind)) return;
  writeFileSync(join(folder, MARK), textOf(kind), {flag: isUnwritten(folder) ? 'w' : 'wx', mode: 0o600});
}

const isUnwritten = (folder: string): boolean => plainBytes(join(folder, MARK), 1)?.length === 0;

/**
 * Marks a folder that is empty, or holds nothing but names that kverdict gives (an earlier version marked none).
 * @returns whether it is marked
 */
export function adopt(folder: string, kind: FolderKind, known: RegExp): boolean {
  if (isMarked(folder, kind)) return true;
  const names = readdirSync(folder);
  if (names.includes(MARK) || !names.every((name) => known.test(name))) return false;
  mark(folder, kind);
  return true;
}
