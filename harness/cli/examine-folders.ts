// SPDX-License-Identifier: MIT
/** Set-ups that are not safe: what `kverdict doctor` says of the folders, the host's protections and its user. */
import {readFileSync} from 'node:fs';
import type {Paths} from '../lib/paths.js';
import {ROOTS, rootProblems} from '../lib/roots.js';
import type {Check} from './examine.js';

/** Of fs.* (proc_sys_fs(5)): what the kernel refuses to do with files of others in folders such as /tmp. */
const PROTECTIONS = [
  {name: 'protected_symlinks', safe: 1, what: 'links that others put into /tmp are followed'},
  {name: 'protected_hardlinks', safe: 1, what: 'others may give files of yours a second name'},
] as const;

/** @param sysctl the folder with the kernel's settings, for tests */
export function folderChecks(paths: Paths, sysctl = '/proc/sys/fs'): Check[] {
  return [...rootChecks(paths), ...PROTECTIONS.flatMap((one) => protectionCheck(one, sysctl)), ...userCheck()];
}

/** A folder that is not safe stops every other command. */
function rootChecks(paths: Paths): Check[] {
  return rootProblems(paths).map(({root, problems}) => {
    const what = `folder ${root}`;
    if (problems.length === 0) return {what, state: 'ok', detail: `${paths[root]}: yours alone`};
    const detail = problems.map(({path, problem}) => `${path} ${problem}`).join('; ');
    const fixes = problems.flatMap(({fix}) => fix ?? []);
    const fix = fixes.length === problems.length ? fixes.join(' && ') : ROOTS[root].otherwise;
    return {what, state: 'missing', detail: `not safe: ${detail}`, fix};
  });
}

function protectionCheck({name, safe, what}: (typeof PROTECTIONS)[number], sysctl: string): Check[] {
  const value = setting(`${sysctl}/${name}`);
  if (value === undefined || value >= safe) return [];
  return [{what: `fs.${name}`, state: 'note', detail: `off: ${what}`, fix: `sysctl -w fs.${name}=${safe}`}];
}

function setting(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10);
  } catch {
    return undefined;
  }
}

/** Builds are not sandboxed: what a tree's makefiles do, they do as this user. */
function userCheck(): Check[] {
  if (process.geteuid?.() !== 0) return [];
  const detail = 'root: makefiles, compilers and QEMU of a series run as root';
  return [
    {what: 'user', state: 'note', detail, fix: 'run kverdict as a user of its own; only scripts/setup needs root'},
  ];
}
