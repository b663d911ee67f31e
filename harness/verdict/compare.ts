// SPDX-License-Identifier: MIT
import {type Attempt, BOOT_TEST} from '../suite/attempt.js';
import {changeOf} from './change.js';
import {type ChangingName, type Named, nameAlike} from './changing-names.js';
import {type Design, FIXED} from './design.js';
import {decidedAfter, NO_EVIDENCE, type Pair, weigh} from './evidence.js';
import type {Facts} from './facts.js';
import {complaintsOf, isSplatKey, mendIdentities} from './kernel-keys.js';
import {testOf} from './needs-more.js';
import {withoutComparing} from './not-compared.js';
import {isFailing} from './outcome.js';
import {outcomesOf} from './outcome-letters.js';
import {type OwnNames, ownNames, selects} from './own-names.js';
import {adviceFor} from './promise.js';
import type {Kind} from './questions.js';
import {withBaseNames} from './renamed.js';
import type {Comparison} from './results.js';
import {nameStandIns} from './stand-ins.js';
import {isPromiseOnly, type Judged, judgeSide, statusIn, tallySide} from './tally.js';
import {Turns} from './unlisted.js';

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
  const turns = new Turns(attempts);
  const groups = [...groupByTest(attempts).values()].filter(isWorthARow);
  const tests = groups.flatMap((group) => pairOf(nameAlike(nameStandIns(mendIdentities(group))), turns, single) ?? []);
  const weighed = weigh(tests, design);
  const changed = tests.map((pair) => {
    const evidence = weighed.get(pair) ?? new Map();
    return pair.keys.map((key) => changeOfKey(key, pair, evidence.get(key) ?? NO_EVIDENCE));
  });
  const rivals = changed.filter((keys) => keys.some(({open}) => open !== undefined)).length;
  return tests.flatMap((pair, index) => {
    const {profile, suite, group, base, patched} = pair;
    const seconds = secondsOf(ran(patched).length > 0 ? patched : base);
    return (changed[index] ?? []).map(({key, change, open, about, reason, facts, evidence}) => {
      const advice =
        open === undefined || !promises ? undefined : adviceFor(evidence.strata, firstOf(pair), design, rivals);
      const after = decidedAfter(evidence);
      return {
        ...{profile, suite, test: key, change, base: facts.base, patched: facts.patched},
        ...{pValue: evidence.p, adjusted: evidence.adjusted},
        ...(about === undefined || about === 'failures' ? {} : {asked: about}),
        ...(after === undefined ? {} : {decidedAfter: after}),
        ...(open === undefined ? {} : {open: true as const}),
        ...(advice === undefined ? {} : {advice}),
        ...shownOf(key, pair, reason),
        ...nameOf(key, pair),
        ...outcomesOf(key, group, [base, patched], single),
        seconds,
      };
    });
  });
}

interface ComparedTest extends Pair {
  profile: string;
  suite: string;
  group: readonly Attempt[];
  changing: Named['changing'];
  own: OwnNames;
  single: boolean;
  /** Why an attempt was not run, when that was our fault. */
  unrun: string | undefined;
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

function pairOf({attempts: group, changing}: Named, turns: Turns, single: boolean): ComparedTest | undefined {
  const [first] = group;
  if (first === undefined) return undefined;
  const sideOf = (side: Attempt['side']): Judged[] => {
    if (single) return side === 'base' ? [] : judgeSide(group);
    const own = group.filter((one) => one.side === side);
    return own.length > 0 ? judgeSide(own) : turns.unlisted(group, side);
  };
  const base = sideOf('base');
  const patched = withBaseNames(base, sideOf('patched'));
  const keys = new Set([...base, ...patched].flatMap(({outcomes}) => [...outcomes.keys()]));
  const unrun = group.find(({notRun}) => notRun?.blame === 'infra')?.notRun?.reason;
  // Nothing on either side: the test itself still has its row, or it would be forgotten.
  if (keys.size === 0) keys.add(first.test);
  const {profile, suite} = first;
  const own = ownNames(group, changing);
  return {profile, suite, group, changing, own, single, unrun, base, patched, keys: [...keys]};
}

function changeOfKey(key: string, pair: ComparedTest, all: typeof NO_EVIDENCE) {
  const {base, patched, single} = pair;
  const facts: Facts = {
    ...{base: tallySide(base, key), patched: tallySide(patched, key)},
    ...{baseRuns: base.length, patchedRuns: patched.length, single},
    ...{unlisted: [...base, ...patched].some(({unlisted}) => unlisted)},
    promiseOnly: isPromiseOnly(base, patched, key),
    ...all,
  };
  const changed = changingOf(key, pair)?.folded === false ? withoutComparing(facts) : changeOf(facts);
  return {...changed, key, facts, evidence: all[changed.about ?? strongest(all)]};
}

/** What the word was said about. */
function strongest(all: typeof NO_EVIDENCE): Kind {
  const kinds = ['failures', 'losses', 'absences'] as const;
  return kinds.reduce((best, kind) => (all[kind].adjusted < all[best].adjusted ? kind : best));
}

function changingOf(key: string, {changing, group}: ComparedTest): ChangingName | undefined {
  const prefix = `${group[0]?.test}/`;
  return key.startsWith(prefix) ? changing.get(key.slice(prefix.length)) : undefined;
}

/** What is not as the test said it: a number that nobody gave a name, and names that change. */
function nameOf(key: string, pair: ComparedTest): Pick<Comparison, 'unnamed' | 'selects' | 'changingName'> {
  const changingName = changingOf(key, pair);
  const isNamed = ({outcomes}: Judged): boolean => outcomes.has(key) && outcomes.get(key)?.promised === undefined;
  const isPromised =
    isPromiseOnly(pair.base, pair.patched, key) && !pair.base.some(isNamed) && !pair.patched.some(isNamed);
  const wanted = selects(key, pair.own);
  return {
    ...(isPromised || changingName !== undefined ? {unnamed: true as const} : {}),
    ...(wanted === undefined ? {} : {selects: wanted}),
    ...(changingName === undefined ? {} : {changingName}),
  };
}

/** First attempts a side. */
const firstOf = ({base, patched}: Pair): number =>
  Math.max(...[base, patched].map((side) => side.filter(({attempt}) => attempt.repeat === undefined).length));

/** Without those that only stand for an attempt. */
const ran = (side: readonly Judged[]): Judged[] => side.filter(({unlisted}) => !unlisted);

function shownOf(
  key: string,
  {base, patched, unrun}: ComparedTest,
  said: string | undefined,
): Pick<Comparison, 'reason' | 'kernel' | 'declaredSkip' | 'evidence'> {
  const notCounted = base.length === 0 || patched.length === 0 ? unrun : undefined;
  const reason = [said, notCounted, words(key, patched) ?? words(key, base)].filter(Boolean).join(': ');
  const shown = evidenceOf(key, ran(patched)) ?? evidenceOf(key, ran(base));
  return {
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
