// SPDX-License-Identifier: MIT
import {readFileSync} from 'node:fs';

/** The lines of a list: without comments (`#` to the end of a line), blanks around them, and empty lines. */
export function readListFile(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}
