// SPDX-License-Identifier: MIT
import type {Status, SubtestResult} from './result.js';

/** A result, with those of its own document below it. */
export interface Node {
  name: string;
  /** As the test gave it, before `#2` was added. */
  given: string;
  status: Status;
  reason?: string;
  diagnostics: string[];
  children: Node[];
  /** See `SubtestResult.lines`. */
  lines: readonly number[];
  /** See `SubtestResult.placeholder`. */
  placeholder?: true;
}

/** What one line says of a whole document; no line alone when several say it. */
export interface Claim {
  words: string;
  lines: readonly number[];
}

/** A result that was promised and did not come, and whose number is all that is known of it. */
export function absentNumber(
  number: number,
  status: Status,
  reason: string,
  lines: readonly number[],
  children: Node[] = [],
): Node {
  return {...absent(`missing #${number}`, status, reason, lines, children), placeholder: true};
}

/** A result that was promised under a name and did not come. */
export function absent(
  name: string,
  status: Status,
  reason: string,
  lines: readonly number[],
  children: Node[] = [],
): Node {
  return {name, given: name, status, reason, diagnostics: [], children, lines};
}

/** Shared by all levels of one reader: neither results nor plans can make it grow without end. */
export class Budget {
  #left: number;
  exceeded = false;

  constructor(results: number) {
    this.#left = results;
  }

  /** Takes one; false when there is none left. */
  take(): boolean {
    if (this.#left > 0) this.#left--;
    else this.exceeded = true;
    return !this.exceeded;
  }
}

/** Parents before their subtests, in the order of the results. */
export function flatten(
  nodes: readonly Node[],
  above: readonly string[] = [],
  into: SubtestResult[] = [],
): SubtestResult[] {
  for (const {name, status, reason, diagnostics, children, lines, placeholder} of nodes) {
    const path = [...above, name];
    const why = reason === undefined ? {} : {reason};
    into.push({path, status, ...why, diagnostics, lines, ...(placeholder ? {placeholder} : {})});
    flatten(children, path, into);
  }
  return into;
}
