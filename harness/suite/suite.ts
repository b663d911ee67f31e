// SPDX-License-Identifier: MIT
import type {ArchName} from '../kernel/kernel-build.js';
import type {ReaderKind} from '../ktap/reader.js';

/** `selftests/suites/<name>/suite.yaml`, checked and with its defaults filled in. */
export interface Suite {
  name: string;
  summary: string;
  /** Folder of the manifest. */
  directory: string;
  /** Profiles it runs on unless `--profiles` says otherwise. */
  profiles: readonly string[];
  /** Names of fragments in `vm-images/kconfig/`. */
  kconfig: readonly string[];
  programs: readonly Program[];
  /** A TARGETS of the tree's selftests: its makefiles say which tests there are, an architecture at a time. */
  target?: string;
  guest: GuestSetup;
  tests: readonly Test[];
}

/** Pushed into the guest. Programs are static and built once per architecture. */
export type Program =
  /** Our own C: sources in the suite's folder. */
  | {kind: 'own'; name: string; sources: readonly string[]; libs: readonly string[]}
  | KselftestPrograms
  /** Our own kernel module: files in the suite's folder, one of them `Kbuild`. Built once per kernel. */
  | {kind: 'module'; name: string; sources: readonly string[]};

/** The tree's own selftest: `tools/testing/selftests/<target>`, these programs of it; `aarch64/x` becomes `x`. */
interface KselftestPrograms {
  kind: 'kselftest';
  target: string;
  names: readonly string[];
  /** What older trees call a program: it is built in its place, and is called by the new name in the guest. */
  formerly?: Readonly<Record<string, string>>;
  /** Some trees have none of them, and which: tests that need one are a skip there with that reason. */
  optional?: string;
}

export interface GuestSetup {
  vcpus: number;
  /** MiB */
  memory: number;
  /** Boot with bash, `env` and `timeout` of coreutils, and a shared libc. */
  tools: boolean;
  /** Appended to the kernel command line. */
  cmdline: string;
  /** Shell lines run once, before the first test; a failure is an `error` of every test of the suite. */
  setup: readonly string[];
}

export interface Test {
  name: string;
  /** Shell command, in the directory that holds the programs. */
  run: string;
  /** Prints one name a line; the test is then run once per name, as `{}` in `run`, and each is a test of its own. */
  list?: string;
  reader: ReaderKind;
  /** Seconds with KVM; multiplied under TCG. */
  timeout: number;
  /** Seconds, whatever the accelerator; instead of `timeout`. */
  wallTimeout?: number;
  /** Needs statistics: run several times on each side even when both agree. */
  racy: boolean;
  arches: readonly ArchName[];
  /**
   * Kconfig symbols without which a skip is to be expected, and why. The test still runs: whether it skips is for it to
   * find out. A kernel that has the symbol must not skip: a test that only skips proves nothing.
   */
  skipWithout: Readonly<Record<string, string>>;
}
