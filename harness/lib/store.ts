// SPDX-License-Identifier: MIT
/**
 * Files under a key that says everything they were made from. An entry is a folder; it is filled under another name
 * and renamed into place, so it is either whole or not there, whatever happens to the process that writes it.
 */
import {createHash} from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {isAlive, processIdentity} from './process-owner.js';

/** Names the files of an entry with their size and sha256; written last. */
const MANIFEST = 'manifest.json';
const UNFINISHED = /^tmp\.(\d+-\d+)\./;
/** A removed entry is renamed first, so that nobody reads half of it. */
let counter = 0;

interface Manifest {
  files: {name: string; bytes: number; sha256: string}[];
}

/**
 * Part of every key; changes when nothing that older versions kept is to be believed. 2: up to then two builds could
 * be in one source tree at once, so a kernel could lack a patch that it was said to have.
 */
const EPOCH = 2;

/** sha256 over values, as JSON. Objects must be given with their keys in a fixed order. */
export function storeKey(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([EPOCH, ...parts]))
    .digest('hex');
}

/**
 * The folder of an entry whose files are what they were when it was stored: each is read and hashed (about 0.1 s for
 * the 20 MB of a kernel, where booting a damaged one would cost a deadline and blame the series). A damaged entry is
 * removed, and `undefined` as one that never was.
 */
export async function findEntry(root: string, kind: string, key: string): Promise<string | undefined> {
  const path = join(root, kind, key);
  const manifest = readManifest(path);
  if (manifest === undefined) return undefined;
  for (const {name, bytes, sha256} of manifest.files) {
    const file = join(path, name);
    if (statSync(file, {throwIfNoEntry: false})?.size !== bytes || (await sha256Of(file)) !== sha256) {
      removeEntry(root, kind, key);
      return undefined;
    }
  }
  const now = new Date();
  utimesSync(join(path, MANIFEST), now, now);
  return path;
}

/**
 * Stores what `fill` writes into the folder it is given. When another process stored the same key meanwhile, theirs
 * stays. Nothing is left behind when `fill` throws.
 */
export async function putEntry(
  root: string,
  kind: string,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const path = join(root, kind, key);
  const folder = join(root, kind, temporaryName(key));
  try {
    mkdirSync(folder, {recursive: true});
    await fill(folder);
    const files: Manifest['files'] = [];
    for (const name of readdirSync(folder).sort()) {
      const file = join(folder, name);
      files.push({name, bytes: statSync(file).size, sha256: await sha256Of(file)});
    }
    writeFileSync(join(folder, MANIFEST), `${JSON.stringify({files} satisfies Manifest, null, 2)}\n`);
    if (readManifest(path) === undefined) removeEntry(root, kind, key);
    renameSync(folder, path);
  } catch (error) {
    rmSync(folder, {recursive: true, force: true});
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return path;
}

/** Removes what dead processes were writing; their number. */
export function sweepStore(root: string): number {
  let removed = 0;
  for (const kind of list(root)) {
    for (const name of list(join(root, kind))) {
      const owner = UNFINISHED.exec(name)?.[1];
      if (owner === undefined || isAlive(owner)) continue;
      rmSync(join(root, kind, name), {recursive: true, force: true});
      removed++;
    }
  }
  return removed;
}

/** Removes an entry in one step; what is not there is removed already. */
function removeEntry(root: string, kind: string, key: string): void {
  const doomed = join(root, kind, temporaryName(key));
  try {
    renameSync(join(root, kind, key), doomed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  rmSync(doomed, {recursive: true, force: true});
}

const temporaryName = (key: string): string => `tmp.${processIdentity() ?? '0-0'}.${++counter}.${key.slice(0, 12)}`;

/** Absent, and the same for text that is no manifest: the entry is then not whole. */
function readManifest(path: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(path, MANIFEST), 'utf8')) as Manifest;
    return Array.isArray(manifest.files) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, {highWaterMark: 1024 * 1024})) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
