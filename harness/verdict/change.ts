// SPDX-License-Identifier: MIT
import {type Evidence, excess} from './evidence.js';
import type {Kind} from './questions.js';
import type {Change, Tally} from './results.js';
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

export interface Changed {
  change: Change;
  /** Beside the failure's own words; absent where the word says all. */
  reason?: string;
  /** What further runs could decide. */
  open?: Kind;
  /** What was decided, where it is not the failures. */
  about?: Kind;
}

interface Rule {
  change: Change;
  when(facts: Facts, b: Counts, p: Counts): boolean;
  reason?(facts: Facts, b: Counts, p: Counts): string;
  /** What further runs could decide; of a flaky one, only when the sides differ. */
  open?: Kind;
  /** What is decided, when not what is open. */
  about?: Kind;
}

const runs = ({failed, passed}: Counts): number => failed + passed;
const total = ({pass, fail, skip, timeout, crash, missing}: Tally): number =>
  pass + fail + skip + timeout + crash + missing;
/** Attempts that gave it. */
const given = ({promiseOnly}: Facts, tally: Tally): number => total(tally) - (promiseOnly ? 0 : tally.missing);
/** Attempts that ran to their end without it. */
const lacking = ({promiseOnly}: Facts, {absent = 0, missing}: Tally): number => absent + (promiseOnly ? 0 : missing);
const onlySkips = (tally: Tally): boolean => tally.skip > 0 && runs(countsOf(tally)) === 0;
const failsOf = ({failed, passed}: Counts): string => `${failed} of ${failed + passed}`;
const comesIn = (facts: Facts, tally: Tally): string => {
  const came = given(facts, tally);
  return `${came} of ${came + lacking(facts, tally)}`;
};
const comesWords = (facts: Facts): string =>
  `comes in ${comesIn(facts, facts.base)} attempts on base, ${comesIn(facts, facts.patched)} patched`;
const NOT_RUN = 'it was not run';
const UNSURE = ': too few attempts to tell';

/** What base's plan promises, and base never gives, is no new result: it failed there. */
const isNew: Rule['when'] = (facts) =>
  given(facts, facts.base) === 0 &&
  given(facts, facts.patched) > 0 &&
  (facts.base.missing === 0 || (facts.base.absent ?? 0) > 0);
/** Also of a test that fails on base: that it is not there any more does not repair it. */
const isGone: Rule['when'] = (facts) => given(facts, facts.base) > 0 && given(facts, facts.patched) === 0;
const goneWords = (facts: Facts): string => {
  if (facts.unlisted && total(facts.patched) === 0) return 'only the guests of base list it';
  return facts.promiseOnly
    ? "base's plan has it, that of the patched side does not"
    : 'base gives a result, the patched side none';
};
const newWords = (facts: Facts, p: Counts): string => {
  const often = lacking(facts, facts.patched) > 0 ? `, in ${comesIn(facts, facts.patched)} attempts` : '';
  return `only the patched side has it${often}${p.failed > 0 ? `, and it fails in ${failsOf(p)}` : ''}`;
};
/** Base itself has it now and then. */
const comesAndGoes = (facts: Facts): boolean => given(facts, facts.base) > 0 && lacking(facts, facts.base) > 0;
/** A failure of the patched side alone is a suspicion, whatever else comes now and then. */
const isSuspect = (b: Counts, p: Counts): boolean => p.failed > 0 && b.failed === 0;
const startsToRun: Rule['when'] = ({base}, _, p) => onlySkips(base) && runs(p) > 0;
const stopsToRun: Rule['when'] = ({base, patched}) => base.pass > 0 && base.skip === 0 && onlySkips(patched);

/**
 * First match wins: what cannot be compared, then presence, then skips, then rates. Whatever is bad must be proven by
 * enough attempts, a lost result like a failure; until then it is `inconclusive`. docs/verdicts.md says why.
 */
