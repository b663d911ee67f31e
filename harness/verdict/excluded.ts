// SPDX-License-Identifier: MIT
/** What a count of failures leaves possible: that a race was not seen does not say that it is gone. */
import {clopperPearson} from './interval.js';
import {testOf} from './needs-more.js';
import type {Comparison} from './results.js';
import type {Counts} from './statistics.js';
import {countsOf} from './tally.js';

/**
 * The highest failure rate, 0 to 1, that these counts leave possible: one-sided 95 %, the upper end of Clopper and
 * Pearson's (1934) interval. Of no failure in n it is `1 - 0.05^(1/n)`: 45 % of 5, 28 % of 9, 10 % of 29.
 */
export function highestRate({failed, passed}: Counts): number {
  const of = failed + passed;
  return of === 0 ? 1 : clopperPearson(failed, of, 0.9).high;
}

/** `0 of 9 failed with the series: a rate above 28 % is excluded` */
export function fixedWords({patched, kernel}: Pick<Comparison, 'patched' | 'kernel'>): string {
  const counts = countsOf(patched);
  const what = kernel === true ? 'printed it' : 'failed';
  return `${of(counts)} ${what} with the series: ${excludedAbove(counts)}`;
}

/** `10/20, then 3/20; still up to 34 %` */
export function lessOftenWords({base, patched}: Pick<Comparison, 'base' | 'patched'>): string {
  const [b, p] = [countsOf(base), countsOf(patched)];
  const short = ({failed, passed}: Counts): string => `${failed}/${failed + passed}`;
  return `${short(b)}, then ${short(p)}; still up to ${percent(highestRate(p))}`;
}

/** What the patched side's counts say of its rate, as a sentence; undefined of a change that claims nothing of the kind. */
export function rateWords(row: Comparison): string | undefined {
  if (row.change === 'fixed') return fixedWords(row);
  return row.change === 'less-often' ? `fails less often (${lessOftenWords(row)})` : undefined;
}

/** Racy tests that never failed on either side, by how often they ran. */
export interface NeverFailed {
  /** `x86_64 clear_refs:race`, in the order of the results. */
  tests: string[];
  /** `0 of 5 and 0 of 5: a rate above 45 % is excluded` */
  words: string;
}

/**
 * Tests with more than one attempt a side of which no result failed in any: each once, however many results it has. The
 * result that ran least often says what is excluded.
 */
export function neverFailed(comparisons: readonly Comparison[]): NeverFailed[] {
  const tests = new Map<string, Comparison[]>();
  for (const row of comparisons) {
    const name = `${row.profile} ${row.suite}:${testOf(row.test)}`;
    tests.set(name, [...(tests.get(name) ?? []), row]);
  }
  const groups = new Map<string, NeverFailed>();
  for (const [name, rows] of tests) {
    const counts = rows.map(({base, patched}) => ({base: countsOf(base), patched: countsOf(patched)}));
    if (counts.some(({base, patched}) => base.failed + patched.failed > 0)) continue;
    const ran = counts.filter(({patched}) => patched.passed > 0).sort((a, b) => a.patched.passed - b.patched.passed);
    const [least] = ran;
    if (least === undefined || least.patched.passed < 2) continue;
    const sides = least.base.passed === 0 ? of(least.patched) : `${of(least.base)} and ${of(least.patched)}`;
    const words = `${sides}: ${excludedAbove(least.patched)}`;
    const group = groups.get(words) ?? {tests: [], words};
    group.tests.push(name);
    groups.set(words, group);
  }
  return [...groups.values()];
}

const MAX_NAMES = 6;

/** A line for each group: `never failed, 0 of 5 and 0 of 5: a rate above 45 % is excluded: x86_64 clear_refs:race` */
export function neverFailedLines(comparisons: readonly Comparison[]): string[] {
  return neverFailed(comparisons).map(({tests, words}) => {
    const more = tests.length - MAX_NAMES;
    const names = [...tests.slice(0, MAX_NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
    return `never failed, ${words}: ${names}`;
  });
}

const of = ({failed, passed}: Counts): string => `${failed} of ${failed + passed}`;
const excludedAbove = (counts: Counts): string => `a rate above ${percent(highestRate(counts))} is excluded`;

/** Whole percents, one digit below one: `28 %`, `0.3 %`. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 0.95 ? value.toFixed(1) : Math.round(value)} %`;
}
