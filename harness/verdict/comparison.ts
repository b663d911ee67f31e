// SPDX-License-Identifier: MIT
/** `comparisons[]` of results.json: one result, base against patched. */
import type {Side} from '../kernel/kernel-build.js';
import type {Advice} from './promise.js';

export const CHANGES = [
  'unchanged',
  'regressed',
  'fixed',
  'less-often',
  'still-failing',
  'flaky',
  'new',
  'gone',
  'skip-regressed',
  'inconclusive',
] as const;
export type Change = (typeof CHANGES)[number];

/** Attempts by how they ended; `fail` holds fail, xpass and error; `pass` holds pass and xfail; `missing` was promised. */
export interface Tally {
  pass: number;
  fail: number;
  skip: number;
  timeout: number;
  crash: number;
  missing: number;
  /** Ran to their end, and neither gave nor promised it. Absent: none. */
  absent?: number;
}

export interface Comparison {
  profile: string;
  suite: string;
  /** `test` or `test/subtest/…`: what `-t suite:…` takes. */
  test: string;
  change: Change;
  base: Tally;
  patched: Tally;
  /**
   * Two-sided exact test on what `asked` says, at the look that claimed the change, else at the last one; null where a side
   * has no attempt that could be counted, and of a test that only base's own selftests have: that is no matter of chance.
   */
  pValue: number | null;
  /** What `pValue` and `advice` are about: no result but a skip at most, or nothing at all. Absent: failures. */
  asked?: 'losses' | 'absences';
  /**
   * `pValue` of the same look after all other subtests and every look: a change is claimed when it is at most the run's
   * alpha. Never below `pValue`.
   */
  adjusted: number;
  /** Attempts a side that `pValue` and `adjusted` are of; absent: all of them. */
  decidedAfter?: {base: number; patched: number};
  /** Further attempts could decide: `inconclusive`; `flaky` and `still-failing` where the two sides differ in how often. */
  open?: true;
  /** Of an open one: what a new run needs to find such a difference; absent: no number of runs up to 200 is enough. */
  advice?: Advice;
  /** Skip reason, or the first failure's own words. */
  reason?: string;
  /** Every skip of the patched side was declared by the suite (`skipWithout`, `optional`): it is not a hole in the proof. */
  declaredSkip?: true;
  /**
   * How each attempt ended, in their order; there when a side has more than one: `p`ass, `f`ail, `s`kip, `t`imeout,
   * `c`rash, `m`issing, `a`bsent, and `-` for one that does not count, as our host did not run it.
   */
  outcomes?: {base: string; patched: string};
  /** Seconds that the patched side's attempts of the whole test took together (base's, when patched has none). */
  seconds?: number;
  /** The first failing attempt of the patched side (else of base): where to look. */
  evidence?: {
    side: Side;
    log?: string;
    console?: string;
    diagnostics: string[];
    /** Of a guest that hung: what it could still say, and its memory when that was asked for. */
    diagnosis?: string;
    memoryDump?: string;
  };
  /** The row is about what the kernel printed under the test, or about its taint. */
  kernel?: true;
  /** `test` ends in a name of ours, for what has no name or many. */
  unnamed?: true;
  /** What `-t SUITE:` takes to see it, as a name of ours is in `test`: what it is a part of. */
  selects?: string;
  /** Its name is another one in each attempt; `folded`: one result, else all such results, which cannot be compared one by one. */
  changingName?: {names: number; examples: string[]; folded: boolean};
  /** The row of the whole test that explains this one: it changed with it. */
  follows?: string;
}
