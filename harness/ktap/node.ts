// SPDX-License-Identifier: MIT
import {MAX_DIAGNOSTICS, type Status, type SubtestResult} from './result.js';
import {isFailure, worse} from './severity.js';

/** A result, with those of its own document below it. */
export interface Node extends Pick<SubtestResult, 'order' | 'standIn'> {
  name: string;
  /** As the test gave it, before `#2` was added. */
  given: string;
  status: Status;
  reason?: string;
  diagnostics: string[];
  children: Node[];
  /** Its line says `not ok`, whatever a directive makes of that. */
  isNotOk?: true;
  /** See `SubtestResult.lines`. */
  lines: readonly number[];
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
  return {...absent(`missing #${number}`, status, reason, lines, children), standIn: 'promised'};
}

/** All those behind the last that is named. */
export function absentMore(status: Status, reason: string, lines: readonly number[]): Node {
  return {...absent('missing more', status, reason, lines), standIn: 'promised'};
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

/** The same result, said twice: the worse of the two counts. */
export function merge(first: Node, again: Node): void {
  const {status, reason, lines} = worse(first.status, again.status) === first.status ? first : again;
  const both = isFailure(first.status) && isFailure(again.status);
  first.lines = both ? first.lines.filter((one) => again.lines.includes(one)) : lines;
  first.status = status;
  if (reason !== undefined) first.reason = reason;
  first.diagnostics = [...first.diagnostics, ...again.diagnostics].slice(-MAX_DIAGNOSTICS);
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
  for (const {name, status, reason, diagnostics, children, lines, order, standIn} of nodes) {
    const path = [...above, name];
    into.push({
      ...{path, status, diagnostics, lines},
      ...(reason === undefined ? {} : {reason}),
      ...(order === undefined ? {} : {order}),
      ...(standIn === undefined ? {} : {standIn}),
    });
    flatten(children, path, into);
  }
  return into;
}
