// SPDX-License-Identifier: MIT
/** Results that stand in a line behind something else: output without a newline comes before them. */
import {findBail, findGlued, type Glued, type Line, type Place, readLine} from './lines.js';

/** What these kinds of line say is looked at for glued results where they are handled. */
const KINDS_WITH_WORDS: ReadonlySet<Line['kind']> = new Set(['result', 'comment', 'unknown', 'bail', 'yaml', 'pragma']);

/** The first failed result in a line, wherever it stands. */
export function gluedFailure(text: string): Glued | undefined {
  for (const glued of findGlued(text)) if (!glued.ok) return glued;
  return undefined;
}

/**
 * What stands behind a line whose own words are not looked at for it: a failure, or what kselftest's runner says
 * (`1..0 # SKIP no diskok 1 selftests: a: b # SKIP`). The words of a bail out are a reason, which may speak of failures.
 */
export function gluedBehind({kind}: Pick<Line, 'kind'>, text: string, hasRunner: boolean): Glued | undefined {
  const hasReason = kind === 'bail';
  if (!hasReason && KINDS_WITH_WORDS.has(kind)) return undefined;
  for (const glued of findGlued(text)) {
    if ((glued.runner && hasRunner) || (!glued.ok && !hasReason)) return glued;
  }
  return undefined;
}

/** A program that gives up behind output without a newline, and the runner's word on it that may follow. */
export function splitBail(line: Line, text: string, hasRunner: boolean) {
  const at = line.kind === 'bail' ? undefined : findBail(text);
  if (at === undefined) return undefined;
  const words = text.slice(at);
  const glued = gluedBehind({kind: 'bail'}, words, hasRunner);
  const bail = readLine(words.slice(0, glued?.at));
  if (bail.kind !== 'bail') return undefined;
  return {before: text.slice(0, at), reason: bail.reason, after: glued && words.slice(glued.at)};
}

/** `ok 1 aok 2 b`: the next number, glued to this result's description; what failed; and what the runner says. */
export function splitRest(rest: string, number: number | undefined): {own: string; glued?: Glued} {
  for (const glued of findGlued(rest)) {
    if (!glued.ok || glued.runner || isNext(glued, number)) return {own: rest.slice(0, glued.at), glued};
  }
  return {own: rest};
}

/**
 * Where what is glued to these words may belong, innermost first. A program's comment is its own, and what kselftest's
 * runner puts into one is its program's.
 */
export function placesOf({kind, place}: Pick<Line, 'kind' | 'place'>): readonly [Place, ...Place[]] {
  return kind === 'comment' ? [{column: place.column + 2, hashes: place.hashes + 1}, place] : [place];
}

/** It goes on where the result of this number stands. */
export function isNext(glued: Glued, number: number | undefined): boolean {
  return glued.number === undefined || glued.number === (number ?? Number.NaN) + 1;
}
