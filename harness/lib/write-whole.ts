// SPDX-License-Identifier: MIT
import {closeSync, constants, fchmodSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {plainBytes} from './intake.js';

const {O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY} = constants;

export interface DraftOptions {
  /** The file's name until it is whole; what has it is replaced. Default: `<path>.new`. */
  draft?: string;
  /** Default: 0666, less the umask. */
  mode?: number;
}

/**
 * Whole or not at all, and untouched when it says the same already. Nothing is written through a link: one that has the
 * name is replaced by a file.
 *
 * @throws the system's error, with nothing left behind
 */
export function writeWhole(path: string, text: string, {draft = `${path}.new`, mode}: DraftOptions = {}): void {
  const bytes = Buffer.from(text);
  if (plainBytes(path, bytes.length)?.equals(bytes)) return;
  rmSync(draft, {force: true});
  const fd = openSync(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode ?? 0o666);
  try {
    if (mode !== undefined) fchmodSync(fd, mode);
    writeFileSync(fd, bytes);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, {force: true});
    throw error;
  } finally {
    closeSync(fd);
  }
}
