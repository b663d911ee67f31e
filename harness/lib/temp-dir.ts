// SPDX-License-Identifier: MIT
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Context} from './context.js';
import {isMarked, mark} from './own-mark.js';
import {isAlive, processIdentity} from './process-owner.js';

export interface TempDir extends Disposable {
  readonly path: string;
}

/** `PID-STARTTIME-purpose-XXXXXX`: the process that made it, in its name. */
const NAME = /^(\d{1,7})-(\d+)-.*[A-Za-z0-9]{6}$/;

/**
 * A folder under `<cache>/tmp` that is gone with its scope. Its name starts with the process that made it, and each new
 * one takes away those of processes that are gone: a SIGKILL leaves nothing for long.
 */
export function makeTempDir(ctx: Pick<Context, 'paths'>, purpose: string): TempDir {
  const parent = join(ctx.paths.cache, 'tmp');
  mkdirSync(parent, {recursive: true});
  sweepTempDirs(parent);
  const path = makeMarkedDir(parent, purpose);
  return {path, [Symbol.dispose]: () => removeMarkedDir(path)};
}

/**
 * An empty folder below a new marked one in `parent`: by its name and its mark a later start knows that it may go.
 * @param purpose a word for its name
 */
export function makeMarkedDir(parent: string, purpose: string): string {
  const outer = mkdtempSync(join(parent, `${processIdentity()}-${purpose}-`));
  mark(outer, 'temporary');
  const path = join(outer, 'w');
  mkdirSync(path);
  return path;
}

/** With all that is in it. */
export function removeMarkedDir(path: string): void {
  rmSync(dirname(path), {recursive: true, force: true});
}

/** Removes what dead processes left in a folder; their number. */
export function sweepTempDirs(parent: string): number {
  let removed = 0;
  for (const name of list(parent)) {
    const [, pid = '', start = ''] = NAME.exec(name) ?? [];
    if (!isDead(pid, start) || !isMarked(join(parent, name), 'temporary')) continue;
    rmSync(join(parent, name), {recursive: true, force: true});
    removed++;
  }
  return removed;
}

/** A process that could have been (proc(5): numbers stay below pid_max), and is not there any more. */
export function isDead(pid: string, start: string): boolean {
  if (!/^[1-9]\d*$/.test(pid) || !/^\d+$/.test(start) || Number(pid) >= maxPid()) return false;
  return !isAlive(`${pid}-${start}`);
}

function maxPid(): number {
  return Number.parseInt(readFileSync('/proc/sys/kernel/pid_max', 'utf8'), 10);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
