// SPDX-License-Identifier: MIT
/**
 * Documents whose right answer is known before they are written: a tree of results is made up, then written as tests
 * print it, with at most one oddity. The answer comes from the tree and never from a parser.
 */
import fc from 'fast-check';
import type {Status} from '../../ktap/result.js';
import {isFailure} from '../../ktap/severity.js';
import {type Document, isGreen, read} from './document.js';
import {Tape} from './tape.js';
import {ANY_NAME, ktapTold} from './told-ktap.js';
import {textTold} from './told-text.js';

export interface Told {
  document: Document;
  /** What is odd about it, in a word. */
  oddity: string;
  green: boolean;
  /** Results that must be there, by the last name of their path that is not a memory type: `[name, status]`. */
  results: [string, Status][];
}

export const tolds: fc.Arbitrary<Told> = fc
  .array(fc.nat({max: 0xffff}), {minLength: 40, maxLength: 120})
  .map((numbers) => {
    const tape = new Tape(numbers);
    return tape.once(4) ? textTold(tape) : ktapTold(tape);
  });

/** What the reader says of it against what is known; undefined: the same. */
export function badTold({document, oddity, green, results}: Told): string | undefined {
  const report = read(document);
  if (isGreen(report) !== green) {
    const failed = report.results.filter(({status}) => isFailure(status));
    const seen = failed.map(({path, status}) => `${path.join('/')} is ${status}`).join(', ');
    return green ? `${oddity}: not green: ${seen}` : `${oddity}: green, though something failed or never came`;
  }
  for (const [name, status] of results) {
    if (name === ANY_NAME) continue;
    const found = report.results.filter(({path}) => path.filter((part) => part !== MEMORY).at(-1) === name);
    if (found.length !== 1) return `${oddity}: \`${name}\` is there ${found.length} times`;
    if (found[0]?.status !== status) return `${oddity}: \`${name}\` is ${found[0]?.status}, not ${status}`;
  }
  return undefined;
}

/** What uffd-unit-tests runs on; it ends a path. */
export const MEMORY = 'anon';
