// SPDX-License-Identifier: MIT
/**
 * `results.json`: the one document that every report is made from. Fields are only ever added within
 * `kverdict/results/1`; a field that changes its meaning makes a new number.
 */
import type {Side} from '../kernel/kernel-build.js';
import type {BuildRecord} from './build-record.js';
import type {Design} from './design.js';
import type {KernelChange} from './kernel-change.js';
import type {Advice} from './promise.js';
import type {SplatRecord} from './splat-records.js';

export type {BuildRecord, ExtraWarnings} from './build-record.js';

export const RESULTS_SCHEMA = 'kverdict/results/1';

export type Verdict = 'good' | 'bad' | 'inconclusive' | 'infra-error';

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

/** Attempts by how they ended; `fail` holds fail, xpass and error; `pass` holds pass and xfail. */
export interface Tally {
  pass: number;
  fail: number;
  skip: number;
  timeout: number;
  crash: number;
  missing: number;
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
   * Two-sided exact test on failures (or on lost results) at the look that claimed the change, else at the last one; null
   * where a side has no attempt that could be counted, and of a test that only base's own selftests have: that is no
   * matter of chance.
   */
  pValue: number | null;
  /**
   * `pValue` of the same look after all other subtests and every look: a change is claimed when it is at most the run's
   * alpha. Never below `pValue`.
   */
  adjusted: number;
  /** Attempts a side that `pValue` and `adjusted` are of; absent: all of them. */
  decidedAfter?: {base: number; patched: number};
  /** Further attempts could decide: `inconclusive`, and `flaky` that does not fail equally often on both sides. */
  open?: true;
  /** Of an open one: what a new run needs to find such a difference; absent: no number of runs up to 200 is enough. */
  advice?: Advice;
  /** Skip reason, or the first failure's own words. */
  reason?: string;
  /** Every skip of the patched side was declared by the suite (`skipWithout`, `optional`): it is not a hole in the proof. */
  declaredSkip?: true;
  /**
   * How each attempt ended, in their order; there when a side has more than one: `p`ass, `f`ail, `s`kip, `t`imeout,
   * `c`rash, `m`issing, and `-` for one that does not count, as our host did not run it.
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
  /** The row of the whole test that explains this one: it changed with it. */
  follows?: string;
}

/** One attempt of one test on one side. */
export interface AttemptRecord {
  profile: string;
  suite: string;
  test: string;
  side: Side | 'only';
  /** 1-based, per profile, suite, test and side. */
  number: number;
  /** The round of repeats, from 1; absent: it is a first attempt, made whatever the others showed. */
  repeat?: number;
  /** Seconds from the start of the run; absent when it was not run. */
  at?: number;
  seconds: number;
  guest: string;
  log?: string;
  console?: string;
}

/** Lines of a file of the run, as they are there; a line that is too long is cut. */
export interface Excerpt {
  file: string;
  /** Of the first one, 1-based. */
  line: number;
  lines: string[];
  /** Title of the splat that it shows. */
  splat?: string;
}

/** A profile that was asked for. */
export interface ProfileRecord {
  name: string;
  arch: string;
  /** Version. */
  qemu: string;
  /** null: nothing was started, as QEMU is too old or there was no need. */
  accelerator: {kind: 'kvm' | 'tcg'; reason: string} | null;
  supported: boolean;
  /** Why no guest of it was booted, though it may work here: that was not looked at, and `supported` is true. */
  skipped?: string;
  /** Why not; of a supported one, what its self-checks said. */
  reason?: string;
  /** Absent when there is none, or none was possible. */
  selfCheck?: {
    /** `uname -r` of the kernel that was asked. */
    kernel: string;
    /** By an earlier run. */
    remembered: boolean;
  };
}

export interface GuestRecord {
  name: string;
  profile: string;
  side: Side | 'only';
  accelerator: {kind: 'kvm' | 'tcg'; reason: string};
  qemu: string;
  /** null: it never became ready. */
  bootSeconds: number | null;
  ended: 'ok' | 'boot-failed' | 'lost';
  /** Whose fault a failed boot was: QEMU and the way into the guest are `infra`. */
  blame?: 'kernel' | 'infra';
  detail?: string;
  console?: string;
}

/** Something a person must look at; any `severity: bad` makes the verdict bad. */
export interface Finding {
  severity: 'bad' | 'warning' | 'info';
  kind:
    | 'series-conflict'
    | 'build-failed'
    | 'boot-failed'
    | 'new-warning'
    | 'regressed'
    | 'gone'
    | 'skip-regressed'
    | 'new-failure'
    | 'fixed'
    | 'less-often'
    | 'flaky'
    | 'inconclusive'
    | 'still-failing'
    | 'problem'
    | 'unsupported'
    | 'unchanged'
    | 'infra';
  title: string;
  detail?: string;
  /** One command that shows it again. */
  reproduce: string;
  profile?: string;
  suite?: string;
  test?: string;
  /** Where the test's output and the kernel's console say it: of the attempt in the comparison's `evidence`. */
  excerpts?: {log?: Excerpt; console?: Excerpt};
}

export interface Results {
  schema: typeof RESULTS_SCHEMA;
  kverdict: string;
  verdict: Verdict;
  /** One sentence: why this verdict. */
  because: string;
  started: string;
  seconds: number;
  command: string;
  host: {cpus: number; memoryMiB: number; kernel: string};
  /** null for `kverdict run` without `--against`: there is nothing to compare. */
  series: {
    title: string;
    version: number;
    source: string;
    /** Of the cover letter, or of the first patch; without `<>`. */
    messageId?: string;
    /** sha256 over the lines of hex sha256 of each patch's diff, in order. */
    patchsetHash?: string;
    /**
     * No series, but a commit of a history (`run --against`), and how many commits it has that base lacks; `patches`
     * are the newest of them.
     */
    history?: {commit: string; name: string; commits: number};
    patches: {
      number: number;
      subject: string;
      files: string[];
      author?: {name: string; email: string};
      messageId?: string;
    }[];
  } | null;
  base: {
    commit: string;
    name: string;
    how: string;
    kernelVersion: string;
    attempts: {candidate: string; how: string; error?: string; patch?: number; files?: string[]}[];
  } | null;
  builds: BuildRecord[];
  /** One an architecture with both kernels. */
  changes: KernelChange[];
  profiles: ProfileRecord[];
  guests: GuestRecord[];
  /** How the attempts were made and judged; absent when there were none. */
  design?: Design;
  comparisons: Comparison[];
  /** In the order in which they ended. */
  attempts?: AttemptRecord[];
  /** What kernels said, allowed or not, each identity once a profile and side. */
  splats?: SplatRecord[];
  /** How frames were symbolised, a kernel a line; why there is no file and line. */
  symbols?: string[];
  findings: Finding[];
  /** Oddities of the tests' output: `suite:test: line N: …`. */
  problems: string[];
}
