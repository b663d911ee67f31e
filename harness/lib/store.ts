// SPDX-License-Identifier: MIT
/**
 * Files under a key that says everything they were made from. An entry is a folder; it is filled under another name
 * and renamed into place, so it is either whole or not there, whatever happens to the process that writes it.
 */
import {createHash} from 'node:crypto';
import {
  createReadStream,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {placeDraft} from './place-draft.js';
import {makeMarkedDir, removeMarkedDir, sweepTempDirs} from './temp-dir.js';

/** Names the files of an entry with their size and sha256; written last. */
const MANIFEST = 'manifest.json';

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
  mkdirSync(join(root, kind), {recursive: true});
  const folder = makeMarkedDir(join(root, kind), key.slice(0, 12));
  try {
    await fill(folder);
    const files: Manifest['files'] = [];
    for (const name of readdirSync(folder).sort()) {
      const file = join(folder, name);
      files.push({name, bytes: statSync(file).size, sha256: await sha256Of(file)});
    }
    writeFileSync(join(folder, MANIFEST), `${JSON.stringify({files} satisfies Manifest, null, 2)}\n`);
    if (readManifest(path) === undefined) placeDraft(folder, path, MANIFEST);
  } finally {
    removeMarkedDir(folder);
  }
  return path;
}

/** Removes what dead processes were writing; their number. */
export function sweepStore(root: string): number {
  return list(root).reduce((removed, kind) => removed + sweepTempDirs(join(root, kind)), 0);
}

/**
 * Removes an entry: the manifest first, so that nobody takes half of it for whole, then the files that it names.
 * @returns whether nothing is left of its folder
 */
export function removeEntry(root: string, kind: string, key: string): boolean {
  const path = join(root, kind, key);
  const names = readManifest(path)?.files.map(({name}) => name) ?? [];
  for (const name of names.length === 0 ? [] : [MANIFEST, ...names]) {
    if (/[/\0]|^\.{0,2}$/.test(name)) continue;
    if (lstatSync(join(path, name), {throwIfNoEntry: false})?.isFile()) unlinkSync(join(path, name));
  }
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** What is kept there, by kind and key; drafts and what is not ours are left out. */
export function listEntries(root: string): {kind: string; key: string}[] {
  return list(root).flatMap((kind) =>
    list(join(root, kind)).flatMap((key) => (readManifest(join(root, kind, key)) === undefined ? [] : [{kind, key}])),
  );
}

/** Absent, and the same for text that is no manifest: the entry is then not whole. */
function readManifest(path: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(path, MANIFEST), 'utf8')) as Manifest;
    return lstatSync(path).isDirectory() && Array.isArray(manifest.files) ? manifest : undefined;
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
