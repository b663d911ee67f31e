// SPDX-License-Identifier: MIT
import type {Change, Tally} from './results.js';
import {type Counts, moreRunsToDecide} from './statistics.js';
import {countsOf} from './tally.js';

/** What the rules look at: one test or subtest, both sides. */
export interface Facts {
  base: Tally;
  patched: Tally;
  /** Attempts that count, per side, whether or not they had this key. */
  baseRuns: number;
  patchedRuns: number;
  /** The other side's guests ran the suite, and have no such test: one attempt the less is a difference then. */
  listed?: boolean;
  /** There is no base side at all (`kverdict run`). */
  single: boolean;
  pValue: number | null;
  alpha: number;
}

export interface Changed {
  change: Change;
  /** Beside the failure's own words; absent where the word says all. */
  reason?: string;
  moreRuns?: number;
}

interface Rule {
  change: Change;
  when(facts: Facts, b: Counts, p: Counts): boolean;
  reason?(facts: Facts, b: Counts, p: Counts): string;
  /** Further runs could decide. */
  open?: true;
}

const runs = ({failed, passed}: Counts): number => failed + passed;
const rate = (counts: Counts): number => counts.failed / Math.max(1, runs(counts));
const empty = (tally: Tally): boolean => Object.values(tally).every((count) => count === 0);
const onlySkips = (tally: Tally): boolean => tally.skip > 0 && runs(countsOf(tally)) === 0;
const significant = ({pValue, alpha}: Facts): boolean => pValue !== null && pValue <= alpha;
const failsOf = ({failed, passed}: Counts): string => `${failed} of ${failed + passed}`;

/** First match wins: what cannot be compared, then presence, then skips, then rates. docs/verdicts.md says why. */
export const RULES: readonly Rule[] = [
  {
    change: 'new',
    when: ({single}) => single,
    reason: (_, __, p) => (p.failed > 0 ? `fails in ${failsOf(p)}; there is no base to compare with` : ''),
  },
  {
    change: 'inconclusive',
    when: ({baseRuns, patchedRuns, listed}) => (baseRuns === 0 || patchedRuns === 0) && !listed,
    reason: ({baseRuns}) => `no attempt counts on ${baseRuns === 0 ? 'base' : 'the patched side'}`,
  },
  {
    change: 'new',
    when: ({base, patched}) => empty(base) && !empty(patched),
    reason: (_, __, p) => `only the patched side has it${p.failed > 0 ? `, and it fails in ${failsOf(p)}` : ''}`,
  },
  {
    change: 'gone',
    // Also of a test that fails on base: that it is not there any more does not repair it.
    when: ({base, patched}) => !empty(base) && empty(patched),
    reason: ({patchedRuns}) =>
      patchedRuns === 0 ? 'only the guests of base list it' : 'base gives a result, the patched side none',
  },
  {
    change: 'gone',
    when: ({base, patched}, b, p) =>
      (base.pass > 0 || base.skip > 0) &&
      b.failed === 0 &&
      patched.missing > 0 &&
      patched.missing === p.failed &&
      p.passed === 0 &&
      patched.skip === 0,
    reason: () => 'base gives a result, the patched side none',
  },
  {
    change: 'unchanged',
    when: ({base, patched}) => onlySkips(base) && onlySkips(patched),
    reason: () => 'skipped on both sides',
  },
  {
    change: 'new',
    when: ({base}, _, p) => onlySkips(base) && runs(p) > 0,
    reason: (_, __, p) =>
      `skipped on base${p.failed > 0 ? `, and it fails in ${failsOf(p)} patched attempts` : ', runs on the patched side'}`,
  },
  {
    change: 'skip-regressed',
    when: ({base, patched}) => base.pass > 0 && base.skip === 0 && onlySkips(patched),
    reason: () => 'base passes, the patched side skips',
  },
  {
    change: 'inconclusive',
    when: ({base, patched}, b) => b.failed > 0 && base.pass === 0 && onlySkips(patched),
    reason: () => 'base fails, the patched side skips: nothing shows that it is fixed',
  },
  {
    change: 'inconclusive',
    when: ({base, patched}) => base.pass > 0 && base.skip > 0 && onlySkips(patched),
    reason: ({base}) => `base passes in ${base.pass} and skips in ${base.skip} attempts, the patched side only skips`,
  },
  {change: 'regressed', when: (facts, b, p) => significant(facts) && rate(p) > rate(b)},
  {change: 'fixed', when: (facts, b, p) => significant(facts) && rate(p) < rate(b)},
  {
    change: 'flaky',
    when: ({base, patched}) => patched.skip > 0 !== base.skip > 0,
    reason: ({base, patched}) => `skipped in ${base.skip} base and ${patched.skip} patched attempts only`,
  },
  {change: 'unchanged', when: (_, b, p) => b.failed === 0 && p.failed === 0},
  {change: 'still-failing', when: (_, b, p) => b.passed === 0 && p.passed === 0},
  {
    change: 'flaky',
    when: (_, b, p) => b.failed > 0 && (p.failed > 0 || b.passed > 0),
    reason: (_, b, p) => `fails in ${failsOf(b)} on base, ${failsOf(p)} patched`,
    open: true,
  },
  {
    change: 'inconclusive',
    when: () => true,
    reason: (_, b, p) => `fails in ${failsOf(b)} on base, ${failsOf(p)} patched: too few attempts to tell`,
    open: true,
  },
];

/** One word for what happened between base and patched. Total: the last rule takes everything. */
export function changeOf(facts: Facts): Changed {
  const [b, p] = [countsOf(facts.base), countsOf(facts.patched)];
  const rule = RULES.find(({when}) => when(facts, b, p));
  if (rule === undefined) return {change: 'inconclusive'};
  const reason = rule.reason?.(facts, b, p) ?? '';
  // A known-flaky test that does better on the patched side is nobody's worry.
  const open = rule.open && (rule.change === 'inconclusive' || rate(p) > rate(b));
  const moreRuns = open ? moreRunsToDecide(b, p, facts.alpha) : undefined;
  return {
    change: rule.change,
    ...(reason === '' ? {} : {reason}),
    ...(moreRuns === undefined ? {} : {moreRuns}),
  };
}
