// SPDX-License-Identifier: MIT
/** Results that stand in a line behind something else: output without a newline comes before them. */
import {findGlued, type Glued, type Line} from './lines.js';

/** What these kinds of line say is looked at for glued results where they are handled. */
export const KINDS_WITH_WORDS: ReadonlySet<Line['kind']> = new Set([
  'result',
  'comment',
  'unknown',
  'bail',
  'yaml',
  'pragma',
]);

/** The first failed result in a line, wherever it stands. */
export function gluedFailure(text: string): Glued | undefined {
  for (const glued of findGlued(text)) if (!glued.ok) return glued;
  return undefined;
}

/** `ok 1 aok 2 b`: the next number, glued to this result's description; what failed; and what the runner says. */
export function splitRest(rest: string, number: number | undefined): {own: string; glued?: Glued} {
  for (const glued of findGlued(rest)) {
    const isNext = glued.number === (number ?? Number.NaN) + 1;
    if (!glued.ok || glued.runner || isNext) return {own: rest.slice(0, glued.at), glued};
  }
  return {own: rest};
}
