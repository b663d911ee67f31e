// SPDX-License-Identifier: MIT
import {closeSync, constants, fstatSync, openSync, readFileSync} from 'node:fs';

/**
 * The bytes of a file that somebody else may have made: a regular file, opened through no link and without waiting (a
 * FIFO would), of at most `limit` bytes. Undefined: it is none of these, or not there.
 */
export function readRegular(path: string, limit: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= limit ? readFileSync(fd) : undefined;
  } finally {
    closeSync(fd);
  }
}
