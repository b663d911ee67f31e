// SPDX-License-Identifier: MIT
/**
 * What must not be lost when the process is killed: JSON, one value a line, each on the disk before the next step. A
 * last line without its end was being written when it happened, and does not count.
 */
import {closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync} from 'node:fs';
import {diskFull, isDiskFull} from './disk-full.js';
import {InfraError} from './errors.js';

export class Journal<Line> {
  readonly #fd: number;

  private constructor(
    readonly file: string,
    /** What was there when it was opened. */
    readonly lines: readonly Line[],
    bytes: number,
  ) {
    this.#fd = openSync(file, 'a');
    ftruncateSync(this.#fd, bytes);
  }

  /** Opens or makes it. @throws InfraError when a line that is whole is no JSON */
  static open<Line>(file: string): Journal<Line> {
    const {lines, bytes} = existsSync(file) ? readLines<Line>(file) : {lines: [], bytes: 0};
    try {
      return new Journal(file, lines, bytes);
    } catch (error) {
      throw new InfraError(`Cannot write \`${file}\``, {cause: error});
    }
  }

  /** The whole lines of a journal that nobody writes to. */
  static read<Line>(file: string): Line[] {
    return existsSync(file) ? readLines<Line>(file).lines : [];
  }

  /** Returns when it is on the disk. @throws InfraError */
  append(line: Line): void {
    try {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
      fsyncSync(this.#fd);
    } catch (error) {
      if (isDiskFull(error)) throw diskFull(this.file, 1, 'a journal', error);
      throw new InfraError(`Cannot write \`${this.file}\``, {cause: error});
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function readLines<Line>(file: string): {lines: Line[]; bytes: number} {
  const content = readFileSync(file);
  const end = content.lastIndexOf('\n') + 1;
  const text = content.subarray(0, end).toString('utf8');
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line, index): Line => {
      try {
        return JSON.parse(line) as Line;
      } catch (cause) {
        throw new InfraError(`Line ${index + 1} of \`${file}\` is damaged`, {
          hint: 'Something else wrote to it. Start anew with another --out.',
          cause,
        });
      }
    });
  return {lines, bytes: end};
}
