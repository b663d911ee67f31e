// SPDX-License-Identifier: MIT
import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from './context.js';
import {endOrphans} from './orphans.js';
import {isAlive} from './process-owner.js';
import {sweepStore} from './store.js';

/**
 * Removes what a run left that ended without a word (SIGKILL, a power cut): its processes and its sockets. Runs that
 * are alive are left alone. Locks need no sweep: the kernel gives up those of the dead.
 */
export async function sweepLeftovers(ctx: Context): Promise<void> {
  const ended = await endOrphans(({realm}) => realm === ctx.paths.runtime);
  if (ended > 0) ctx.emit({type: 'note', message: `Ended ${ended} processes that an earlier run left behind`});
  for (const folder of [ctx.paths.runtime, join(ctx.paths.cache, 'tmp')]) removeOrphans(folder);
  sweepStore(join(ctx.paths.cache, 'store'));
}

/** Folders that carry a process in their name (`PID-STARTTIME…`), when that process is gone. */
function removeOrphans(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const owner = /^\d+-\d+/.exec(name)?.[0];
    if (owner !== undefined && !isAlive(owner)) rmSync(join(folder, name), {recursive: true, force: true});
  }
}
