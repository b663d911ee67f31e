// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** What tests must leave as it was: each fact by its name. */
export type HostState = ReadonlyMap<string, string>;

/** Tables of the kernel; the columns that stay the same while the host is used. */
const TABLES: readonly {what: string; file: string; columns: number}[] = [
  {what: 'mount', file: '/proc/self/mounts', columns: 3},
  {what: 'swap', file: '/proc/swaps', columns: 2},
  {what: 'module', file: '/proc/modules', columns: 1},
];
const SYSCTLS = '/proc/sys';
/** Settings only: folders whose files count what the host does, or of which each device has its own, are left out. */
const SYSCTL_FOLDERS = ['vm', 'kernel', 'fs', 'net/core', 'net/ipv4'];
/** Counters among the settings: they change by themselves. */
const COUNTERS =
  /^(fs\/(dentry-state|file-nr|inode-nr|inode-state|aio-nr|quota\/.*|binfmt_misc\/.*)|kernel\/(ns_last_pid|random\/.*|pty\/nr|tainted|sched_domain\/.*|perf_.*)|vm\/stat_refresh|net\/ipv4\/(tcp_fastopen_key|conf\/.*|neigh\/.*|route\/flush))$/;

/** Mounts, swaps, modules and sysctls of this host. What this user may not read is left out. */
export function readHostState(): HostState {
  const state = new Map<string, string>();
  for (const {what, file, columns} of TABLES) {
    for (const line of linesOf(file)) state.set(`${what} ${line.split(/\s+/).slice(0, columns).join(' ')}`, 'there');
  }
  for (const folder of SYSCTL_FOLDERS) {
    for (const name of filesIn(join(SYSCTLS, folder))) {
      const key = `${folder}/${name}`;
      if (!COUNTERS.test(key)) state.set(`sysctl ${key}`, linesOf(join(SYSCTLS, key)).join('\n'));
    }
  }
  return state;
}

/** What differs, a line each: `mount none /mnt tmpfs: there now`. */
export function changesOf(before: HostState, after: HostState): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === is) return [];
    if (was === undefined) return [`${key}: there now`];
    return [is === undefined ? `${key}: gone` : `${key}: was ${was}, is ${is}`];
  });
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  } catch {
    return [];
  }
}
