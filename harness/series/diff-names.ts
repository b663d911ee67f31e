// SPDX-License-Identifier: MIT
/** The names of files in the headers of a diff. */
import type {DiffFile} from './diff.js';

/** Folders and files at the top of the kernel's tree, of v2.6.12 to v7.3. */
const TOP = new Set(
  [
    'arch block certs crypto Documentation drivers firmware fs include init io_uring ipc kernel lib LICENSES mm net rust',
    'samples scripts security sound tools usr virt COPYING CREDITS Kbuild Kconfig MAINTAINERS Makefile README',
  ].flatMap((line) => line.split(' ')),
);

/**
 * The name of a file that diff(1) wrote from the top of the tree (`--- mm/one.c.orig`, `+++ mm/one.c`): `-p1` takes `mm/`
 * away. undefined: the names have a leading part (`linux.orig/`, `a/`).
 */
export function fromTheTop(from: string, to: string): string | undefined {
  const names = [from, to].map(fileName).filter((name) => name !== '/dev/null');
  const name = names.at(-1);
  const isTop = (path: string): boolean => {
    const [first = '', second = ''] = path.split('/');
    return !path.includes('/') || (TOP.has(first) && !(first === 'kernel' && TOP.has(second)));
  };
  return name !== undefined && names.every(isTop) ? name : undefined;
}

/** Parts before the kernel's own folders that all names have, beyond the one that `-p1` takes away: `linux/` of `a/linux/mm/one.c`. */
export function partsTooMany(files: readonly DiffFile[]): string | undefined {
  const leading = files
    .flatMap(({from, to}) => [from, to])
    .filter((name) => name !== undefined)
    .map((name) => {
      const parts = name.split('/');
      const top = parts.findIndex((part, at) => at < parts.length - 1 && TOP.has(part));
      return top <= 0 ? '' : `${parts.slice(0, top).join('/')}/`;
    });
  return leading.length > 0 && leading.every((parts) => parts !== '') ? leading[0] : undefined;
}

/** Both names of a `diff --git` line. Names with spaces are not quoted: there the two halves are equal. */
export function headerNames(words: string): [string, string, boolean] | undefined {
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

/** The names of `--- ` and `+++ ` lines, without their first part. */
export function plainHeader(from: string, to: string): DiffFile {
  const ofOld = plainName(from);
  const ofNew = plainName(to);
  // `one.c~mm-one` or `one.c.orig` and `one.c`: there are no renames here. git takes the new name, or a shorter old one.
  const name = ofOld !== undefined && ofNew?.startsWith(ofOld) === true ? ofOld : ofNew;
  const oldName = ofOld === undefined ? undefined : (name ?? ofOld);
  const newName = ofNew === undefined ? undefined : name;
  return {...(oldName === undefined ? {} : {from: oldName}), ...(newName === undefined ? {} : {to: newName})};
}

/** diff(1) writes a tab and the time after the name. */
function fileName(line: string): string {
  return unquote(line.slice(4).replace(/\t.*$/, '').trim());
}

function plainName(line: string): string | undefined {
  const name = fileName(line);
  return name === '/dev/null' ? undefined : stripFirst(name);
}

function stripFirst(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

/** git's C quoting: octal bytes of UTF-8, and the usual letters. */
export function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const letters: Record<string, string> = {n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v'};
  const bytes = name
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      /^[0-7]{3}$/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (letters[code] ?? code),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
