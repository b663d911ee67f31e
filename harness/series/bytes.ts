// SPDX-License-Identifier: MIT
/** Text of any size as the bytes that were sent. It is looked at in pieces, so that it is never held a second time. */
import {isUtf8} from 'node:buffer';

const PIECE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** As UTF-8 where it is that, else byte for byte. */
export const decode = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');

/** Pieces of whole lines (a longer line is cut), byte for byte: an index in one is a number of bytes. */
export function* piecesOf(bytes: Buffer): Generator<{at: number; text: string}> {
  for (let at = 0; at < bytes.length; ) {
    const most = Math.min(bytes.length, at + PIECE_BYTES);
    const last = most === bytes.length ? most : bytes.lastIndexOf(NEWLINE, most - 1) + 1;
    const end = last > at ? last : most;
    yield {at, text: bytes.toString('latin1', at, end)};
    at = end;
  }
}

/** Where a pattern is first found, in bytes; -1: nowhere. It looks at one line, and is made with the flag m. */
export function searchLine(bytes: Buffer, pattern: RegExp): number {
  for (const {at, text} of piecesOf(bytes)) {
    const found = text.search(pattern);
    if (found !== -1) return at + found;
  }
  return -1;
}

/** Where it is last found; the pattern has the flags g and m. */
export function searchLastLine(bytes: Buffer, pattern: RegExp): number {
  let last = -1;
  for (const {at, text} of piecesOf(bytes)) for (const {index} of text.matchAll(pattern)) last = at + index;
  return last;
}

/** Takes the CR of every CR LF away, in place. */
export function withoutCr(bytes: Buffer): Buffer {
  let to = 0;
  let from = 0;
  for (let at = bytes.indexOf('\r\n'); at !== -1; at = bytes.indexOf('\r\n', from)) {
    bytes.copyWithin(to, from, at);
    to += at - from;
    from = at + 1;
  }
  bytes.copyWithin(to, from);
  return bytes.subarray(0, to + bytes.length - from);
}

/** Bytes that are let go of when they are taken: who waits for git meanwhile does not hold a mailbox. */
export class Held {
  #bytes: Buffer | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes?.length ?? 0;
  }

  take(): Buffer {
    const bytes = this.#bytes ?? Buffer.alloc(0);
    this.#bytes = undefined;
    return bytes;
  }
}

/** What a promise brings, with nothing else that holds it. */
export async function held(bytes: Promise<Uint8Array>): Promise<Held> {
  return new Held(await bytes);
}
