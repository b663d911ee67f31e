// SPDX-License-Identifier: MIT
/**
 * The selftests of the series run on both kernels, so that a test can prove the fix it comes with; what the series does
 * to the selftests themselves is not seen that way. Therefore base's own selftests run once on the base kernel, where
 * the programs differ, and this file holds the comparison against them.
 */
import type {Status} from '../ktap/result.js';
import type {Attempt} from '../suite/attempt.js';
import type {Change, Comparison} from './results.js';
import {underTheirNames} from './same-names.js';
import {countsOf, emptyTally, type Judged, judgeSide, statusIn, tallySide} from './tally.js';

interface Correction {
  change: Change;
  reason: string;
}

/**
 * Outside the statistics, and after them: which tests there are, and that one of them passed with other programs on the
 * very same kernel, is no matter of chance between two kernels, so no share of alpha is spent on it and nothing is
 * repeated for it. It can only make a word worse. What one lucky pass of base's own can do wrong is told to a person, who
 * sees both programs' logs.
 *
 * @param comparisons of the selftests that run on both kernels
 * @param own attempts of base's own selftests on the base kernel
 * @param attempts those that were compared: which of their names are one is found out from them
 */
export function withOwnSelftests(
  comparisons: readonly Comparison[],
  own: readonly Attempt[],
  attempts: readonly Attempt[],
): Comparison[] {
  const judged = judgeSide(underTheirNames(own, attempts));
  // Where our host did not run one of them, that it gave nothing is no fact about base.
  const unrun = new Set(own.filter(({notRun}) => notRun?.blame === 'infra').map(suiteOf));
  const covered = new Set(judged.map(({attempt}) => suiteOf(attempt)).filter((suite) => !unrun.has(suite)));
  const known = new Set(comparisons.map((one) => keyOf(one, one.test)));
  const corrected = comparisons.map((one) => (covered.has(suiteOf(one)) ? correct(one, judged) : one));
  const tests = new Set(comparisons.map((one) => keyOf(one, one.test.split('/', 1)[0] ?? '')));
  const gone = judged.flatMap(({attempt, outcomes}) => {
    // What base's own tests promised and did not give was theirs to repair.
    const given = [...outcomes.values()].filter(({status}) => status !== 'missing').map(({key}) => key);
    // The row of a whole test is there when it had something to say; what counts is that the test is.
    const subtests = given.filter((key) => key !== attempt.test);
    const keys = tests.has(keyOf(attempt, attempt.test)) ? subtests : [...subtests, attempt.test];
    return keys.filter((key) => !known.has(keyOf(attempt, key))).map((key) => goneRow(attempt, key, judged));
  });
  return [...corrected, ...gone];
}

function correct(one: Comparison, judged: readonly Judged[]): Comparison {
  const own = judged.find(
    ({attempt, outcomes}) =>
      suiteOf(attempt) === suiteOf(one) &&
      (outcomes.has(one.test) || one.test === attempt.test || isBelow(one.test, attempt.test)),
  );
  const correction = correctionOf(one, own === undefined ? undefined : statusIn(own, one.test));
  if (correction === undefined) return one;
  const reason = [correction.reason, one.reason].filter(Boolean).join(': ');
  const {open: _, advice: __, ...decided} = one;
  return {...decided, change: correction.change, reason};
}

/** @param own how it ended with base's own selftests; undefined: they do not have it */
function correctionOf({base, patched}: Comparison, own: Status | undefined): Correction | undefined {
  const [b, p] = [countsOf(base), countsOf(patched)];
  if (b.failed > 0 && p.failed > 0 && b.passed === 0 && p.passed === 0) {
    if (own === 'pass' || own === 'xfail') {
      return {change: 'regressed', reason: "passes with base's own selftests, fails with those of the series"};
    }
    if (own === undefined || own === 'skip') {
      const what = own === undefined ? 'do not have it' : 'skip it';
      return {change: 'new', reason: `base's own selftests ${what}, and it fails on both kernels`};
    }
  }
  const onlySkips = [base, patched].every(
    (tally) => tally.skip > 0 && countsOf(tally).failed + countsOf(tally).passed === 0,
  );
  if (onlySkips && own === 'pass') {
    return {change: 'skip-regressed', reason: "passes with base's own selftests, skipped by those of the series"};
  }
  return undefined;
}

function goneRow({profile, suite, log, console}: Attempt, key: string, judged: readonly Judged[]): Comparison {
  const here = judged.filter(({attempt, outcomes}) => {
    return attempt.profile === profile && attempt.suite === suite && (outcomes.has(key) || attempt.test === key);
  });
  return {
    ...{profile, suite, test: key, change: 'gone', pValue: null, adjusted: 1, patched: emptyTally()},
    base: here.some(({outcomes}) => outcomes.has(key)) ? tallySide(here, key) : {...emptyTally(), pass: 1},
    reason: "base's own selftests have it, those of the series do not",
    evidence: {
      side: 'base',
      diagnostics: [],
      ...(log === undefined ? {} : {log}),
      ...(console === undefined ? {} : {console}),
    },
  };
}

const isBelow = (key: string, test: string): boolean => key.startsWith(`${test}/`);
const suiteOf = ({profile, suite}: {profile: string; suite: string}): string => JSON.stringify([profile, suite]);
const keyOf = ({profile, suite}: {profile: string; suite: string}, key: string): string =>
  JSON.stringify([profile, suite, key]);
