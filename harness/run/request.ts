// SPDX-License-Identifier: MIT
import type {MakeVariables} from '../kernel/kernel-build.js';

/** What the user asked for, checked and with its defaults filled in; no file was read yet. */
export interface Request {
  /** The words of the series; empty for `kverdict run`. */
  series: readonly string[];
  /** Git tree, plain source or tarball. */
  tree: string;
  /** `--base` of verify, `--rev` of run. */
  rev?: string;
  /** Names; empty, or with `all` among them: every profile that a selected suite names. */
  profiles: readonly string[];
  /** `-t` words; empty: all tests. */
  tests: readonly string[];
  /**
   * Cuts the plan down to these pairs. When none is left nothing runs, and kernels are built for the architectures of
   * `profiles` all the same: what a compiler says is an answer, too.
   */
  only?: readonly {profile: string; suite: string}[];
  /** Attempts a side of each racy test, and at most of any other. */
  runs: number;
  /** Guests at once. */
  jobs: number;
  /** Parallel jobs of one kernel build. */
  buildJobs: number;
  /** Level of significance for a regression. */
  alpha: number;
  /** Where selftests of the tree come from. */
  selftestsFrom: 'patched' | 'base';
  /** Seconds for each test of `kselftest/TARGET`, instead of what the tree says. */
  overrideTimeout?: number;
  variables: MakeVariables;
  /** A folder with qemu-system-*, instead of the PATH. */
  qemuDir?: string;
  /** Further folders of suites. */
  suiteDirs: readonly string[];
  /** Further folders of profiles. */
  profileDirs?: readonly string[];
  /** Further folders of lists: what kernels may say. */
  listDirs?: readonly string[];
  /** Keep the memory of a guest that hangs. */
  dumpGuest?: boolean;
  out?: string;
  /** The command line as typed, for results.json and the reproduce lines. */
  commandLine: string;
}

/**
 * Attempts a side of a racy test. Five against five is the first count at which "always against never" is clear by a
 * wide margin (two-sided Fisher p = 0.008), and one test of a deterministic suite among twenty that differs by chance
 * does not reach it.
 */
export const DEFAULT_RUNS = 5;

export const DEFAULT_ALPHA = 0.05;

/** Some tests once, on every profile they name, with nothing special: for programs that need kernels and guests. */
export function plainRequest(tree: string, tests: readonly string[], commandLine: string): Request {
  return {
    ...{tree, tests, commandLine, series: [], profiles: [], suiteDirs: [], variables: {}},
    ...{runs: 1, jobs: 1, buildJobs: 2, alpha: DEFAULT_ALPHA, selftestsFrom: 'patched'},
  };
}
