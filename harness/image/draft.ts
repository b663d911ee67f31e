// SPDX-License-Identifier: MIT
import {mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {InfraError} from '../lib/errors.js';
import {placeDraft} from '../lib/place-draft.js';
import {makeMarkedDir, removeMarkedDir, sweepTempDirs} from '../lib/temp-dir.js';

/**
 * Makes a file or folder whole or not at all: in a folder beside it, which is gone afterwards.
 *
 * @param what for the message
 * @param make returns the path, below its argument, of what is to become `target`
 * @throws InfraError when the disk is full
 */
export async function putInPlace(target: string, what: string, make: (work: string) => Promise<string>): Promise<void> {
  const parent = dirname(target);
  mkdirSync(parent, {recursive: true});
  sweepTempDirs(parent);
  const work = makeMarkedDir(parent, 'draft');
  try {
    const draft = await make(work);
    placeDraft(draft, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new InfraError(`No space left for ${what} in \`${target}\``, {cause: error});
  } finally {
    removeMarkedDir(work);
  }
}
