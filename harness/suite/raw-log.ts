// SPDX-License-Identifier: MIT
import {closeSync, mkdirSync, openSync, writeSync} from 'node:fs';
import {dirname} from 'node:path';

/** A test that prints without end must not fill the disk; the results are read from all of it. */
export const MAX_LOG_BYTES = 16 * 1024 * 1024;

/** A test's output as it came, byte for byte, up to a limit. */
export class RawLog {
  readonly #fd: number;
  readonly #limit: number;
  #bytes = 0;
  #failure: unknown;

  constructor(file: string, limit: number = MAX_LOG_BYTES) {
    mkdirSync(dirname(file), {recursive: true});
    this.#fd = openSync(file, 'w');
    this.#limit = limit;
  }

  /** Bytes that were offered. */
  get bytes(): number {
    return this.#bytes;
  }

  get isCut(): boolean {
    return this.#bytes > this.#limit;
  }

  /** Never throws: it is called from the middle of a connection. What went wrong is thrown by `close`. */
  write(chunk: Uint8Array): void {
    const room = Math.max(0, this.#limit - this.#bytes);
    this.#bytes += chunk.length;
    if (room > 0) this.#put(chunk.subarray(0, room));
  }

  /** @throws the first error of a write */
  close(): void {
    if (this.isCut) {
      const kept = this.#limit;
      this.#put(Buffer.from(`\n[kverdict: ${this.#bytes} bytes were printed; this log ends after ${kept}]\n`));
    }
    closeSync(this.#fd);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #put(bytes: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    } catch (error) {
      this.#failure = error;
    }
  }
}
