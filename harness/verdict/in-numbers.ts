// SPDX-License-Identifier: MIT
import type {Change, Comparison, Verdict} from './results.js';
import {countsOf} from './tally.js';

/** What a series did that is neither a finding to act on nor nothing at all, best first: `3 fixed`, `1 fails less often`. */
const WORDS: readonly {change: Change; one: string; many: string}[] = [
  {change: 'fixed', one: 'fixed', many: 'fixed'},
  {change: 'less-often', one: 'fails less often', many: 'fail less often'},
  {change: 'still-failing', one: 'fails with and without the series', many: 'fail with and without the series'},
];

/** What speaks for a series; that something is as broken as before does not. */
export const BETTER: readonly Change[] = ['fixed', 'less-often'];

/** Results by what became of them, those that are none left out. */
export function changeCounts(comparisons: readonly Comparison[], wanted?: readonly Change[]): string[] {
  return WORDS.flatMap(({change, one, many}) => {
    if (wanted?.includes(change) === false) return [];
    const n = comparisons.filter((row) => row.change === change).length;
    return n === 0 ? [] : [`${n} ${n === 1 ? one : many}`];
  });
}

/** `, 3 of them fixed, 1 fails less often, 10 never ran`: behind how many passed. */
export function amongWords(comparisons: readonly Comparison[]): string {
  const never = comparisons.filter(neverRan).length;
  const counts = changeCounts(comparisons).map((words) => words.replace(/ fixed$/, ' of them fixed'));
  return [...counts, ...(never === 0 ? [] : [`${never} never ran`])].map((words) => `, ${words}`).join('');
}

/**
 * Passed with the series, if only at times. What fails with and without it and passed in one attempt of twenty is no
 * proof of anything.
 */
export const hasPassed = ({patched, change}: Comparison): boolean => patched.pass > 0 && change !== 'still-failing';

/** Only skipped with the series: nothing was seen of it. */
const neverRan = ({patched}: Comparison): boolean => patched.skip > 0 && patched.pass + countsOf(patched).failed === 0;

/**
 * The sentence of a verdict with what the series repaired, or did not, so that a series that fixes everything is not told
 * as one that fixes nothing. What is better comes first where nothing is worse, and last where something is.
 */
export function withChanges(verdict: Verdict, sentence: string, comparisons: readonly Comparison[]): string {
  const counts = changeCounts(comparisons);
  if (counts.length === 0 || verdict === 'good' || verdict === 'infra-error') return sentence;
  if (verdict === 'bad') return [sentence, ...changeCounts(comparisons, BETTER)].join('; ');
  const settled = !comparisons.some(({change, open}) => change === 'inconclusive' || open === true);
  return `${[...counts, ...(settled ? ['none worse'] : [])].join(', ')}; ${sentence}`;
}
