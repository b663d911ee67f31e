// SPDX-License-Identifier: MIT
import {cleanText, clip} from '../harness/lib/text.js';
import type {Results} from '../harness/verdict/results.js';

/** A line of a console may be a megabyte long; nobody reads it in a report, and the log is linked. */
const MAX_LINE = 1000;
const MAX_TEXT = 16_000;

/**
 * The same results with nothing in any text that acts on a terminal, a browser or a parser, and no text that is too
 * long to be read. Every format whose own rules do not clean better starts from this.
 */
export function cleanResults(results: Results): Results {
  return cleanValue(results) as Results;
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanString(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleanValue(inner)]));
}

/** What is cut away is never looked at: a gigabyte costs no more than a page. */
export function cleanString(text: string): string {
  const lines = clip(text, MAX_TEXT).split('\n');
  return cleanText(lines.map((line) => clip(line, MAX_LINE)).join('\n'));
}
