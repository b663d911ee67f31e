// SPDX-License-Identifier: MIT
import {cleanText} from '../lib/text.js';
import {findBail, readLine} from './lines.js';
import {noteLine} from './sole-line.js';

const ANNOUNCING: ReadonlySet<string> = new Set(['version', 'plan', 'bail']);

function isAnnouncing(part: string): boolean {
  const line = readLine(part);
  if (line.kind === 'totals') return line.counts.fail + line.counts.xpass + line.counts.error > 0;
  return ANNOUNCING.has(line.kind) || findBail(part) !== undefined;
}

/** Watches for the lines that say that a program speaks KTAP: a version line, a plan, a bail out, failures in totals. */
export class Announced {
  #number = 0;
  /** Two are enough to know that no line alone announced it. */
  readonly lines: number[] = [];

  line(text: string): void {
    this.#number++;
    // As the KTAP reader has it: what a carriage return ends is a line.
    const announces = text.split('\r').map(cleanText).some(isAnnouncing);
    if (announces) noteLine(this.lines, this.#number);
  }
}
