// SPDX-License-Identifier: MIT
import {statfsSync} from 'node:fs';
import {InfraError} from './errors.js';

const MIB = 1024 * 1024;

/** True for what Node throws when a file system, or the user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/**
 * @param path anything on the file system that is full
 * @param neededMiB what the work takes in all, measured
 * @param work completes "No space left for …"
 */
export function diskFull(path: string, neededMiB: number, work: string, cause?: unknown): InfraError {
  let size = '';
  const facts: Record<string, unknown> = {path, neededMiB};
  try {
    const {bsize, blocks, bavail} = statfsSync(path);
    facts.sizeMiB = Math.floor((blocks * bsize) / MIB);
    facts.freeMiB = Math.floor((bavail * bsize) / MIB);
    size = ` (${facts.freeMiB} of ${facts.sizeMiB} MiB are free)`;
  } catch {
    // The path may be gone; the sentence is true without the figures.
  }
  return new InfraError(
    `No space left for ${work}: the file system of ${path} is full${size}; it takes about ${neededMiB} MiB`,
    {
      hint: '`kverdict clean` deletes what can be made again; XDG_CACHE_HOME=DIR puts the cache on another disk.',
      facts,
      cause,
    },
  );
}
