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
  /** There is no base side at all (`kverdict run`). */
  single: boolean;
}

export interface Changed {
  change: Change;
  /** Beside the failure's own words; absent where the word says all. */
  reason?: string;
  /** What further runs could decide. */
  open?: Kind;
}

interface Rule {
  change: Change;
  when(facts: Facts, b: Counts, p: Counts): boolean;
  reason?(facts: Facts, b: Counts, p: Counts): string;
  /** What further runs could decide; of a flaky one, only when the sides differ. */
  open?: Kind;
}

const runs = ({failed, passed}: Counts): number => failed + passed;
const total = ({pass, fail, skip, timeout, crash, missing}: Tally): number =>
  pass + fail + skip + timeout + crash + missing;
const empty = (tally: Tally): boolean => total(tally) === 0;
const onlySkips = (tally: Tally): boolean => tally.skip > 0 && runs(countsOf(tally)) === 0;
const onlyMissing = (tally: Tally): boolean => tally.missing > 0 && tally.missing === total(tally);
const failsOf = ({failed, passed}: Counts): string => `${failed} of ${failed + passed}`;
const UNSURE = ': too few attempts to tell';

const isNew: Rule['when'] = ({base, patched}) => empty(base) && !empty(patched);
/** Also of a test that fails on base: that it is not there any more does not repair it. */
const isGone: Rule['when'] = ({base, patched}, b) =>
  empty(patched) ? !empty(base) : (base.pass > 0 || base.skip > 0) && b.failed === 0 && onlyMissing(patched);
const goneWords = ({patched, unlisted}: Facts): string =>
  unlisted && empty(patched) ? 'only the guests of base list it' : 'base gives a result, the patched side none';
const startsToRun: Rule['when'] = ({base}, _, p) => onlySkips(base) && runs(p) > 0;
const stopsToRun: Rule['when'] = ({base, patched}) => base.pass > 0 && base.skip === 0 && onlySkips(patched);

/**
 * First match wins: what cannot be compared, then presence, then skips, then rates. Whatever is bad must be proven by
 * enough attempts, a lost result like a failure; until then it is `inconclusive`. docs/verdicts.md says why.
 */
export const RULES: readonly Rule[] = [
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
    reason: (_, __, p) => `only the patched side has it${p.failed > 0 ? `, and it fails in ${failsOf(p)}` : ''}`,
  },
  {
    change: 'inconclusive',
    when: isNew,
    reason: (_, __, p) => `only the patched side has it, and it fails in ${failsOf(p)}${UNSURE}`,
    open: 'absences',
  },
  {
    change: 'gone',
    when: (facts, b, p) => isGone(facts, b, p) && (facts.absences.claim === 'more' || facts.failures.claim === 'more'),
    reason: goneWords,
  },
  {
    change: 'inconclusive',
    when: (facts, b, p) => isGone(facts, b, p) && empty(facts.patched),
    reason: (facts) => `${goneWords(facts)}${UNSURE}`,
    open: 'absences',
  },
  {
    change: 'inconclusive',
    when: isGone,
    reason: (facts) => `${goneWords(facts)}${UNSURE}`,
    open: 'failures',
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
    when: ({base, patched}) => patched.skip > 0 !== base.skip > 0,
    reason: ({base, patched}) => `skipped in ${base.skip} base and ${patched.skip} patched attempts only`,
    open: 'losses',
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
  };
}
