// SPDX-License-Identifier: MIT
/**
 * openat2(2) with RESOLVE_BENEATH, which node does not have: `/proc/self/fd/N/NAME` is NAME in the folder that is open
 * as N, so each component is opened in the one before it, and a link that is put there meanwhile is not followed.
 */
import {closeSync, constants, fstatSync, openSync, readlinkSync, unlinkSync} from 'node:fs';

const {O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY} = constants;
/** open(2) of Linux; node has no name for it. */
const O_PATH = 0x20_0000;
/** The kernel's own limit for one path (MAXSYMLINKS). */
const MAX_LINKS = 40;
const NOT_THERE = new Set(['ENOENT', 'ENOTDIR']);

/**
 * A file, opened so that nothing of it is touched (O_PATH: a device does not notice, a FIFO does not block); undefined:
 * there is none. `/proc/self/fd/N` opens the same file for more.
 *
 * @param root a folder of ours; links in the way to it are followed
 * @param path relative
 * @param links follow those that stay below `root`
 * @throws ErrnoException ELOOP: a link, or too many; EXDEV: it leads out; and what open(2) says
 */
export function findBelow(root: string, path: string, links = false): number | undefined {
  return walk(root, path, links, (place) => {
    const fd = openSync(place, O_PATH | O_NOFOLLOW);
    if (!fstatSync(fd).isSymbolicLink()) return fd;
    closeSync(fd);
    throw errno('ELOOP', path);
  });
}

/** Makes a file where nothing is, open for writing; undefined: there is no folder for it. */
export function createBelow(root: string, path: string, mode: number): number | undefined {
  return walk(root, path, false, (place) => openSync(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
}

/** Removes a name below `root`, whatever it is but a folder; one that is not there is removed already. */
export function unlinkBelow(root: string, path: string): void {
  walk(root, path, false, (place) => unlinkSync(place));
}

/** Does `use` with the name of the last component in its open folder. */
function walk<T>(root: string, path: string, follow: boolean, use: (place: string) => T): T | undefined {
  const folders = new Folders(root);
  try {
    let todo = components(path);
    for (let links = 0; ; ) {
      const [name, ...rest] = todo;
      // The folder itself, and not the link in /proc that stands for it.
      if (name === undefined) return use(`${folders.here}/.`);
      if (name === '..') {
        folders.leave(path);
        todo = rest;
        continue;
      }
      const place = `${folders.here}/${name}`;
      try {
        if (rest.length === 0) return use(place);
        folders.enter(place);
        todo = rest;
      } catch (error) {
        const target = linkTarget(place);
        if (target === undefined) throw error;
        if (!follow || ++links > MAX_LINKS) throw errno('ELOOP', path);
        if (target.startsWith('/')) throw errno('EXDEV', path);
        todo = [...components(target), ...rest];
      }
    }
  } catch (error) {
    if (NOT_THERE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  } finally {
    folders.close();
  }
}

/** The folders that are open, from the root to where the walk is. */
class Folders {
  readonly #fds: number[];

  constructor(root: string) {
    this.#fds = [openSync(root, O_RDONLY | O_DIRECTORY)];
  }

  get here(): string {
    return `/proc/self/fd/${this.#fds.at(-1)}`;
  }

  enter(place: string): void {
    this.#fds.push(openSync(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  }

  leave(path: string): void {
    if (this.#fds.length === 1) throw errno('EXDEV', path);
    closeSync(this.#fds.pop() as number);
  }

  close(): void {
    for (const fd of this.#fds) closeSync(fd);
  }
}

const components = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

function linkTarget(place: string): string | undefined {
  try {
    return readlinkSync(place);
  } catch {
    return undefined;
  }
}

function errno(code: 'ELOOP' | 'EXDEV', path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), {code});
}
