// SPDX-License-Identifier: MIT
import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from './context.js';
import {sleep} from './deadline.js';
import {isAlive, type Owned, ownedProcesses} from './process-owner.js';
import {sweepStore} from './store.js';

/** How long a killed process may take to disappear. */
const GONE_WITHIN_MS = 5000;

/**
 * Removes what a run left that ended without a word (SIGKILL, a power cut): its processes and its sockets. Runs that
 * are alive are left alone. Locks need no sweep: `acquireLock` takes over from a dead owner.
 */
export async function sweepLeftovers(ctx: Context): Promise<void> {
  const orphans = (): Owned[] => ownedProcesses(ctx.paths.runtime).filter(({owner}) => !isAlive(owner));
  const leftovers = orphans();
  for (const {pid} of leftovers) killQuietly(pid);
  const until = performance.now() + GONE_WITHIN_MS;
  while (performance.now() < until && orphans().length > 0) await sleep(20);
  if (leftovers.length > 0) {
    ctx.emit({type: 'note', message: `Ended ${leftovers.length} processes that an earlier run left behind`});
  }
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

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime: what was wanted.
  }
}
