// SPDX-License-Identifier: MIT
/** What make printed, read a piece at a time: a log has any size, the harness has not. */
import {closeSync, openSync, readSync, statSync} from 'node:fs';
import {KernelError} from '../lib/errors.js';
import {type BuildLog, parseBuildLog} from './build-log.js';

/** A kernel prints a line of 20 bytes an object, and W=1 some megabytes; a log of this size takes seconds to read. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const END_BYTES = 512 * 1024;
/** A line without an end is given in pieces of this size. */
const MAX_LINE = 64 * 1024;

/**
 * The messages of a log from an offset on.
 *
 * @throws KernelError for a log that no build of Linux prints: what stands behind the limit was not seen
 */
export function readBuildLog(log: string, offset: number, tree: {sourceDir: string; objectDir: string}): BuildLog {
  const printed = logSize(log) - offset;
  if (printed > MAX_LOG_BYTES) throw tooMuch(`${printed} bytes`, `${MAX_LOG_BYTES} bytes`, log);
  const built = parseBuildLog(logLines(log, offset), tree);
  if (built.tooMany !== undefined) throw tooMuch(built.tooMany, 'that many', log);
  return built;
}

function tooMuch(got: string, limit: string, log: string): KernelError {
  return new KernelError(`The build printed ${got}; kverdict reads at most ${limit} of one`, {
    hint: `\`head -c 20000 ${log}\` shows what it says again and again.`,
    facts: {log, got, limit},
  });
}

/** The lines of a file from an offset on, without their ends. Bytes that are no UTF-8 become U+FFFD. */
export function* logLines(log: string, offset: number): Generator<string> {
  if (logSize(log) <= offset) return;
  const fd = openSync(log, 'r');
  try {
    const decoder = new TextDecoder();
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let rest = '';
    for (let at = offset; ; ) {
      const count = readSync(fd, buffer, 0, CHUNK_BYTES, at);
      at += count;
      const lines = (rest + decoder.decode(buffer.subarray(0, count), {stream: count > 0})).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      for (; rest.length > MAX_LINE; rest = rest.slice(MAX_LINE)) yield rest.slice(0, MAX_LINE);
      if (count === 0) break;
    }
    yield rest;
  } finally {
    closeSync(fd);
  }
}

/** The beginning and the end of a log, for words out of it. */
export function logEnds(log: string): string {
  const size = logSize(log);
  const text = (from: number, bytes: number): string => {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(fd, buffer, 0, bytes, from)).toString('utf8');
  };
  if (size === 0) return '';
  const fd = openSync(log, 'r');
  try {
    if (size <= 2 * END_BYTES) return text(0, size);
    return `${text(0, END_BYTES)}\n${text(size - END_BYTES, END_BYTES)}`;
  } finally {
    closeSync(fd);
  }
}

/** Bytes of a log so far; 0 when it is not there. */
export function logSize(log: string): number {
  return statSync(log, {throwIfNoEntry: false})?.size ?? 0;
}
