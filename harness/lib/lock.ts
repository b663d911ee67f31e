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
  mkdirSync(dirname(path), {recursive: true});
  let told = false;
  for (;;) {
    ctx.signal.throwIfAborted();
    const release = await tryLock(path);
    if (release !== undefined) {
      writeFileSync(`${path}.owner`, processIdentity() ?? '');
      return {
        [Symbol.asyncDispose]: async () => {
          rmSync(`${path}.owner`, {force: true});
          await release().catch(() => {});
        },
      };
    }
    const owner = ownerOf(path);
    if (owner !== undefined && !isAlive(owner)) {
      rmSync(`${path}.owner`, {force: true});
      rmSync(`${path}.lock`, {recursive: true, force: true});
      continue;
    }
    if (!told) ctx.emit({type: 'note', message: `Waiting for ${what}: process ${owner ?? 'unknown'} has it`});
    told = true;
    await sleep(POLL_MS, ctx.signal);
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
