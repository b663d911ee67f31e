// SPDX-License-Identifier: MIT
import {type Attempt, BOOT_TEST} from '../suite/attempt.js';
import {changeOf, type Facts} from './change.js';
import {complaintsOf, isSplatKey, mendIdentities} from './kernel-keys.js';
import {testOf} from './needs-more.js';
import {isFailing} from './outcome.js';
import {outcomesOf} from './outcome-letters.js';
import type {Comparison} from './results.js';
import {fisherExact} from './statistics.js';
import {countsOf, type Judged, judgeSide, statusIn, tallySide} from './tally.js';

/** Two sides with no difference fall on different sides of this once in twenty times. 4 of 4 against 0 of 4 is 0.029. */
export const DEFAULT_ALPHA = 0.05;

/**
 * Per profile, suite, test and subtest: what base and patched did, and the word for it. In the order of attempts.
 *
 * @param options.single there is no base side by design (`kverdict run`): every attempt counts as the one side. Without
 *   it, a side with no attempts makes everything inconclusive.
 */
export function compareAttempts(
  attempts: readonly Attempt[],
  {alpha = DEFAULT_ALPHA, single = false}: {alpha?: number; single?: boolean} = {},
): Comparison[] {
  return [...groupByTest(attempts).values()]
    .filter(isWorthARow)
    .flatMap((group) => compareTest(mendIdentities(group), single, alpha));
}

/** Boots are compared like tests, and told only when a kernel had something to say. */
function isWorthARow(group: readonly Attempt[]): boolean {
  const isLoud = (one: Attempt): boolean =>
    complaintsOf(one).length > 0 || one.kernel?.problem !== undefined || one.lost !== undefined;
  return group.some((one) => one.test !== BOOT_TEST || isLoud(one));
}

function groupByTest(attempts: readonly Attempt[]): Map<string, Attempt[]> {
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const key = JSON.stringify([attempt.profile, attempt.suite, attempt.test]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [attempt]);
    else group.push(attempt);
  }
  return groups;
}

function compareTest(group: readonly Attempt[], single: boolean, alpha: number): Comparison[] {
  const [first] = group;
  if (first === undefined) return [];
  const base = judgeSide(single ? [] : group.filter(({side}) => side === 'base'));
  const patched = judgeSide(single ? group : group.filter(({side}) => side === 'patched'));
  const keys = new Set([...base, ...patched].flatMap(({outcomes}) => [...outcomes.keys()]));
  const unrun = group.find(({notRun}) => notRun?.blame === 'infra')?.notRun?.reason;
  // Nothing on either side: the test itself still has its row, or it would be forgotten.
  if (keys.size === 0) keys.add(first.test);
  const seconds = secondsOf(patched.length > 0 ? patched : base);
  return [...keys].map((key) => ({
    profile: first.profile,
    suite: first.suite,
    ...compareKey(key, base, patched, {single, alpha, unrun}),
    ...outcomesOf(key, group, [base, patched], single),
    seconds,
  }));
}

interface Setting {
  single: boolean;
  alpha: number;
  /** Why an attempt was not run, when that was our fault. */
  unrun: string | undefined;
}

function compareKey(
  key: string,
  base: readonly Judged[],
  patched: readonly Judged[],
  {single, alpha, unrun}: Setting,
): Omit<Comparison, 'profile' | 'suite'> {
  const facts: Facts = {
    base: tallySide(base, key),
    patched: tallySide(patched, key),
    baseRuns: base.length,
    patchedRuns: patched.length,
    single,
    pValue: null,
    alpha,
  };
  const [b, p] = [countsOf(facts.base), countsOf(facts.patched)];
  if (b.failed + b.passed > 0 && p.failed + p.passed > 0) {
    facts.pValue = fisherExact(b.failed, b.passed, p.failed, p.passed);
  }
  const changed = changeOf(facts);
  const notCounted = base.length === 0 || patched.length === 0 ? unrun : undefined;
  const reason = [changed.reason, notCounted, words(key, patched) ?? words(key, base)].filter(Boolean).join(': ');
  const shown = evidenceOf(key, patched) ?? evidenceOf(key, base);
  return {
    test: key,
    change: changed.change,
    base: facts.base,
    patched: facts.patched,
    pValue: facts.pValue,
    ...(changed.moreRuns === undefined ? {} : {moreRuns: changed.moreRuns}),
    ...(reason === '' ? {} : {reason}),
    ...(isSplatKey(testOf(key), key) ? {kernel: true as const} : {}),
    ...(isDeclaredSkip(key, patched) ? {declaredSkip: true as const} : {}),
    ...(shown === undefined ? {} : {evidence: shown}),
  };
}

/** The first failure's own words, else the first skip's. */
function words(key: string, side: readonly Judged[]): string | undefined {
  const own = side
    .map(({attempt, outcomes}) => outcomes.get(key) ?? outcomes.get(attempt.test))
    .filter((o) => o !== undefined);
  return (own.find(isFailing) ?? own.find(({status}) => status === 'skip' || status === 'xfail'))?.reason;
}

function evidenceOf(key: string, side: readonly Judged[]): Comparison['evidence'] {
  const failing = side.find((one) => {
    const status = statusIn(one, key);
    return status === undefined || !['pass', 'xfail', 'skip'].includes(status);
  });
  if (failing === undefined) return undefined;
  const {attempt, outcomes} = failing;
  return {
    side: attempt.side,
    ...(attempt.log === undefined ? {} : {log: attempt.log}),
    ...(attempt.console === undefined ? {} : {console: attempt.console}),
    ...(attempt.diagnosis === undefined ? {} : {diagnosis: attempt.diagnosis}),
    ...(attempt.memoryDump === undefined ? {} : {memoryDump: attempt.memoryDump}),
    diagnostics: [...((outcomes.get(key) ?? outcomes.get(attempt.test))?.diagnostics ?? [])],
  };
}

function isDeclaredSkip(key: string, side: readonly Judged[]): boolean {
  return (
    side.length > 0 && side.every(({attempt, outcomes}) => (outcomes.get(key) ?? outcomes.get(attempt.test))?.declared)
  );
}

function secondsOf(side: readonly Judged[]): number {
  return Number(side.reduce((sum, {attempt}) => sum + attempt.seconds, 0).toFixed(3));
}
