// SPDX-License-Identifier: MIT
/** What the fuzzer feeds to a reader: bytes, which reader, how the program ended. */
import {createLineFeeder} from '../../ktap/line-feeder.js';
import {createReader, type ReaderKind} from '../../ktap/reader.js';
import type {TestExit, TestReport} from '../../ktap/result.js';
import {isFailure} from '../../ktap/severity.js';

export interface Document {
  reader: ReaderKind;
  exit: TestExit;
  /** What the test printed; latin1, so that any byte can be written down. */
  text: string;
}

/** Through the same feeder and reader as a guest's output. */
export function read({reader: kind, exit, text}: Document, chunk = text.length): TestReport {
  const reader = createReader(kind);
  const feeder = createLineFeeder((line, end) => reader.line(line, end));
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += Math.max(1, chunk)) feeder.write(bytes.subarray(at, at + chunk));
  feeder.end();
  return reader.end(exit);
}

/** Nothing failed, is missing or was lost. */
export function isGreen({results}: TestReport): boolean {
  return results.length > 0 && results.every(({status}) => !isFailure(status));
}

/**
 * The lines that carry the failure of a document: those on which every failure in it stands. Touching any other line
 * leaves at least one failure untouched.
 */
export function carriers({results}: TestReport): ReadonlySet<number> {
  const failures = results.filter(({status}) => isFailure(status));
  const [first, ...others] = failures.map(({lines}) => new Set(lines ?? []));
  return new Set([...(first ?? [])].filter((line) => others.every((lines) => lines.has(line))));
}
