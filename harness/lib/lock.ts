// SPDX-License-Identifier: MIT
import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import lockfile from 'proper-lockfile';
import type {Context} from './context.js';
import {sleep} from './deadline.js';
import {InfraError} from './errors.js';
import {isAlive, processIdentity} from './process-owner.js';

/** A lock whose holder stopped without a word is taken over after this time; one whose process is gone, at once. */
const STALE_MS = 20_000;
const POLL_MS = 250;

/**
 * Waits for `path` to be free and holds it until disposed. The lock is a directory `<path>.lock` (made in one step,
 * so it holds on any file system); `<path>.owner` names the process.
 *
 * @param what for the note while it waits: "the source tree linux-6.12"
 */
export async function acquireLock(ctx: Context, path: string, what: string): Promise<AsyncDisposable> {
  let told = false;
  for (;;) {
    ctx.signal.throwIfAborted();
    const taken = await takeLock(path);
    if ('lock' in taken) return taken.lock;
    if (!told) ctx.emit({type: 'note', message: `Waiting for ${what}: process ${taken.owner ?? 'unknown'} has it`});
    told = true;
    await sleep(POLL_MS, ctx.signal);
  }
}

/**
 * As `acquireLock`, without waiting.
 *
 * @returns the lock, or the identity of the process that has it when that is known
 */
export async function takeLock(path: string): Promise<{lock: AsyncDisposable} | {owner: string | undefined}> {
  mkdirSync(dirname(path), {recursive: true});
  for (;;) {
    const release = await tryLock(path);
    if (release !== undefined) {
      writeFileSync(`${path}.owner`, processIdentity() ?? '');
      const dispose = async (): Promise<void> => {
        rmSync(`${path}.owner`, {force: true});
        await release().catch(() => {});
      };
      return {lock: {[Symbol.asyncDispose]: dispose}};
    }
    const owner = ownerOf(path);
    if (owner === undefined || isAlive(owner)) return {owner};
    rmSync(`${path}.owner`, {force: true});
    rmSync(`${path}.lock`, {recursive: true, force: true});
  }
}

async function tryLock(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lockfile.lock(path, {
      realpath: false,
      stale: STALE_MS,
      onCompromised: () => {
        // The heartbeat came too late (a suspended laptop). The work goes on: what it writes is content-addressed.
      },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw new InfraError(`Cannot lock \`${path}\``, {cause: error});
  }
}

function ownerOf(path: string): string | undefined {
  try {
    return readFileSync(`${path}.owner`, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}
