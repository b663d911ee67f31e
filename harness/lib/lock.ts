// SPDX-License-Identifier: MIT
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import {dirname} from 'node:path';
import type {Context} from './context.js';
import {InfraError} from './errors.js';
import {makeFolder} from './make-folder.js';
import {endOrphans} from './orphans.js';
import {isAlive, processIdentity} from './process-owner.js';

/** Of flock(1) with `--nonblock`: somebody has it. */
const BUSY = 75;

/**
 * Waits for `path` to be free and holds it until disposed. The lock is flock(2) on `<path>.flock`, whose text names the
 * holder: the kernel gives it up when the holder ends, however it ends, and never before. (A heartbeat would: it comes
 * late on a busy host, and two builds in one source tree make kernels that are not what they are said to be.)
 *
 * Descriptors belong to open files, so flock(1) can lock one for us: the lock stays when it has ended.
 *
 * @param what for the note while it waits: "the source tree linux-6.12"
 * @throws InfraError when the file cannot be made or its file system knows no locks
 */
export async function acquireLock(ctx: Context, path: string, what: string): Promise<AsyncDisposable> {
  const taken = await takeLock(ctx, path);
  if ('lock' in taken) return taken.lock;
  ctx.emit({type: 'note', message: `Waiting for ${what}: process ${taken.owner ?? 'unknown'} has it`});
  for (;;) {
    const lock = await tryLock(ctx, path, 'wait');
    if (typeof lock === 'object') return lock;
  }
}

/**
 * As `acquireLock`, without waiting.
 *
 * @returns the lock, or the identity of the process that has it when that is known
 */
export async function takeLock(
  ctx: Context,
  path: string,
): Promise<{lock: AsyncDisposable} | {owner: string | undefined}> {
  for (;;) {
    const lock = await tryLock(ctx, path, 'once');
    if (lock === 'busy') return {owner: readOwner(`${path}.flock`)};
    if (lock !== 'gone') return {lock};
  }
}

/** @returns `gone` when the file was deleted while it was locked: the name stands for nothing, or for another one */
async function tryLock(ctx: Context, path: string, how: 'once' | 'wait'): Promise<AsyncDisposable | 'busy' | 'gone'> {
  const file = `${path}.flock`;
  const fd = openFile(file);
  let kept = false;
  try {
    const words = how === 'once' ? ['--nonblock', '--conflict-exit-code', `${BUSY}`, '0'] : ['0'];
    const {exitCode, endedBy, stderr} = await ctx.exec.run('flock', words, {stdinFd: fd, quiet: true});
    if (exitCode === BUSY) return 'busy';
    if (exitCode !== 0) throw cannotLock(file, stderr.trim() || `flock ended with ${endedBy ?? exitCode}`);
    if (!isStill(file, fd)) return 'gone';
    const before = readOwner(file);
    // Whoever let go deletes the file. This one ended without a word, and what it started may go on writing.
    if (before !== undefined && !isAlive(before)) await endOrphans(({owner}) => owner === before);
    ftruncateSync(fd);
    writeSync(fd, processIdentity() ?? '');
    kept = true;
  } finally {
    if (!kept) closeSync(fd);
  }
  const release = async (): Promise<void> => {
    // Deleted while it is held, and only if it is the one that is held: nobody else's lock goes with it.
    if (isStill(file, fd)) rmSync(file, {force: true});
    closeSync(fd);
  };
  return {[Symbol.asyncDispose]: release};
}

function openFile(file: string): number {
  try {
    makeFolder(dirname(file));
    // Its text is replaced: never that of a file that a link leads to.
    return openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o666);
  } catch (cause) {
    throw cannotLock(file, (cause as Error).message, cause);
  }
}

function cannotLock(file: string, why: string, cause?: unknown): InfraError {
  return new InfraError(`Cannot lock \`${file}\`: ${why}`, {
    hint: 'Is its folder yours to write, and on a file system that has space and knows flock(2)?',
    facts: {file},
    ...(cause === undefined ? {} : {cause}),
  });
}

function isStill(file: string, fd: number): boolean {
  const [held, named] = [fstatSync(fd, {bigint: true}), statSync(file, {bigint: true, throwIfNoEntry: false})];
  return named !== undefined && named.ino === held.ino && named.dev === held.dev;
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}
