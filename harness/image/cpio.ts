// SPDX-License-Identifier: MIT
/**
 * Writes the kernel's initramfs format (Documentation/driver-api/early-userspace/buffer-format.rst, "newc"). Written here so that
 * it needs neither root (device nodes are entries like any other) nor a program, and comes out the same every time.
 */

export type Entry =
  | {kind: 'file'; path: string; mode: number; data: Uint8Array}
  | {kind: 'directory'; path: string; mode: number}
  | {kind: 'link'; path: string; target: string}
  | {kind: 'character'; path: string; mode: number; major: number; minor: number};

const TYPE_BITS = {file: 0o100000, directory: 0o040000, link: 0o120000, character: 0o020000} as const;
const TRAILER: Entry = {kind: 'file', path: 'TRAILER!!!', mode: 0, data: new Uint8Array()};

/**
 * One archive of these entries, sorted by path, with the directories above them. All belong to root and are of the
 * year 1970, so that the same entries give the same bytes.
 */
export function makeCpio(entries: readonly Entry[]): Buffer {
  const byPath = new Map<string, Entry>();
  for (const entry of entries) {
    for (const path of parents(entry.path)) {
      if (!byPath.has(path)) byPath.set(path, {kind: 'directory', path, mode: 0o755});
    }
    byPath.set(entry.path, entry);
  }
  // By bytes, not by locale: a parent is a prefix of its children, so it comes first.
  const sorted = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const members = sorted.map((entry, index) => member(entry, index + 1));
  const archive = Buffer.concat([...members, member(TRAILER, 0)]);
  return pad(archive, 512);
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function member(entry: Entry, inode: number): Buffer {
  const data =
    entry.kind === 'file' ? entry.data : entry.kind === 'link' ? Buffer.from(entry.target) : new Uint8Array();
  const mode = entry === TRAILER ? 0 : TYPE_BITS[entry.kind] | (entry.kind === 'link' ? 0o777 : entry.mode);
  const device = entry.kind === 'character' ? [entry.major, entry.minor] : [0, 0];
  const name = Buffer.from(`${entry.path}\0`);
  const links = entry.kind === 'directory' ? 2 : 1;
  // inode mode uid gid links mtime size major minor rmajor rminor namesize checksum
  const fields = [inode, mode, 0, 0, links, 0, data.length, 0, 0, ...device, name.length, 0];
  const header = `070701${fields.map((value) => value?.toString(16).padStart(8, '0').toUpperCase()).join('')}`;
  return Buffer.concat([pad(Buffer.concat([Buffer.from(header), name]), 4), pad(Buffer.from(data), 4)]);
}

function pad(bytes: Buffer, to: number): Buffer {
  const missing = (to - (bytes.length % to)) % to;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}
