// SPDX-License-Identifier: MIT
import type {Side} from '../kernel/kernel-build.js';
import type {TestExit, TestReport} from '../ktap/result.js';

/** One run of one test on one side, in one guest: what was seen, not yet judged. */
export interface Attempt {
  profile: string;
  suite: string;
  /** The test's name; `unit:minor` for a name that a `list` gave. */
  test: string;
  side: Side;
  /** 1-based, per (profile, suite, test, side). A retry is a further attempt; nothing is overwritten. */
  number: number;
  exit: TestExit;
  report: TestReport;
  /** Set when the guest went away under this test. */
  lost?: {how: 'panic' | 'qemu-exited' | 'silent'; detail: string};
  /** Set when the test could not be run at all: its program did not build, the guest did not boot, set-up failed. */
  notRun?: {status: 'error' | 'skip' | 'crash'; reason: string; blame: 'kernel' | 'infra'};
  /** The suite says that a skip is to be expected of this kernel, and why (`skipWithout`). */
  skipExpected?: string;
  /** Milliseconds since 1970; absent when it was not run. */
  startedAt?: number;
  seconds: number;
  /** Relative to the run's folder. */
  log?: string;
  /** The kernel's console of that guest, relative to the run's folder. */
  console?: string;
  guest: string;
}
