// SPDX-License-Identifier: MIT
import {createHash} from 'node:crypto';
import {LISTED} from '../suite/select.js';

/** Stands for `:` in a file's name: uploads of CI systems refuse that one. */
const COLON = '+';
const PLAIN = /^(?!\.{1,2}$)[A-Za-z0-9._+-]{1,120}$/;
const READABLE = 80;
/** Hexadecimal digits: whoever names the tests must not find two names with the same hash. */
const HASH = 24;

/**
 * A test's name as one component of a path, another one for every other name: what one test has left is never
 * overwritten by another. `unit:minor` is `unit+minor`; what cannot be a file's name, or is too long for one, ends in `~`
 * and a hash.
 */
export function fileName(test: string): string {
  const plain = test.replaceAll(LISTED, COLON);
  if (!test.includes(COLON) && PLAIN.test(plain)) return plain;
  const readable = test.replaceAll(/[^A-Za-z0-9._-]+/g, '_').slice(0, READABLE);
  // As UTF-16: in UTF-8 all halves of surrogate pairs are the same.
  const hash = createHash('sha256').update(test, 'utf16le').digest('hex').slice(0, HASH);
  return `${readable}~${hash}`;
}
