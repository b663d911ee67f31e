// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';
import type {Excuse} from '../klog/policy.js';
import type {Splat} from '../klog/splat.js';
import type {TestExit, TestReport} from '../ktap/result.js';
import type {Limit} from '../machine/host-pace.js';

/** What the kernel said about itself while something ran. */
export interface KernelSeen {
  /** Those that no list allows. */
  splats: Splat[];
  allowed: ({splat: Splat} & Pick<Excuse, 'reason' | 'link' | 'expires'>)[];
  /** Sums of bits, and the letters that are new and that no list allows. Absent: the guest could not be asked. */
  taint?: {before: number; after: number; fresh: string[]};
  /** Why this is not all. */
  problem?: string;
  /** The host was too slow to ask the guest: nothing is known of its kernel, and it is not to blame. */
  starved?: string;
  /** The guest was there when the test ended, and gone when its kernel was asked. */
  lost?: NonNullable<Attempt['lost']>;
}

/** The name of what stands for a guest's boot and set-up among its tests: no manifest can have such a one. */
export const BOOT_TEST = '[boot]';

/** One run of one test on one side, in one guest: what was seen, not yet judged. */
export interface Attempt {
  profile: string;
  suite: string;
  /** The test's name; `unit:minor` for a name that a `list` gave. */
  test: string;
  side: Side;
  /** 1-based, per (profile, suite, test, side). A retry is a further attempt; nothing is overwritten. */
  number: number;
  /** The round of repeats it belongs to, from 1: the first attempts differed, or flaked. Absent: a first attempt. */
  repeat?: number;
  exit: TestExit;
  report: TestReport;
  /** Set when the guest went away under this test. */
  lost?: {how: 'panic' | 'qemu-exited' | 'silent'; detail: string};
  /**
   * Set when the test could not be run at all: its program did not build, the guest did not boot, set-up failed; and
   * when it ran and our reader does not know what it printed (`report.unread`), which says as little about the kernel.
   */
  notRun?: {status: 'error' | 'skip' | 'crash'; reason: string; blame: 'kernel' | 'infra'};
  /** The suite says that a skip is to be expected of this kernel, and why (`skipWithout`). */
  skipExpected?: string;
  /** Milliseconds since 1970; absent when it was not run. */
  startedAt?: number;
  seconds: number;
  /** In seconds that the host gave to the guest. Absent: it was not run. */
  limit?: Limit;
  /** Of `seconds`, those that the host gave to the guest. */
  given?: number;
  /** Relative to the run's folder. */
  log?: string;
  /** Absent: it was not looked at, because nothing ran. */
  kernel?: KernelSeen;
  /** Of a guest that hung: what it could still say, relative to the run's folder. */
  diagnosis?: string;
  /** Its memory, when that was asked for. */
  memoryDump?: string;
  /** The kernel's console of that guest, relative to the run's folder. */
  console?: string;
  guest: string;
}
