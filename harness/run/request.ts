// SPDX-License-Identifier: MIT
import type {MakeVariables} from '../kernel/kernel-build.js';
import {DEFAULT_ALPHA, DEFAULT_POWER, type Design} from '../verdict/design.js';

/** What the user asked for, checked and with its defaults filled in; no file was read yet. */
export interface Request {
  /** The words of the series; empty for `kverdict run`. */
  series: readonly string[];
  /** Git tree, plain source or tarball. */
  tree: string;
  /** `--base` of verify, `--rev` of run. */
  rev?: string;
  /** Of run: another commit that this one is compared with; how the two are related does not matter. */
  against?: string;
  /** Names; empty, or with `all` among them: every profile that a selected suite names. */
  profiles: readonly string[];
  /** `-t` words; empty: all tests. */
  tests: readonly string[];
  /**
   * Cuts the plan down to these pairs. When none is left nothing runs, and kernels are built for the architectures of
   * `profiles` all the same: what a compiler says is an answer, too.
   */
  only?: readonly {profile: string; suite: string}[];
  /** First attempts a side of each racy test; absent: what a bug of the rate that its suite states needs. */
  runs?: number;
  /** Attempts a side at most, repeats included. */
  maxRuns: number;
  /** Seconds after which no further repeat is begun; first attempts are made whatever they take. */
  budget?: number;
  /** Guests at once. */
  jobs: number;
  /** Parallel jobs of one kernel build. */
  buildJobs: number;
  /** Chance of any false claim in the whole run. */
  alpha: number;
  /** Chance to see what a racy test is there for. */
  power: number;
  /** Where selftests of the tree come from. */
  selftestsFrom: 'patched' | 'base';
  /** Boot guests also when nothing that runs changed. */
  force?: boolean;
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

/** Some tests once, on every profile they name, with nothing special: for programs that need kernels and guests. */
export function plainRequest(tree: string, tests: readonly string[], commandLine: string): Request {
  return {
    ...{tree, tests, commandLine, series: [], profiles: [], suiteDirs: [], variables: {}},
    ...{
      runs: 1,
      maxRuns: 1,
      jobs: 1,
      buildJobs: 2,
      alpha: DEFAULT_ALPHA,
      power: DEFAULT_POWER,
      selftestsFrom: 'patched',
    },
  };
}

/** @param first the fewest first attempts a side of any test: it has the most rounds of repeats before it */
export function designOf({alpha, power, maxRuns}: Pick<Request, 'alpha' | 'power' | 'maxRuns'>, first = 1): Design {
  return {alpha, power, maxRuns, maxRepeats: Math.max(0, maxRuns - first)};
}
