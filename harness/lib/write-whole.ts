// SPDX-License-Identifier: MIT
import {existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs';

/** Whole or not at all, and untouched when it says the same already. */
export function writeWhole(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
