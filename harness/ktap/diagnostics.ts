// SPDX-License-Identifier: MIT
import {cleanLine, clip, keep} from '../lib/text.js';
import {MAX_DIAGNOSTICS} from './result.js';

/** One diagnostic line, at most; a hex dump on one line is not for a report. */
const MAX_LINE = 500;
/** Lines kept for a result that passed: enough to recognise it, and 20 000 of them stay small. */
const MAX_WHEN_PASSED = 10;
/** Characters of diagnostics kept per test run, over all results. */
export const MAX_TOTAL_CHARACTERS = 4 * 1024 * 1024;

/** Lines that wait for the result they belong to: the next one. The last ones are kept, nearest to the failure. */
export class Diagnostics {
  #waiting: string[] = [];
  #dropped = 0;
  #left = MAX_TOTAL_CHARACTERS;

  add(text: string): void {
    if (text.trim() === '') return;
    this.#waiting.push(clip(text.trimEnd(), MAX_LINE));
    // Trimmed now and then, not per line: a shift per line would cost the square of the output.
    if (this.#waiting.length >= 2 * MAX_DIAGNOSTICS) this.#dropOldest(MAX_DIAGNOSTICS - 1);
  }

  /** Hands the lines over and starts anew. */
  take(passed: boolean): string[] {
    this.#dropOldest(passed ? MAX_WHEN_PASSED : MAX_DIAGNOSTICS - 1);
    const lines = this.#waiting.map((line) => keep(line, MAX_LINE));
    const taken = this.#dropped === 0 ? lines : [`… ${this.#dropped} lines left out`, ...lines];
    this.#waiting = [];
    this.#dropped = 0;
    const size = taken.reduce((sum, line) => sum + line.length, 0);
    if (size > this.#left) return taken.length === 0 ? [] : [`… ${taken.length} lines left out`];
    this.#left -= size;
    return taken;
  }

  /** The newest line, for a reason; undefined when nothing waits. */
  last(): string | undefined {
    const last = this.#waiting.at(-1);
    return last === undefined ? undefined : cleanLine(last);
  }

  #dropOldest(keep: number): void {
    const over = this.#waiting.length - keep;
    if (over <= 0) return;
    this.#waiting.splice(0, over);
    this.#dropped += over;
  }
}
