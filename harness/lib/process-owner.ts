// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync} from 'node:fs';

/**
 * Every child carries this variable, and hands it to its own children. It is what a later start recognises leftovers
 * by, with no file that could be out of date or written too late.
 */
export const OWNER_VARIABLE = 'KVERDICT_OWNER';

/**
 * The variable's value: which process, and which runtime folder it works in. Two kverdicts with different ones (tests,
 * containers) do not sweep each other's children.
 */
export function ownerMark(realm: string): string {
  return `${processIdentity() ?? ''}@${realm}`;
}

/** `PID-STARTTIME`: a process, also after its number has been given to another. */
export function processIdentity(pid: number = process.pid): string | undefined {
  const start = startTime(pid);
  return start === undefined ? undefined : `${pid}-${start}`;
}

/** True while the very process of that identity runs. */
export function isAlive(identity: string): boolean {
  return processIdentity(Number.parseInt(identity, 10)) === identity;
}

/** This process and those that it was started by, up to the first of all. */
export function ancestry(): Set<number> {
  const pids = new Set<number>();
  for (let pid = process.pid; pid > 0 && !pids.has(pid); pid = Number(fieldsOf(pid)?.[1] ?? 0)) pids.add(pid);
  return pids;
}

/** Field 22 of /proc/PID/stat, in clock ticks since boot. */
function startTime(pid: number): string | undefined {
  const fields = fieldsOf(pid);
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

/** Of /proc/PID/stat, from field 3 on; the name in field 2 may hold spaces and brackets. */
function fieldsOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** A running process, and the identity of the kverdict that started it. */
export interface Owned {
  pid: number;
  owner: string;
  /** The runtime folder of that kverdict. */
  realm: string;
}

/** Processes that carry an owner; those of other users cannot be read and are not ours. */
export function ownedProcesses(): Owned[] {
  const found: Owned[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const mark = ownerOf(Number(name));
    const at = mark?.indexOf('@') ?? -1;
    if (mark === undefined || at < 0) continue;
    found.push({pid: Number(name), owner: mark.slice(0, at), realm: mark.slice(at + 1)});
  }
  return found;
}

function ownerOf(pid: number): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return variables.find((line) => line.startsWith(`${OWNER_VARIABLE}=`))?.slice(OWNER_VARIABLE.length + 1);
  } catch {
    return undefined;
  }
}
