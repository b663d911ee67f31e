// SPDX-License-Identifier: MIT
import type {Attempt} from '../suite/attempt.js';
import {changeOf, type Facts} from './change.js';
import {type Design, FIXED} from './design.js';
import {type Evidence, type Kind, type Pair, weigh} from './evidence.js';
import {isFailing} from './outcome.js';
import {moreRunsToDecide} from './promise.js';
import type {Comparison} from './results.js';
import {type Judged, judgeSide, statusIn, tallySide} from './tally.js';

/**
 * Per profile, suite, test and subtest: what base and patched did, and the word for it. In the order of attempts.
 *
 * @param options.design how the attempts came about; without it, all were to be made whatever they would show
 * @param options.single there is no base side by design (`kverdict run`): every attempt counts as the one side. Without
 *   it, a side with no attempts makes everything inconclusive.
 * @param options.promises say how many more runs would decide: the one part of it that takes time
 */
export function compareAttempts(
  attempts: readonly Attempt[],
  {design = FIXED, single = false, promises = true}: {design?: Design; single?: boolean; promises?: boolean} = {},
): Comparison[] {
  const tests = [...groupByTest(attempts).values()].flatMap((group) => pairOf(group, single) ?? []);
  const weighed = weigh(tests, design);
  const changed = tests.map((pair) => {
    const evidence = weighed.get(pair) ?? new Map();
    return pair.keys.map((key) => changeOfKey(key, pair, evidence.get(key) ?? NONE));
  });
  const rivals = changed.filter((keys) => keys.some(({open}) => open !== undefined)).length;
  return tests.flatMap((pair, index) =>
    (changed[index] ?? []).map((one) => {
      const {key, open, strata} = one;
      const more = open === undefined || !promises ? undefined : moreRunsToDecide(strata, {...design, rivals});
      return {
        ...{profile: pair.profile, suite: pair.suite, test: key},
        ...{change: one.change, base: one.facts.base, patched: one.facts.patched},
        ...{pValue: one.evidence.p, adjusted: Math.min(1, one.evidence.adjusted)},
        ...(open === undefined ? {} : {open: true as const}),
        ...(more === undefined ? {} : {moreRuns: more}),
        ...shownOf(key, pair, one.reason),
        seconds: secondsOf(pair.patched.length > 0 ? pair.patched : pair.base),
      };
    }),
  );
}

/** Without attempts on a side nothing is asked. */
const NONE: Readonly<Record<Kind, Evidence>> = {
  failures: {p: null, adjusted: 1, strata: []},
  losses: {p: null, adjusted: 1, strata: []},
};

interface ComparedTest extends Pair {
  profile: string;
  suite: string;
  single: boolean;
  /** Why an attempt was not run, when that was our fault. */
  unrun: string | undefined;
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

function pairOf(group: readonly Attempt[], single: boolean): ComparedTest | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const base = judgeSide(single ? [] : group.filter(({side}) => side === 'base'));
  const patched = judgeSide(single ? group : group.filter(({side}) => side === 'patched'));
  const keys = new Set([...base, ...patched].flatMap(({outcomes}) => [...outcomes.keys()]));
  const unrun = group.find(({notRun}) => notRun?.blame === 'infra')?.notRun?.reason;
  // Nothing on either side: the test itself still has its row, or it would be forgotten.
  if (keys.size === 0) keys.add(first.test);
  return {profile: first.profile, suite: first.suite, single, unrun, base, patched, keys: [...keys]};
}

function changeOfKey(key: string, {base, patched, single}: ComparedTest, evidence: typeof NONE) {
  const facts: Facts = {
    ...{base: tallySide(base, key), patched: tallySide(patched, key)},
    ...{baseRuns: base.length, patchedRuns: patched.length, single},
    ...evidence,
  };
  const changed = changeOf(facts);
  // What the word was said about: the stronger of the two.
  const lost = evidence.losses.adjusted < evidence.failures.adjusted || changed.open === 'losses';
  const shown = lost ? evidence.losses : evidence.failures;
  return {...changed, key, facts, evidence: shown, strata: shown.strata};
}

function shownOf(
  key: string,
  {base, patched, unrun}: ComparedTest,
  said: string | undefined,
): Pick<Comparison, 'reason' | 'declaredSkip' | 'evidence'> {
  const notCounted = base.length === 0 || patched.length === 0 ? unrun : undefined;
  const reason = [said, notCounted, words(key, patched) ?? words(key, base)].filter(Boolean).join(': ');
  const shown = evidenceOf(key, patched) ?? evidenceOf(key, base);
  return {
    ...(reason === '' ? {} : {reason}),
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
