// SPDX-License-Identifier: MIT
import {type Design, looksUpTo} from './design.js';
import {levelsOf} from './false-discovery.js';
import {type Kind, type Question, questionsOf} from './questions.js';
import {type ExactTest, exactTest, type Stratum} from './statistics.js';
import type {Judged} from './tally.js';

/** What the attempts prove about one question: does it happen more often on one side? */
export interface Evidence {
  /** Of the look that claimed it, else of the last one; null where a side had no attempt. */
  p: number | null;
  /**
   * The smallest alpha of the run at which that same look claims it: claimed when at most the run's own. Never below
   * `p`, and at most 1.
   */
  adjusted: number;
  /** First look's word, and it stands: more often on the patched side, or less. */
  claim?: 'more' | 'less';
  /** What the look that claimed it had seen. */
  claimed?: readonly Stratum[];
  /** Of all attempts. */
  strata: readonly Stratum[];
}

/** One test with both its sides. */
export interface Pair {
  base: readonly Judged[];
  patched: readonly Judged[];
  keys: readonly string[];
}

/** A new one each time: looks fill it in. */
const unasked = (): Evidence => ({p: null, adjusted: 1, strata: []});

/** Of a key on whose two sides nothing was asked yet. */
export const NO_EVIDENCE: Readonly<Record<Kind, Evidence>> = {
  failures: unasked(),
  losses: unasked(),
  absences: unasked(),
};

/** Evidence by pair, then by key. */
export type Weighed = ReadonlyMap<Pair, ReadonlyMap<string, Readonly<Record<Kind, Evidence>>>>;

/** A question with what has become of it; a simulation brings its own. */
export interface Open {
  strata: readonly Stratum[];
  /** Those that agree in every attempt are one: they stand or fall together. Absent: like no other. */
  pattern?: string;
  evidence: Evidence;
}

/**
 * Replays every look of the design, from the attempts alone. What is claimed at a look is left out of later ones, and
 * stays claimed: attempts that come after it cannot take it back.
 */
export function weigh(pairs: readonly Pair[], {alpha, maxRepeats}: Design): Weighed {
  const done = Math.max(0, ...pairs.flatMap(({base, patched}) => [...base, ...patched].map(repeatOf)));
  const alike = pairs.map(sameAnswers);
  const open = new Map<string, Open>();
  for (const {repeats, share} of looksUpTo(done, maxRepeats)) {
    const asked: Open[] = [];
    for (const [index, pair] of pairs.entries()) {
      const keys = [...new Set(alike[index]?.values())];
      for (const question of questionsUpTo({...pair, keys}, repeats)) {
        const id = JSON.stringify([index, question.kind, question.key]);
        const evidence = open.get(id)?.evidence ?? unasked();
        const one = {...question, pattern: `${index} ${question.pattern}`, evidence};
        open.set(id, one);
        asked.push(one);
      }
    }
    look(asked, share, alpha);
  }
  return new Map(
    pairs.map((pair, index) => {
      const of = (key: string, kind: Kind): Evidence =>
        open.get(JSON.stringify([index, kind, alike[index]?.get(key)]))?.evidence ?? unasked();
      const all = (key: string) => ({
        ...{failures: of(key, 'failures'), losses: of(key, 'losses'), absences: of(key, 'absences')},
      });
      return [pair, new Map(pair.keys.map((key) => [key, all(key)]))];
    }),
  );
}

/**
 * By key, the first one that answers everything alike in every attempt: they stand or fall together at every look, so one
 * of them is asked for all. A test may have tens of thousands of results, and seldom more than some hundred answers.
 */
function sameAnswers({base, patched, keys}: Pair): ReadonlyMap<string, string> {
  const firsts = new Map<string, string>();
  const alike = new Map<string, string>();
  for (const key of keys) {
    const answers = questionsOf(key, base, patched).map(({pattern}) => pattern);
    const id = answers.join(' ');
    const first = firsts.get(id) ?? key;
    firsts.set(id, first);
    alike.set(key, first);
  }
  return alike;
}

/**
 * One look at everything that is open. Fills in the evidence; `share` of alpha may be spent.
 *
 * @param highest p above which nobody wants to know by how much it is missed
 */
export function look(questions: readonly Open[], share: number, alpha: number, highest = 1): void {
  const groups: {test: ExactTest; same: Open[]}[] = [];
  const distinct = new Map<string, Open[]>();
  for (const one of questions) {
    const {evidence, strata, pattern} = one;
    evidence.strata = strata;
    // Settled: p stays beside the adjusted one that it belongs to.
    if (evidence.claim !== undefined) continue;
    const test = exactTest(strata);
    evidence.p = hasBothSides(strata) ? test.p : null;
    evidence.adjusted = 1;
    // Nothing that could ever be significant.
    if (test.attainable.length < 2) continue;
    const known = pattern === undefined ? undefined : distinct.get(pattern);
    if (known !== undefined) known.push(one);
    else {
      const same = [one];
      groups.push({test, same});
      if (pattern !== undefined) distinct.set(pattern, same);
    }
  }
  const tests = groups.map(({test}) => test);
  for (const [index, level] of levelsOf(tests, highest).entries()) {
    for (const {evidence, strata} of groups[index]?.same ?? []) {
      evidence.adjusted = Math.min(1, level / share);
      if (level > share * alpha * (1 + 1e-9)) continue;
      evidence.claim = excess(strata) > 0 ? 'more' : 'less';
      evidence.claimed = strata;
    }
  }
}

/** Failures of the patched side beyond what would be its part of them all. */
export function excess(strata: readonly Stratum[]): number {
  return strata.reduce((sum, {base, patched}) => {
    const [b, p] = [base.failed + base.passed, patched.failed + patched.passed];
    return b + p === 0 ? sum : sum + patched.failed - ((base.failed + patched.failed) * p) / (b + p);
  }, 0);
}

const repeatOf = ({attempt}: Judged): number => attempt.repeat ?? 0;

function questionsUpTo({base, patched, keys}: Pair, repeats: number): Question[] {
  const seen = (side: readonly Judged[]): Judged[] => side.filter((one) => repeatOf(one) <= repeats);
  const [b, p] = [seen(base), seen(patched)];
  return keys.flatMap((key) => questionsOf(key, b, p));
}

/** Attempts a side that had a word on the question. */
export function runsOf(strata: readonly Stratum[]): {base: number; patched: number} {
  const of = (side: keyof Stratum): number => strata.reduce((sum, one) => sum + one[side].failed + one[side].passed, 0);
  return {base: of('base'), patched: of('patched')};
}

function hasBothSides(strata: readonly Stratum[]): boolean {
  const {base, patched} = runsOf(strata);
  return base > 0 && patched > 0;
}

/** Attempts of the look that decided; undefined: it was the last one, and saw them all. */
export function decidedAfter({claimed, strata}: Evidence): {base: number; patched: number} | undefined {
  if (claimed === undefined) return undefined;
  const [then, now] = [runsOf(claimed), runsOf(strata)];
  return then.base < now.base || then.patched < now.patched ? then : undefined;
}
