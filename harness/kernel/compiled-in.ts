// SPDX-License-Identifier: MIT
/**
 * Which files of the tree a kernel was compiled from. The list is made after each build, from the records that kbuild
 * keeps in `O=`, and kept with the kernel: the records are another commit's soon after.
 */
import {readdirSync, realpathSync} from 'node:fs';
import {basename, dirname, join, posix, relative} from 'node:path';
import {type IntakeRule, needBytes, takeHead} from '../lib/intake.js';
import {readElf, readSymbols, STT} from './elf.js';
import {LEFT_TEXT} from './left-behind.js';

const FIRST_LINE = 'kverdict sources 1';
/** Folders of `O=` that hold no part of the kernel. */
const NOT_KERNEL = new Set(['scripts', 'tools', 'usr']);
/** Of an object compiled from C: kbuild's own line, or the compiler's words. */
const FROM_C = /^source_\S+ := \S+\.c$|\s-c\s.*\.c(?:\s|$)/m;

/** With debug information it has above 1 GB, and is not held: then nothing is known of what an earlier build left. */
const VMLINUX: IntakeRule = {what: 'the kernel that was built', blame: 'kernel', maxBytes: 128 * 1024 * 1024};

/** What kbuild wrote down about one file that it made. */
interface Record {
  /** The file, without its folder: `memory.o`. */
  name: string;
  path: string;
  text: string;
}

/**
 * The list as text: a first line, then sources, headers and whatever else the build of the kernel read of the tree, a
 * path a line, relative to its top and sorted.
 *
 * An object of an earlier build whose source is still there, but which the makefiles no longer ask for, is left out:
 * make does not delete it, and the linked `vmlinux` does not name its source. One whose source has the name of another
 * one that is linked cannot be told from it.
 */
export function listSources(sourceDir: string, objectDir: string): string {
  const records = recordsIn(objectDir, '');
  const linked = records.length === 0 ? undefined : linkedSources(objectDir);
  const tops = topsOf(sourceDir, objectDir);
  const found = new Set<string>();
  for (const record of records) {
    if (linked !== undefined && isLeftOver(record, linked, records)) continue;
    for (const top of tops) addPaths(record.text, top, found);
  }
  const files = new Set([...found].map((file) => posix.normalize(file)).filter((file) => !file.startsWith('..')));
  return `${[FIRST_LINE, ...[...files].sort()].join('\n')}\n`;
}

/** @throws RangeError for text that is not such a list */
export function readSources(list: string): ReadonlySet<string> {
  const [first, ...files] = list.split('\n');
  if (first !== FIRST_LINE) throw new RangeError('not a list of sources of this version');
  return new Set(files.filter((file) => file !== ''));
}

/**
 * Was this object left by an earlier build? vmlinux names the source of every C file that is linked into it; objects of
 * programs of their own inside of it (vDSO, real mode) are named by another rule of their folder.
 */
function isLeftOver({name, text, path}: Record, linked: ReadonlySet<string>, all: readonly Record[]): boolean {
  if (!name.endsWith('.o') || linked.has(name.replace(/(?:\.nvhe|-x32)?\.o$/, '.c')) || !FROM_C.test(text))
    return false;
  const word = new RegExp(`(?:^|[\\s/'"])${escaped(name)}(?:$|[\\s'"])`, 'm');
  const folder = dirname(path);
  const isUser = (one: Record): boolean =>
    one.path !== path && one.name !== 'built-in.a' && one.name !== name && dirname(one.path) === folder;
  return !all.some((one) => isUser(one) && word.test(one.text));
}

/** Names of the C files that a kernel says it is linked from; undefined: it says none. */
function linkedSources(objectDir: string): ReadonlySet<string> | undefined {
  try {
    const size = takeHead(objectDir, 'vmlinux', 0, VMLINUX)?.size;
    if (size === undefined || size > VMLINUX.maxBytes) return undefined;
    const vmlinux = needBytes(objectDir, 'vmlinux', VMLINUX);
    const files = readSymbols(readElf(vmlinux)).filter(({type}) => type === STT.file);
    return files.length === 0 ? undefined : new Set(files.map(({name}) => basename(name)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The source's top as make and the compiler write it: absolute, or from `O=`; with a slash behind it. */
function topsOf(sourceDir: string, objectDir: string): string[] {
  const [source, objects] = [sourceDir, objectDir].map(real) as [string, string];
  return [...new Set([source, sourceDir, relative(objects, source)])].map((top) => `${top}/`);
}

/** A file of each of 900 records names some 700 headers: searching for the top is ten times as fast as a pattern. */
function addPaths(text: string, top: string, found: Set<string>): void {
  for (let at = text.indexOf(top); at !== -1; at = text.indexOf(top, at + top.length)) {
    if (at > 0 && !BEFORE.has(text[at - 1] ?? '')) continue;
    const start = at + top.length;
    let end = start;
    while (end < text.length && !BEHIND.has(text[end] ?? '')) end++;
    if (end > start) found.add(text.slice(start, end));
  }
}

const BEFORE = new Set(' \t\n\'"=,');
const BEHIND = new Set(' \t\n\'":;,\\()');

const escaped = (text: string): string => text.replaceAll(/[^\w\s/]/g, '\\$&');

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function recordsIn(objectDir: string, folder: string): Record[] {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(join(objectDir, folder));
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return folder === '' && NOT_KERNEL.has(entry.name) ? [] : recordsIn(objectDir, path);
    const name = /^\.(.*)\.(?:cmd|d)$/.exec(entry.name)?.[1];
    if (name === undefined) return [];
    return [{name, path, text: needBytes(objectDir, path, LEFT_TEXT).toString('latin1')}];
  });
}

const list = (folder: string) => readdirSync(folder, {withFileTypes: true});
