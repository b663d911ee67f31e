// SPDX-License-Identifier: MIT
/** The kernel's serial console, as QEMU writes it to a file. It can be huge, and hold any byte. */
import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import {stripVTControlCharacters} from 'node:util';
import {lastLines} from '../lib/text.js';

/** What `readConsole` keeps of a longer file: how it booted, and how it ended. */
const HEAD_BYTES = 256 * 1024;
const TAIL_BYTES = 4 * 1024 * 1024;
/** Read at once while following; the rest waits for the next look. */
export const CHUNK_BYTES = 1024 * 1024;

const EMPTY = '<empty console>';

/** The kernel says that it is done for, or that it found itself wrong. In the order of how much each explains. */
const DEATH = /Kernel panic - not syncing:?.*|Internal error: .*|\bOops(?: -|:).*|\bBUG: .*|\bkernel BUG at .*/;
/** Only these end the guest: a BUG or an Oops does so by a panic (`oops=panic`), or it lives on. */
export const PANIC = /Kernel panic - not syncing|end Kernel panic/;

/** Everything printed so far, cleaned; a part of a huge one is left out, and that is said. `<empty console>` if so. */
export function readConsole(file: string): string {
  const bytes = readEnds(file);
  const text = bytes.map(cleanConsole).join('');
  return text.trim() === '' ? EMPTY : text;
}

/** Whether the kernel said anything at all. */
export function hasPrinted(file: string): boolean {
  return readConsole(file) !== EMPTY;
}

/** The last `count` lines, for a message. */
export function consoleEnd(file: string, count = 25): string {
  return lastLines(readConsole(file), count);
}

/** Text that can be shown: no escape sequences, no carriage returns, no control bytes. */
export function cleanConsole(bytes: Uint8Array): string {
  const text = stripVTControlCharacters(Buffer.from(bytes).toString('utf8'));
  return text
    .replace(/\r+\n/g, '\n')
    .replace(/\r/g, '\n')
    .replace(/[^\t\n\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/** The kernel's own words for why it died: the panic's line, else the first Oops or BUG. */
export function findDeath(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => DEATH.test(line));
  const line = lines.find((candidate) => PANIC.test(candidate)) ?? lines[0];
  return line?.replace(/^\[\s*\d+\.\d+\](?:\[[^\]]*\])?\s*/, '').trim();
}

/**
 * Reads what came since the last call, whatever its size, a piece at a time. What comes while it reads is for the next
 * call: a console can grow faster than it is read.
 */
export class ConsoleTail {
  #offset = 0;
  readonly #decoder = new TextDecoder();

  constructor(readonly file: string) {}

  read(onText: (text: string) => void): void {
    for (const text of this.#pieces()) onText(text);
  }

  /** The same for work that takes its time with each piece: between two of them others have their turn. */
  async readInTurns(onText: (text: string) => void): Promise<void> {
    for (const text of this.#pieces()) {
      onText(text);
      await setImmediate();
    }
  }

  *#pieces(): Generator<string> {
    const end = sizeOf(this.file);
    while (this.#offset < end) {
      const bytes = readFrom(this.file, this.#offset, Math.min(CHUNK_BYTES, end - this.#offset));
      if (bytes.length === 0) return;
      this.#offset += bytes.length;
      yield this.#decoder.decode(bytes, {stream: true});
    }
  }
}

function readEnds(file: string): Buffer[] {
  const head = readFrom(file, 0, HEAD_BYTES + TAIL_BYTES);
  if (head.length < HEAD_BYTES + TAIL_BYTES) return [head];
  const size = sizeOf(file);
  const start = Math.max(HEAD_BYTES, size - TAIL_BYTES);
  const left = start - HEAD_BYTES;
  const note = left === 0 ? '' : `\n<${left} bytes of the console are left out here: see ${file}>\n`;
  return [head.subarray(0, HEAD_BYTES), Buffer.from(note), readFrom(file, start, TAIL_BYTES)];
}

function sizeOf(file: string): number {
  return withFile(file, (fd) => fstatSync(fd).size) ?? 0;
}

export function readFrom(file: string, offset: number, limit: number): Buffer {
  const bytes = withFile(file, (fd) => {
    const length = Math.min(limit, Math.max(0, fstatSync(fd).size - offset));
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
  });
  return bytes ?? Buffer.alloc(0);
}

function withFile<T>(file: string, use: (fd: number) => T): T | undefined {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}
