// SPDX-License-Identifier: MIT

import {ancestry, isAlive, type Owned, ownedProcesses} from './process-owner.js';
import {sleep} from './sleep.js';

/** How long a killed process may take to disappear. */
const GONE_WITHIN_MS = 5000;

/**
 * Kills processes that a kverdict started which is gone itself, and waits until they are gone too.
 * @returns how many there were
 */
export async function endOrphans(which: (process: Owned) => boolean): Promise<number> {
  // Somebody may have left the variable in a shell: whoever called us, and we ourselves, are no leftovers.
  const ours = ancestry();
  const orphans = (): Owned[] =>
    ownedProcesses().filter((one) => which(one) && !isAlive(one.owner) && !ours.has(one.pid));
  const found = orphans();
  for (const {pid} of found) killQuietly(pid);
  const until = performance.now() + GONE_WITHIN_MS;
  while (performance.now() < until && orphans().length > 0) await sleep(20);
  return found.length;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime: what was wanted.
  }
}
