// SPDX-License-Identifier: MIT
import {cleanLine, keep} from '../lib/text.js';
import {skipReason} from './directive.js';
import type {Claim} from './node.js';
import type {ProblemList} from './problem-list.js';
import {soleLine} from './sole-line.js';

const MAX_WORDS = 300;

/** `1..count`, and where it stands. */
export interface Plan {
  count: number;
  line: number;
}

/** Of two plans of one document: a test that promises less than before may have lost results. */
export function largerPlan(before: Plan, next: Plan, problems: ProblemList): Plan {
  const {count, line} = next;
  const changed = `the plan changed from 1..${before.count} to 1..${count}; the larger one counts`;
  problems.add(line, count === before.count ? `the plan 1..${count} is repeated` : changed);
  return count > before.count ? next : before;
}

/** What `1..0 # SKIP why` says, of its words behind the `#`; undefined: it is no skip. @param before another one said so */
export function skipOfAll(directive: string, line: number, before: Claim | undefined): Claim | undefined {
  const why = skipReason(directive);
  if (why === undefined) return undefined;
  return {words: keep(cleanLine(why) || 'no reason given', MAX_WORDS), lines: soleLine(before?.lines, line)};
}
