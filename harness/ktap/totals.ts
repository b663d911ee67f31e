// SPDX-License-Identifier: MIT
/** What a program counted at its end, held against what it printed. */
import type {Totals} from './lines.js';
import type {Claim, Node} from './node.js';
import {isFailure} from './severity.js';
import {noteLine} from './sole-line.js';

/**
 * The failures that the totals of one level count. kselftest's helpers count some that have no line, and then end well: what
 * they ask is whether as many passed as were planned.
 */
export class CountedFailures {
  /** By their number, with the lines that say it: two of each are enough to know whether one line alone does. */
  readonly #counts = new Map<number, number[]>();

  note({fail, xpass, error}: Totals, line: number): void {
    const failed = fail + xpass + error;
    if (failed === 0) return;
    const lines = this.#counts.get(failed) ?? [];
    noteLine(lines, line);
    this.#counts.set(failed, lines);
  }

  /** More of them than `nodes` show, a result that never came among these; undefined: each has its line. */
  beyond(nodes: readonly Node[]): Claim | undefined {
    if (this.#counts.size === 0) return undefined;
    const shown = countNotOk(nodes);
    const more = [...this.#counts].filter(([failed]) => failed > shown);
    if (more.length === 0) return undefined;
    const [first, ...others] = more.flatMap(([, lines]) => lines);
    const most = Math.max(...more.map(([failed]) => failed));
    const words = `the totals count ${most} that failed, and the lines show ${shown}`;
    return {words, lines: first === undefined || others.some((line) => line !== first) ? [] : [first]};
  }
}

/** All lines that say `not ok`: some programs count what a directive excuses. */
function countNotOk(nodes: readonly Node[]): number {
  return nodes.reduce(
    (sum, {isNotOk, status, children}) => sum + (isNotOk || isFailure(status) ? 1 : 0) + countNotOk(children),
    0,
  );
}
