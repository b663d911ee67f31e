// SPDX-License-Identifier: MIT
import {readdirSync} from 'node:fs';
import {basename, join, relative} from 'node:path';
import {needBytes} from '../lib/intake.js';
import {LEFT_TEXT} from './left-behind.js';

/** Text that nothing is built from. */
const PROSE =
  /^(Documentation|LICENSES)\/|(^|\/)(README|COPYING|CREDITS|MAINTAINERS)$|\.(rst|txt|md)$|(^|\/)\.[a-z_.-]+$/;
/** Read for every kernel, whatever comes of it. */
const BUILD = /(^|\/)(Makefile|Kbuild|Kconfig)[^/]*$|^scripts\//;
/** Folders of `O=` that hold no part of the kernel. */
const NOT_KERNEL = new Set(['scripts', 'tools', 'usr']);

/**
 * Which of the files that a series touches are in no way part of a kernel: nothing that was compiled into it names them
 * as a source or an include. When a series leaves such a kernel as it was, that says nothing about these files.
 *
 * @param objectDir `O=` after the build; its `.cmd` and dependency files are read (about 0.3 s)
 * @returns undefined when there is no such folder any more
 */
export function notHeld(sourceDir: string, objectDir: string, touched: readonly string[]): string[] | undefined {
  const wanted = new Set(touched.filter((file) => !PROSE.test(file) && !BUILD.test(file)));
  if (wanted.size === 0) return [];
  const records = recordsIn(objectDir, true);
  if (records.length === 0) return undefined;
  const top = basename(sourceDir);
  for (const record of records) {
    const text = needBytes(objectDir, relative(objectDir, record), LEFT_TEXT).toString('latin1');
    for (const file of wanted) if (mentions(text, `${top}/${file}`)) wanted.delete(file);
    if (wanted.size === 0) break;
  }
  return [...wanted];
}

/** As a whole path: `src/mm/memory.c` is not in `src/mm/memory.cold`. */
function mentions(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at !== -1; at = text.indexOf(path, at + 1)) {
    if (!/[\w.+-]/.test(text[at + path.length] ?? ' ') && !/[\w.+-]/.test(text[at - 1] ?? ' ')) return true;
  }
  return false;
}

function recordsIn(folder: string, top: boolean): string[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return top && NOT_KERNEL.has(entry.name) ? [] : recordsIn(path, false);
    return /^\..*\.(cmd|d)$/.test(entry.name) ? [path] : [];
  });
}

const list = (folder: string) => readdirSync(folder, {withFileTypes: true});
