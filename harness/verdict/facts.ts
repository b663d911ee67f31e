// SPDX-License-Identifier: MIT
/** What the rules of `change.ts` look at, and how it is said. */
import type {Evidence} from './evidence.js';
import type {Kind} from './questions.js';
import type {Tally} from './results.js';
import type {Counts} from './statistics.js';
import {countsOf} from './tally.js';

/** What the rules look at: one test or subtest, both sides. */
export interface Facts extends Readonly<Record<Kind, Evidence>> {
  base: Tally;
  patched: Tally;
  /** Attempts that count, per side, whether or not they had this key. */
  baseRuns: number;
  patchedRuns: number;
  /** The guests of one side ran the suite and do not list the test: that is a word about it, too. */
  unlisted?: boolean;
  /** No attempt gave more than a promise of it: the row is about the promise. */
  promiseOnly?: boolean;
  /** There is no base side at all (`kverdict run`). */
  single: boolean;
}

/** Attempts that passed or failed. */
export const runs = ({failed, passed}: Counts): number => failed + passed;
/** Attempts that have a word on it, absence left out. */
export const total = ({pass, fail, skip, timeout, crash, missing}: Tally): number =>
  pass + fail + skip + timeout + crash + missing;
/** Attempts that gave it. */
export const given = ({promiseOnly}: Facts, tally: Tally): number => total(tally) - (promiseOnly ? 0 : tally.missing);
/** Attempts that ran to their end without it. */
export const lacking = ({promiseOnly}: Facts, {absent = 0, missing}: Tally): number =>
  absent + (promiseOnly ? 0 : missing);
/** It was skipped, and never ran. */
export const onlySkips = (tally: Tally): boolean => tally.skip > 0 && runs(countsOf(tally)) === 0;
/** `3 of 5` */
export const failsOf = ({failed, passed}: Counts): string => `${failed} of ${failed + passed}`;
/** `fails in 20 of 20 on base, 19 of 20 patched` */
export const failWords = (b: Counts, p: Counts): string => `fails in ${failsOf(b)} on base, ${failsOf(p)} patched`;
/** `skipped in 0 base and 1 patched attempts` */
export const skipWords = ({base, patched}: Facts): string =>
  `skipped in ${base.skip} base and ${patched.skip} patched attempts`;
/** `3 of 5`: of the attempts that ran to their end, those that gave it. */
export const comesIn = (facts: Facts, tally: Tally): string => {
  const came = given(facts, tally);
  return `${came} of ${came + lacking(facts, tally)}`;
};
/** The same of both sides. */
export const comesWords = (facts: Facts): string =>
  `comes in ${comesIn(facts, facts.base)} attempts on base, ${comesIn(facts, facts.patched)} patched`;
/** Behind what is not proven. */
export const UNSURE = ': too few attempts to tell';

/** What the patched side does not give any more. */
export const goneWords = (facts: Facts): string => {
  if (facts.unlisted && total(facts.patched) === 0) return 'only the guests of base list it';
  return facts.promiseOnly
    ? "base's plan has it, that of the patched side does not"
    : 'base gives a result, the patched side none';
};
/** What base does not give. */
export const newWords = (facts: Facts, p: Counts): string => {
  const often = lacking(facts, facts.patched) > 0 ? `, in ${comesIn(facts, facts.patched)} attempts` : '';
  return `only the patched side has it${often}${p.failed > 0 ? `, and it fails in ${failsOf(p)}` : ''}`;
};
