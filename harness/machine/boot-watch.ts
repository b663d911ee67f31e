// SPDX-License-Identifier: MIT
/** The console of a kernel that boots: has it died, and does it get on? */
import {keep} from '../lib/text.js';
import {CHUNK_BYTES, cleanConsole, PANIC, readFrom} from './console.js';

/** A line without an end is looked at in pieces of this size. */
const MAX_LINE = 16 * 1024;
/** Characters by which two lines are told apart: all that are kept of a line. */
const MAX_KEPT = 200;
/** A boot prints some hundred lines. What prints more different ones than this, or more at all, gets nowhere. */
const MAX_LINES = 20_000;
const MAX_BYTES = 2 * 1024 * 1024;
/** The kernel's own line when it hands over to user space. */
const ALIVE = /Run \/init as init process/;
/** Times, addresses and counters: without them a report that comes again and again is one line. */
const VARIES = /0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+/gi;

/** Looks at what came since the last look, with memory for one line and for which lines there were. */
export class BootWatch {
  #offset = 0;
  #rest = '';
  #panicked = false;
  #alive = false;
  readonly #lines = new Set<string>();

  constructor(readonly file: string) {}

  /** Reads on. @returns whether a line came that was not there before. A file that is not there yet is an empty one */
  look(): boolean {
    const bytes = readFrom(this.file, this.#offset, CHUNK_BYTES);
    if (bytes.length === 0) return false;
    this.#offset += bytes.length;
    const text = this.#rest + cleanConsole(bytes);
    if (PANIC.test(text)) this.#panicked = true;
    if (ALIVE.test(text)) this.#alive = true;
    const lines = text.split('\n');
    this.#rest = lines.pop()?.slice(-MAX_LINE) ?? '';
    const before = this.#lines.size;
    for (const line of lines) {
      if (this.#lines.size < MAX_LINES && this.#offset <= MAX_BYTES && line.trim() !== '')
        this.#lines.add(keep(line.slice(0, MAX_LINE).replace(VARIES, '0'), MAX_KEPT));
    }
    return this.#lines.size > before;
  }

  /** A panic was printed. */
  get panicked(): boolean {
    return this.#panicked;
  }

  /** The kernel has started /init. */
  get alive(): boolean {
    return this.#alive;
  }

  /** A byte has come. */
  get printed(): boolean {
    return this.#offset > 0;
  }
}
