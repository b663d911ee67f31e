// SPDX-License-Identifier: MIT
import type {Change} from '../verdict/results.js';

/** `selftests/sentinels/<name>/`: a series that brings one bug back, and who must see it. */
export interface Sentinel {
  name: string;
  /** Holds the mails. */
  directory: string;
  /** Where the bug was discussed. */
  thread: string;
  summary: string;
  /** Kernel versions it applies to: `6.12` stands for all of 6.12.x. */
  applies: readonly string[];
  /** Why nothing here can see it: it stays listed as missed, and fails no check. */
  unseen?: string;
  /** Empty: a good control, whose verdict must be good. */
  expect: readonly Expectation[];
  /** What is run beside what is expected to change; for a control, all that is run. */
  run: readonly Place[];
}

/** A suite, or a test of it, on some profiles. */
export interface Place {
  suite: string;
  /** `TEST[/SUBTEST]`; absent: any of the suite. */
  test?: string;
  profiles: readonly string[];
}

export type Expectation = ExpectedChange | ExpectedFinding;

/** A test changes between base and patched. */
export interface ExpectedChange extends Place {
  change: Change;
}

/** The kernel itself is enough: it does not build or boot, or a compiler has a new warning. */
export interface ExpectedFinding {
  finding: FindingKind;
  /** Where, for compilers. */
  file?: string;
  /** `-Wmaybe-uninitialized` */
  option?: string;
  profiles: readonly string[];
}

export const FINDING_KINDS = ['new-warning', 'build-failed', 'boot-failed'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Does its `applies` name this version (`6.12.95`)? */
export function appliesTo({applies}: Pick<Sentinel, 'applies'>, kernelVersion: string): boolean {
  return applies.some((version) => kernelVersion === version || kernelVersion.startsWith(`${version}.`));
}

/** The sentinel cut down to some profiles; none given: as it is. */
export function onProfiles(sentinel: Sentinel, profiles: readonly string[]): Sentinel {
  if (profiles.length === 0) return sentinel;
  const cut = <T extends {profiles: readonly string[]}>(all: readonly T[]): T[] =>
    all
      .map((one) => ({...one, profiles: one.profiles.filter((name) => profiles.includes(name))}))
      .filter((one) => one.profiles.length > 0);
  return {...sentinel, expect: cut(sentinel.expect), run: cut(sentinel.run)};
}

/** Suites to run, as `-t` takes them, and the pairs of profile and suite that are meant. */
export function toRun(sentinel: Sentinel): {
  tests: string[];
  only: {profile: string; suite: string}[];
  profiles: string[];
} {
  const places: Place[] = [...sentinel.expect.filter((one) => 'suite' in one), ...sentinel.run];
  const tests = places.map(({suite, test}) => (test === undefined ? suite : `${suite}:${test}`));
  const only = places.flatMap(({suite, profiles}) => profiles.map((profile) => ({profile, suite})));
  const profiles = [...sentinel.expect, ...sentinel.run].flatMap((one) => one.profiles);
  return {tests: [...new Set(tests)], only, profiles: [...new Set(profiles)]};
}
