// SPDX-License-Identifier: MIT

/** Looks for one line in what a port says, in pieces of any size; of what came before it nothing is kept. */
export class Echo {
  #seen: Buffer = Buffer.alloc(0);

  constructor(readonly line: Buffer) {}

  /** @returns what stands behind the line, when it is whole */
  read(chunk: Buffer): Buffer | undefined {
    const seen = this.#seen.length === 0 ? chunk : Buffer.concat([this.#seen, chunk]);
    const at = seen.indexOf(this.line);
    if (at >= 0) return seen.subarray(at + this.line.length);
    // As much as could be the beginning of it, on memory of its own.
    this.#seen = Buffer.from(seen.subarray(Math.max(0, seen.length - this.line.length + 1)));
    return undefined;
  }
}
