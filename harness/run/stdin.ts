// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';

/** Mails are small; more than this is not a series. */
const MAX_BYTES = 256 * 1024 * 1024;

/** All of standard input, for `kverdict verify -`. */
export async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length;
    if (size > MAX_BYTES) throw new UserError(`Standard input holds more than ${MAX_BYTES} bytes: not a series`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
