// SPDX-License-Identifier: MIT
/** What is in the guest's root file system: a few programs, the libraries they need, our init, the keys. */
import {existsSync, lstatSync, readFileSync, readlinkSync} from 'node:fs';
import {join, normalize} from 'node:path';
import {InfraError} from '../lib/errors.js';
import type {Keys} from './access.js';
import {type Entry, makeCpio} from './cpio.js';
import {readNeeded} from './elf.js';

/** The recipe, `vm-images/userland/`. */
export interface Recipe {
  packages: readonly string[];
  /** Kept of the packages; libraries follow. */
  programs: readonly string[];
  /** Names of busybox in `/bin`. */
  applets: readonly string[];
  /** The first process, in C: texts by file name. */
  init: Readonly<Record<string, string>>;
  /** dropbear's `localoptions.h`. */
  serverOptions: string;
}

/** What is compiled for the guest, as ELF files. */
export interface GuestPrograms {
  init: Uint8Array;
  server: Uint8Array;
}

/** A program of the tools, and where else in the guest it is found. */
export interface Tool {
  path: string;
  links: readonly string[];
}

const DIRECTORIES = ['dev', 'proc', 'sys', 'run', 'sbin', 'etc', 'usr/bin', 'var/log', 'var/tmp'];

/**
 * The archive for QEMU's -initrd, not compressed: unpacking costs more than copying when the CPU is emulated.
 *
 * @throws InfraError when a program or library is not in the packages
 */
export function makeInitramfs(root: string, recipe: Recipe, programs: GuestPrograms, keys: Keys): Buffer {
  const text = (path: string, content: string | Uint8Array, mode = 0o644): Entry => ({
    kind: 'file',
    path,
    mode,
    data: typeof content === 'string' ? Buffer.from(content) : content,
  });
  return makeCpio([
    ...DIRECTORIES.map((path): Entry => ({kind: 'directory', path, mode: 0o755})),
    {kind: 'directory', path: 'tmp', mode: 0o1777},
    {kind: 'directory', path: 'root', mode: 0o700},
    {kind: 'directory', path: 'root/.ssh', mode: 0o700},
    // Until devtmpfs is there: the kernel opens it for init.
    {kind: 'character', path: 'dev/console', mode: 0o600, major: 5, minor: 1},
    ...recipe.applets.map((name): Entry => ({kind: 'link', path: `bin/${name}`, target: 'busybox'})),
    ...withLibraries(root, recipe.programs),
    text('init', programs.init, 0o755),
    text('usr/sbin/dropbear', programs.server, 0o755),
    // `*`: no password opens it.
    text('etc/passwd', 'root:*:0:0:root:/root:/bin/sh\nnobody:*:65534:65534:nobody:/tmp:/bin/sh\n'),
    text('etc/group', 'root:x:0:\nnogroup:x:65534:\n'),
    text('etc/dropbear/host_key', Buffer.from(keys.hostPrivate, 'base64'), 0o600),
    text('root/.ssh/authorized_keys', `${keys.clientPublic}\n`, 0o600),
  ]);
}

/**
 * The archive of the tools. It may repeat a library of the image's: the kernel writes the same file again.
 *
 * @throws InfraError as `makeInitramfs`
 */
export function makeToolsArchive(root: string, tools: readonly Tool[]): Buffer {
  return makeCpio([
    ...tools.flatMap(({path, links}) => links.map((link): Entry => ({kind: 'link', path: link, target: `/${path}`}))),
    ...withLibraries(
      root,
      tools.map(({path}) => path),
    ),
  ]);
}

/** The programs and, from file to file, every library they ask for; a library is stored under the name it is asked for by. */
function withLibraries(root: string, programs: readonly string[]): Entry[] {
  const found = new Map<string, Entry>();
  const queue = programs.map((path) => path);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (found.has(path)) continue;
    const data = readProgram(root, path);
    found.set(path, {kind: 'file', path, mode: 0o755, data});
    const {interpreter, needed} = readNeeded(path, data);
    if (interpreter !== undefined) queue.push(interpreter.replace(/^\//, ''));
    // libc asks for the loader by name; it is there already, as the interpreter.
    for (const name of needed) if (!name.startsWith('ld-linux')) queue.push(findLibrary(root, name));
  }
  return [...found.values()];
}

/** ld.so looks in `lib` and `usr/lib`, in the architecture's own folder. */
function findLibrary(root: string, name: string): string {
  for (const triplet of ['x86_64-linux-gnu', 'aarch64-linux-gnu']) {
    for (const folder of ['lib', 'usr/lib']) {
      const path = join(folder, triplet, name);
      if (resolveIn(root, path) !== undefined) return path;
    }
  }
  throw new InfraError(`The guest's packages hold no library \`${name}\``, {
    hint: 'Add the package that has it to `packages` in vm-images/userland, or in its `tools`.',
  });
}

/** A program's path as the loader knows it; where `/lib` and `/bin` have moved into `/usr`, it is found there. */
function readProgram(root: string, path: string): Buffer {
  const file = resolveIn(root, path) ?? resolveIn(root, join('usr', path));
  if (file !== undefined) return readFileSync(file);
  throw new InfraError(`The guest's packages hold no \`${path}\``, {
    hint: 'See `programs` and `packages` in vm-images/userland and its `tools`.',
  });
}

/** The real file behind a path of the packages. Links are followed as the guest would: absolute ones start at `root`. */
function resolveIn(root: string, path: string): string | undefined {
  let parts = path.split('/');
  // Linux gives up after 40 links as well (path_resolution(7)).
  for (let links = 0; links < 40; links++) {
    const at = parts.findIndex((_, index) => isLink(join(root, ...parts.slice(0, index + 1))));
    if (at < 0) {
      const file = join(root, ...parts);
      return existsSync(file) ? file : undefined;
    }
    const target = readlinkSync(join(root, ...parts.slice(0, at + 1)));
    const start = target.startsWith('/') ? '/' : join('/', ...parts.slice(0, at));
    // Normalising from `/` cannot climb above it.
    parts = normalize(join(start, target, ...parts.slice(at + 1)))
      .split('/')
      .filter(Boolean);
  }
  return undefined;
}

function isLink(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() === true;
}
