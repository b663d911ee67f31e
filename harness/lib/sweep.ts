// SPDX-License-Identifier: MIT
import {lstatSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from './context.js';
import {endOrphans} from './orphans.js';
import {isMarked} from './own-mark.js';
import type {Paths} from './paths.js';
import {folder, named, type OwnName, removeOwn} from './remove-own.js';
import {sweepStore} from './store.js';
import {isDead, sweepTempDirs} from './temp-dir.js';

/** What a run has in the runtime folder: a folder of its own, and in it one a guest with its sockets. */
export const SOCKETS: readonly OwnName[] = [folder(/^g[A-Za-z0-9]{6}$/, {name: /^(?:tty|qmp|ssh)$/, is: 'socket'})];
/** `PID-STARTTIME`, as `processIdentity` says it. */
export const RUNTIME_NAME = /^(\d{1,7})-(\d+)$/;

/**
 * Removes what a run left that ended without a word (SIGKILL, a power cut): its processes and its sockets. Runs that
 * are alive are left alone. Locks need no sweep: the kernel gives up those of the dead.
 */
export async function sweepLeftovers(ctx: Context): Promise<void> {
  const ended = await endOrphans(({realm}) => realm === ctx.paths.runtime);
  if (ended > 0) ctx.emit({type: 'note', message: `Ended ${ended} processes that an earlier run left behind`});
  sweepFolders(ctx.paths);
}

/** What is left on disk; only in folders that carry the mark of their kind. */
export function sweepFolders({runtime, cache}: Pick<Paths, 'runtime' | 'cache'>): void {
  if (isMarked(runtime, 'runtime')) sweepSockets(runtime);
  if (!isMarked(cache, 'cache')) return;
  sweepTempDirs(join(cache, 'tmp'));
  sweepStore(join(cache, 'store'));
}

/** What is in the folder of a dead run, as far as it is ours; the folder goes when it is empty then. */
function sweepSockets(runtime: string): void {
  for (const name of readdirSync(runtime)) {
    const [, pid = '', start = ''] = RUNTIME_NAME.exec(name) ?? [];
    if (!isDead(pid, start) || !lstatSync(join(runtime, name)).isDirectory()) continue;
    removeOwn(runtime, [folder(named(name), ...SOCKETS)]);
  }
}
