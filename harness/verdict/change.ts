// SPDX-License-Identifier: MIT
import {excess} from './evidence.js';
import {
  comesIn,
  comesWords,
  type Facts,
  failsOf,
  failWords,
  given,
  goneWords,
  lacking,
  newWords,
  onlySkips,
  runs,
  skipWords,
  total,
  UNSURE,
} from './facts.js';
import type {Kind} from './questions.js';
import type {Change} from './results.js';
import type {Counts} from './statistics.js';
import {countsOf} from './tally.js';

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
  /** What further runs could decide; but of an inconclusive one, only when the sides differ. */
  open?: Kind;
  /** What is decided, when not what is open. */
  about?: Kind;
}

const NOT_RUN = 'it was not run';

/** What base's plan promises, and base never gives, is no new result: it failed there. */
const isNew: Rule['when'] = (facts) =>
  given(facts, facts.base) === 0 &&
  given(facts, facts.patched) > 0 &&
  (facts.base.missing === 0 || (facts.base.absent ?? 0) > 0);
/** Also of a test that fails on base: that it is not there any more does not repair it. */
const isGone: Rule['when'] = (facts) => given(facts, facts.base) > 0 && given(facts, facts.patched) === 0;
/** Base itself has it now and then. */
const comesAndGoes = (facts: Facts): boolean => given(facts, facts.base) > 0 && lacking(facts, facts.base) > 0;
/** A failure of the patched side alone is a suspicion, whatever else comes now and then. */
const isSuspect = (b: Counts, p: Counts): boolean => p.failed > 0 && b.failed === 0;
/** One side never passes, and the other fails as well: that it passes there at times does not make it a flaky test. */
const failsThroughout = (b: Counts, p: Counts): boolean =>
  b.failed > 0 && p.failed > 0 && (b.passed === 0 || p.passed === 0);
const oneSideSkips = ({base, patched}: Facts): boolean => patched.skip > 0 !== base.skip > 0;
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
    change: 'still-failing',
    when: (facts, b, p) => oneSideSkips(facts) && failsThroughout(b, p),
    reason: (facts, b, p) => `${failWords(b, p)}; ${skipWords(facts)}`,
    open: 'losses',
  },
  {
    change: 'flaky',
    when: (facts, b, p) => oneSideSkips(facts) && !isSuspect(b, p),
    reason: (facts) => `${skipWords(facts)} only`,
    open: 'losses',
  },
  {
    change: 'still-failing',
    when: (facts, b, p) => comesAndGoes(facts) && failsThroughout(b, p),
    reason: (facts, b, p) => `${failWords(b, p)}; ${comesWords(facts)}`,
    open: 'absences',
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
    change: 'still-failing',
    when: (_, b, p) => failsThroughout(b, p),
    reason: (_, b, p) => failWords(b, p),
    open: 'failures',
  },
  {
    change: 'flaky',
    when: (_, b, p) => b.failed > 0 && (p.failed > 0 || b.passed > 0),
    reason: (_, b, p) => failWords(b, p),
    open: 'failures',
  },
  {
    change: 'inconclusive',
    when: () => true,
    reason: (_, b, p) => `${failWords(b, p)}${UNSURE}`,
    open: 'failures',
  },
];

/** One word for what happened between base and patched. Total: the last rule takes everything. */
export function changeOf(facts: Facts): Changed {
  const [b, p] = [countsOf(facts.base), countsOf(facts.patched)];
  const rule = RULES.find(({when}) => when(facts, b, p));
  if (rule === undefined) return {change: 'inconclusive'};
  const reason = rule.reason?.(facts, b, p) ?? '';
  // One that fails equally often on both sides is what it is; a better one may be fixed, and wants proof as a worse one does.
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
