// SPDX-License-Identifier: MIT
import {cameWords} from '../harness/verdict/came.js';
import type {Change, Comparison, Tally} from '../harness/verdict/results.js';

/** What a comparison is to a program that only knows passed, failed and skipped. */
export type Standing = 'pass' | 'fail' | 'error' | 'skip' | 'known';

/**
 * `known` is a failure that base has as well: formats have a word for an expected failure, and a report that turns red
 * on it would contradict the verdict.
 */
const STANDING: Readonly<Record<Change, Standing>> = {
  unchanged: 'pass',
  fixed: 'pass',
  new: 'pass',
  regressed: 'fail',
  gone: 'fail',
  'skip-regressed': 'fail',
  inconclusive: 'error',
  'less-often': 'known',
  'still-failing': 'known',
  flaky: 'known',
};

export function standingOf({change, patched}: Comparison): Standing {
  const failed = failures(patched);
  if (change === 'new' && failed > 0) return 'fail';
  if ((change === 'unchanged' || change === 'new') && patched.skip > 0 && patched.pass === 0) return 'skip';
  return STANDING[change];
}

export function failures({fail, timeout, crash, missing}: Tally): number {
  return fail + timeout + crash + missing;
}

/** `2/4 failed (1 crash)`, `skipped`, `4 passed`, `3 passed, came in 3 of 5`, `-`: one side, in few words. */
export function tallyWords(tally: Tally): string {
  return [statusWords(tally), cameWords(tally)].filter(Boolean).join(', ');
}

function statusWords(tally: Tally): string {
  const failed = failures(tally);
  const ran = failed + tally.pass;
  if (ran === 0) return tally.skip > 0 ? 'skipped' : '-';
  if (failed === 0) return `${tally.pass} passed`;
  const kinds = (['timeout', 'crash', 'missing'] as const).filter((kind) => tally[kind] > 0);
  const which = kinds.map((kind) => `${tally[kind]} ${kind}`).join(', ');
  return `${failed}/${ran} failed${which === '' ? '' : ` (${which})`}`;
}

/** Comparisons by profile and suite, in their order. */
export function bySuite(comparisons: readonly Comparison[]): {profile: string; suite: string; rows: Comparison[]}[] {
  const groups = new Map<string, {profile: string; suite: string; rows: Comparison[]}>();
  for (const one of comparisons) {
    const key = JSON.stringify([one.profile, one.suite]);
    const group = groups.get(key) ?? {profile: one.profile, suite: one.suite, rows: []};
    group.rows.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}
