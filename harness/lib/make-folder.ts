// SPDX-License-Identifier: MIT
import {mkdirSync, statSync} from 'node:fs';
import {dirname} from 'node:path';

/**
 * As `mkdir -p`. Node's own goes round for ever where a folder exists and nothing can be made in it (/proc).
 * @throws the system's error
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (statSync(path, {throwIfNoEntry: false})?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, {mode});
  } catch (error) {
    // Somebody else made it meanwhile.
    if (!statSync(path, {throwIfNoEntry: false})?.isDirectory()) throw error;
  }
}
