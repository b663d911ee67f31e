// SPDX-License-Identifier: MIT
/** Deletes what kverdict wrote, and nothing else: by tables of the names that it gives. */
import {lstatSync, readdirSync, rmdirSync, rmSync, unlinkSync} from 'node:fs';
import {join} from 'node:path';
import {type FolderKind, isMarked, MARK} from './own-mark.js';

/** One kind of entry in a folder. The first row whose name and type fit counts; what fits none stays. */
export interface OwnName {
  /** Of the whole name. */
  name: RegExp;
  is: 'file' | 'socket' | 'folder';
  /** A folder only when it carries this mark. */
  marked?: FolderKind;
  /** What is ours in a folder. Absent: all of it (what git, make, ccache or a package wrote). */
  within?: () => readonly OwnName[];
}

/**
 * Deletes what the table names; a folder goes when nothing is left in it. Links are never followed, nor deleted.
 * @returns paths of what is there still
 */
export function removeOwn(folder: string, table: readonly OwnName[]): string[] {
  const names = readdirSync(folder);
  const left = names.filter((name) => name !== MARK).flatMap((name) => remove(folder, name, table));
  // The mark goes last: what is left of a folder is still known for ours.
  return left.length === 0 && names.includes(MARK) ? remove(folder, MARK, table) : left;
}

/**
 * Names that the table gives to files or folders of ours and that are something else, below a folder: what is written
 * there next would go through a link, or wait for a FIFO. In the folder itself also files for folders and the other way
 * round; deeper, where the table takes nearly every name, these are somebody's notes.
 *
 * @returns paths
 */
export function inTheWay(folder: string, table: readonly OwnName[], isTop = true): string[] {
  return readdirSync(folder).flatMap((name) => {
    const rows = table.filter((row) => row.name.test(name));
    const path = join(folder, name);
    const fits = rows.filter(({name: row, is}) => isOf(path, {name: row, is}));
    if (rows.length > 0 && fits.length === 0) return isTop || isSpecial(path) ? [path] : [];
    const inside = fits.find(({is, within}) => is === 'folder' && within !== undefined)?.within?.();
    return inside === undefined ? [] : inTheWay(path, inside, false);
  });
}

function isSpecial(path: string): boolean {
  const stat = lstatSync(path, {throwIfNoEntry: false});
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

function remove(folder: string, name: string, table: readonly OwnName[]): string[] {
  const path = join(folder, name);
  const row = table.find((one) => one.name.test(name) && isOf(path, one));
  return row === undefined ? [path] : removeEntry(path, row);
}

function removeEntry(path: string, row: OwnName): string[] {
  if (row.is !== 'folder') unlinkSync(path);
  else if (row.within === undefined) rmSync(path, {recursive: true, force: true});
  else {
    const left = removeOwn(path, row.within());
    if (left.length > 0) return left;
    rmdirSync(path);
  }
  return [];
}

function isOf(path: string, {is, marked}: OwnName): boolean {
  const stat = lstatSync(path, {throwIfNoEntry: false});
  if (is === 'file') return stat?.isFile() === true;
  if (is === 'socket') return stat?.isSocket() === true;
  return stat?.isDirectory() === true && (marked === undefined || isMarked(path, marked));
}

/** One of these names, exactly. */
export const named = (...names: readonly string[]): RegExp =>
  new RegExp(`^(?:${names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`);

/** A row of the table, shorter. */
export const file = (name: RegExp): OwnName => ({name, is: 'file'});
export const whole = (name: RegExp): OwnName => ({name, is: 'folder'});
export const folder = (name: RegExp, ...within: readonly OwnName[]): OwnName => ({
  name,
  is: 'folder',
  within: () => within,
});
