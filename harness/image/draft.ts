// SPDX-License-Identifier: MIT
import {randomBytes} from 'node:crypto';
import {mkdirSync, renameSync, rmSync} from 'node:fs';
import {InfraError} from '../lib/errors.js';

/**
 * Makes a file or folder whole or not at all: in a folder beside it, which is gone afterwards.
 *
 * @param what for the message
 * @param make returns the path, below its argument, of what is to become `target`
 * @throws InfraError when the disk is full
 */
export async function putInPlace(target: string, what: string, make: (work: string) => Promise<string>): Promise<void> {
  const work = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  mkdirSync(work, {recursive: true});
  try {
    const draft = await make(work);
    rmSync(target, {recursive: true, force: true});
    renameSync(draft, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new InfraError(`No space left for ${what} in \`${target}\``, {cause: error});
  } finally {
    rmSync(work, {recursive: true, force: true});
  }
}