export const RULES: readonly Rule[] = [
  {
    change: 'inconclusive',
    when: ({single, patchedRuns}) => single && patchedRuns === 0,
    reason: () => NOT_RUN,
  },
  {
    change: 'flaky',
    when: (facts, _, p) => facts.single && p.failed === 0 && lacking(facts, facts.patched) > 0,
    reason: (facts) => `comes in ${comesIn(facts, facts.patched)} attempts`,
    about: 'absences',
  },
  {
    change: 'new',
    when: ({single}) => single,
    reason: (_, __, p) => (p.failed > 0 ? `fails in ${failsOf(p)}; there is no base to compare with` : ''),
  },
  {
    change: 'inconclusive',
    when: ({baseRuns, patchedRuns}) => baseRuns === 0 || patchedRuns === 0,
    reason: ({baseRuns}) => `no attempt counts on ${baseRuns === 0 ? 'base' : 'the patched side'}`,
  },
  {
    change: 'new',
    when: (facts, b, p) => isNew(facts, b, p) && (p.failed === 0 || facts.absences.claim === 'less'),
    reason: (facts, _, p) => newWords(facts, p),
  },
  {change: 'inconclusive', when: isNew, reason: (facts, _, p) => `${newWords(facts, p)}${UNSURE}`, open: 'absences'},
  {
    change: 'gone',
    when: (facts, b, p) => isGone(facts, b, p) && facts.absences.claim === 'more',
    reason: goneWords,
  },
  {
    change: 'flaky',
    when: (facts, b, p) => isGone(facts, b, p) && comesAndGoes(facts),
    reason: comesWords,
    open: 'absences',
  },
  {
    change: 'inconclusive',
    when: isGone,
    reason: (facts) => `${goneWords(facts)}${UNSURE}`,
    open: 'absences',
  },
  {
    change: 'regressed',
    when: ({absences}) => absences.claim === 'more',
    reason: (facts) => `comes less often: ${comesWords(facts)}`,
    about: 'absences',
  },
  {
    change: 'fixed',
    when: (facts, _, p) => facts.absences.claim === 'less' && comesAndGoes(facts) && p.passed > 0 && p.failed === 0,
    reason: (facts) => `comes more often: ${comesWords(facts)}`,
    about: 'absences',
  },
  {
    change: 'inconclusive',
    when: (facts) =>
      lacking(facts, facts.base) === 0 &&
      lacking(facts, facts.patched) > 0 &&
      facts.failures.claim !== 'more' &&
      facts.losses.claim !== 'more',
    reason: (facts) => `${comesWords(facts)}${UNSURE}`,
    open: 'absences',
  },
  {
    change: 'unchanged',
    when: ({base, patched}) => onlySkips(base) && onlySkips(patched),
    reason: () => 'skipped on both sides',
  },
  {
    change: 'new',
    when: (facts, b, p) => startsToRun(facts, b, p) && (p.failed === 0 || facts.losses.claim === 'less'),
    reason: (_, __, p) =>
      `skipped on base${p.failed > 0 ? `, and it fails in ${failsOf(p)} patched attempts` : ', runs on the patched side'}`,
  },
  {
    change: 'inconclusive',
    when: startsToRun,
    reason: (_, __, p) => `skipped on base, and it fails in ${failsOf(p)} patched attempts${UNSURE}`,
    open: 'losses',
  },
  {
    change: 'skip-regressed',
    when: ({base, patched, losses}) => base.pass > 0 && patched.skip > 0 && losses.claim === 'more',
    reason: ({base, patched}) =>
      onlySkips(patched) && base.skip === 0
        ? 'base passes, the patched side skips'
        : `skipped in ${patched.skip} of ${total(patched)} patched attempts, ${base.skip} of ${total(base)} on base`,
  },
  {
    change: 'inconclusive',
    when: stopsToRun,
    reason: () => `base passes, the patched side skips${UNSURE}`,
    open: 'losses',
  },
  {
    change: 'inconclusive',
    when: ({base, patched}, b) => b.failed > 0 && base.pass === 0 && onlySkips(patched),
    reason: () => 'base fails, the patched side skips: nothing shows that it is fixed',
  },
  {
    change: 'inconclusive',
    when: ({base, patched}) => base.pass > 0 && base.skip > 0 && onlySkips(patched),
    reason: ({base}) =>
      `base passes in ${base.pass} and skips in ${base.skip} attempts, the patched side only skips${UNSURE}`,
    open: 'losses',
  },
  {change: 'regressed', when: ({failures}) => failures.claim === 'more'},
  {change: 'fixed', when: ({failures}, _, p) => failures.claim === 'less' && p.failed === 0},
  {change: 'less-often', when: ({failures}) => failures.claim === 'less'},
  {
    change: 'flaky',
    when: ({base, patched}, b, p) => patched.skip > 0 !== base.skip > 0 && !isSuspect(b, p),
    reason: ({base, patched}) => `skipped in ${base.skip} base and ${patched.skip} patched attempts only`,
    open: 'losses',
  },
  {
    change: 'flaky',
    when: (facts, b, p) => comesAndGoes(facts) && !isSuspect(b, p),
    reason: comesWords,
    open: 'absences',
  },
  {change: 'unchanged', when: (_, b, p) => b.failed === 0 && p.failed === 0},
  {change: 'still-failing', when: (_, b, p) => b.passed === 0 && p.passed === 0},
  {
    change: 'flaky',
    when: (_, b, p) => b.failed > 0 && (p.failed > 0 || b.passed > 0),
    reason: (_, b, p) => `fails in ${failsOf(b)} on base, ${failsOf(p)} patched`,
    open: 'failures',
  },
  {
    change: 'inconclusive',
    when: () => true,
    reason: (_, b, p) => `fails in ${failsOf(b)} on base, ${failsOf(p)} patched${UNSURE}`,
    open: 'failures',
  },
];

/** One word for what happened between base and patched. Total: the last rule takes everything. */
export function changeOf(facts: Facts): Changed {
  const [b, p] = [countsOf(facts.base), countsOf(facts.patched)];
  const rule = RULES.find(({when}) => when(facts, b, p));
  if (rule === undefined) return {change: 'inconclusive'};
  const reason = rule.reason?.(facts, b, p) ?? '';
  // One that flakes equally often on both sides is what it is; a better one may be fixed, and wants proof as a worse one does.
  const open =
    rule.open !== undefined && (rule.change === 'inconclusive' || excess(facts[rule.open].strata) !== 0)
      ? rule.open
      : undefined;
  return {
    change: rule.change,
    ...(reason === '' ? {} : {reason}),
    ...(open === undefined ? {} : {open}),
    ...((rule.about ?? rule.open) === undefined ? {} : {about: rule.about ?? rule.open}),
  };
}
