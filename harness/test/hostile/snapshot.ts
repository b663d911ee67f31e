// SPDX-License-Identifier: MIT
import {createHash} from 'node:crypto';
import {lstatSync, readdirSync, readFileSync, readlinkSync, type Stats} from 'node:fs';
import {join, relative} from 'node:path';

/** Larger files are told by their size and time alone. */
const HASHED_BYTES = 1024 * 1024;

/**
 * Everything below a folder: names, types, modes, owners, and of what is no folder times and bytes; what a link leads to
 * is not followed.
 * @param inside folders whose content may change; that they are folders, and whose, may not
 */
export function snapshot(top: string, inside: readonly string[]): string[] {
  const lines: string[] = [];
  const walk = (path: string): void => {
    const stat = lstatSync(path, {throwIfNoEntry: false});
    if (stat === undefined) return;
    const name = relative(top, path) || '.';
    const isFolder = stat.isDirectory();
    const rest = isFolder ? '' : ` ${stat.mtimeMs} ${bytesOf(path, stat)}`;
    lines.push(`${JSON.stringify(name)} ${factsOf(stat)}${rest}`);
    if (isFolder && !inside.includes(name)) for (const one of readdirSync(path).sort()) walk(join(path, one));
  };
  walk(top);
  return lines;
}

const factsOf = ({mode, uid, gid}: Stats): string => `${mode.toString(8)} ${uid}:${gid}`;

function bytesOf(path: string, stat: Stats): string {
  if (stat.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (!stat.isFile()) return '';
  if (stat.size > HASHED_BYTES) return `${stat.size}`;
  return `${stat.size} ${createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)}`;
}

/** What is not in both, as lines with `-` and `+`. */
export function difference(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}
