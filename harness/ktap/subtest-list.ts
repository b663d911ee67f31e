// SPDX-License-Identifier: MIT
import {cleanLine, keep} from '../lib/text.js';
import {statusOfExit} from './exit.js';
import type {Status, SubtestResult, TestExit} from './result.js';

/** Results kept; the largest of the tests that are read this way has 66 (uffd-unit-tests of 6.12). */
export const MAX_SUBTESTS = 5000;
const MAX_NAME = 200;
const MAX_REASON = 300;

/** Results of a test that is not KTAP, in their order; a name that comes again gets `#2` behind it. */
export class SubtestList {
  readonly results: SubtestResult[] = [];
  readonly #names = new Map<string, number>();
  /** More came than are kept. */
  tooMany = false;

  add(
    words: readonly string[],
    status: Status,
    lines: readonly number[],
    diagnostics: string[],
    reason?: string,
  ): void {
    if (this.results.length >= MAX_SUBTESTS) {
      this.tooMany = true;
      return;
    }
    const path = words.map((word) => keep(cleanLine(word), MAX_NAME));
    for (let count = this.#count(path); count > 1; count = this.#count(path)) path.push(`#${count}`);
    const why = reason === undefined ? {} : {reason: keep(cleanLine(reason), MAX_REASON)};
    const order = {document: 0, number: this.results.length + 1};
    this.results.push({path, status, ...why, diagnostics, lines, order});
  }

  /** Results that were counted or promised and did not come, from number `from` to `to`; nobody gave their names. */
  addMissing(
    from: number,
    to: number,
    status: Status,
    reason: string,
    linesOf: (n: number) => readonly number[],
  ): void {
    for (let n = from; n <= Math.min(to, MAX_SUBTESTS); n++) {
      const {length} = this.results;
      this.add([`missing #${n}`], status, linesOf(n), [], reason);
      const added = this.results[length];
      if (added !== undefined) this.results[length] = {...added, standIn: 'promised'};
    }
  }

  /** How many of the results have this status. */
  count(status: Status): number {
    return this.results.filter((result) => result.status === status).length;
  }

  /**
   * The lines without which the exit would be believed that says "skipped": those on which all results stand.
   *
   * @param skips whether results that are skips themselves would contradict it
   */
  contradicting(exit: TestExit, skips: boolean): readonly number[] {
    if (exit.code !== 4) return [];
    const [first, ...others] = this.results.filter(({status}) => skips || status !== 'skip');
    return (first?.lines ?? []).filter((line) => others.every(({lines}) => lines?.includes(line)));
  }

  #count(path: readonly string[]): number {
    const key = path.join('\n');
    const count = (this.#names.get(key) ?? 0) + 1;
    this.#names.set(key, count);
    return count;
  }
}

/** How the subtest ended that was running when the program did: exit 0 proves nothing about it, nor does a skip. */
export function statusOfUnfinished(exit: TestExit): Status {
  const {status} = statusOfExit(exit.code ?? 1);
  return status === 'pass' || status === 'skip' ? 'missing' : status;
}
