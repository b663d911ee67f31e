// SPDX-License-Identifier: MIT

import type {Diagnostics} from './diagnostics.js';
import {endedFromOutside} from './exit.js';
import type {ReaderKind} from './reader.js';
import type {TestExit, TestReport} from './result.js';

/**
 * What is said of a program that ended well and printed something of which its own reader knows nothing: that the
 * program learned another language is our fault, and never the kernel's. undefined: it printed nothing, or its exit
 * says more than that.
 *
 * @param diagnostics all that it printed: not one result was recognised in it
 */
export function unreadOutput(reader: ReaderKind, exit: TestExit, diagnostics: Diagnostics): TestReport | undefined {
  if (exit.code !== 0 || endedFromOutside(exit) !== undefined || diagnostics.last() === undefined) return undefined;
  const unread = `exited 0; no results recognised in its output: our reader ${reader} does not know this output`;
  const whole = {path: [], status: 'error' as const, reason: unread, diagnostics: diagnostics.take(false)};
  return {results: [whole], problems: [], unread};
}
