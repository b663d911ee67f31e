// SPDX-License-Identifier: MIT
import {decode} from './bytes.js';

const NEWLINE = 0x0a;

/** The lines of a text of any size: where they begin is kept, not the lines themselves. */
export class Lines {
  readonly length: number;
  /** The last line ends with a newline. */
  readonly complete: boolean;
  readonly #starts: Uint32Array;

  constructor(private readonly bytes: Buffer) {
    let starts = new Uint32Array(1024);
    let count = 0;
    for (let at = 0; at < bytes.length; count++) {
      if (count + 1 >= starts.length) {
        const larger = new Uint32Array(starts.length * 2);
        larger.set(starts);
        starts = larger;
      }
      starts[count] = at;
      const end = bytes.indexOf(NEWLINE, at);
      at = end === -1 ? bytes.length : end + 1;
    }
    starts[count] = bytes.length;
    this.#starts = starts;
    this.length = count;
    this.complete = bytes.at(-1) === NEWLINE;
  }

  /** Where it begins, in bytes; past the end: how many bytes there are. */
  offset(line: number): number {
    return line >= this.length ? this.bytes.length : (this.#starts[line] ?? 0);
  }

  /** Without its newline; empty past the end. */
  at(line: number): string {
    if (line < 0 || line >= this.length) return '';
    const start = this.#starts[line] ?? 0;
    const end = this.#starts[line + 1] ?? start;
    return decode(this.bytes.subarray(start, this.bytes[end - 1] === NEWLINE ? end - 1 : end));
  }

  /** The first character; ` ` for an empty line. */
  first(line: number): string {
    const byte = this.bytes[this.#starts[line] ?? 0] ?? NEWLINE;
    return byte === NEWLINE ? ' ' : String.fromCharCode(byte);
  }

  /** The first characters, enough to tell headers from other lines. */
  start(line: number): string {
    const start = this.#starts[line] ?? 0;
    return this.bytes.toString('latin1', start, start + 7);
  }
}
