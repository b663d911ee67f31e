// SPDX-License-Identifier: MIT
/**
 * `results.json`: the one document that every report is made from. Fields are only ever added within
 * `kverdict/results/1`; a field that changes its meaning makes a new number.
 */
import type {Side} from '../kernel/kernel-build.js';
import type {BuildRecord} from './build-record.js';
import type {Comparison} from './comparison.js';
import type {Coverage} from './coverage.js';
import type {Design} from './design.js';
import type {KernelChange} from './kernel-change.js';
import type {SplatRecord} from './splat-records.js';
import type {Untestable} from './untestable.js';

export type {BuildRecord, ExtraWarnings, MissingSymbol, RenamedSymbol, TreeSymbols} from './build-record.js';
export {CHANGES, type Change, type Comparison, type Tally} from './comparison.js';

export const RESULTS_SCHEMA = 'kverdict/results/1';

/** `good-in-part` is good as far as the series was compiled and ran, which is not all of it. */
export const VERDICTS = ['good', 'good-in-part', 'bad', 'inconclusive', 'infra-error'] as const;
export type Verdict = (typeof VERDICTS)[number];

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
  /** Its time limit, in seconds that the host gave, and what that was made of; absent when it was not run. */
  limit?: {seconds: number; because: string};
  /** Of `seconds`, those that the host gave to its guest. */
  given?: number;
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
  /** No guest of it was booted, as none of its chosen suites is testable on this tree. */
  untestable?: true;
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
  /** What its boot might take, in seconds that the host gave, and what that was made of; absent in results of older runs. */
  bootLimit?: {seconds: number; because: string};
  /** Of `bootSeconds`, those that the host gave: less where its threads were ready to run and had to wait. */
  bootGiven?: number;
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
    | 'changing-name'
    | 'unsupported'
    | 'unchanged'
    | 'symbol-gone'
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
  /** Which of the touched files the kernels and the suites' programs were compiled from; absent: nothing was compared. */
  coverage?: Coverage;
  profiles: ProfileRecord[];
  /** Suites that were asked for and cannot run on this tree; absent: none. */
  untestable?: Untestable[];
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
