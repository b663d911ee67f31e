// SPDX-License-Identifier: MIT
import type {ArchName} from '../kernel/kernel-build.js';
import type {Suite} from '../suite/suite.js';
import {SELFTESTS} from '../suite/target-suite.js';
import {foldersOf} from '../suite/tree-programs.js';

/** What the tree's selftests are made from; any other change leaves the built programs as they are. */
export const selftestPaths = (arch: ArchName): string[] => [
  SELFTESTS,
  'tools/include',
  'tools/arch',
  'include/uapi',
  'mm/gup_test.h',
  'lib/test_hmm_uapi.h',
  'arch/arm64/tools',
  `arch/${SOURCE_ARCH[arch]}/include/uapi`,
  'scripts',
];

/**
 * Is a touched file part of what some suites run? Selftests of other targets are not, though a change of them makes
 * kverdict build anew.
 */
export function isRun(file: string, suites: readonly Suite[], arch: ArchName): boolean {
  const targets = suites.flatMap(({target, programs}) => [
    ...(target === undefined ? [] : [target]),
    ...programs.flatMap((program) => (program.kind === 'kselftest' ? foldersOf(program) : [])),
  ]);
  if (targets.length === 0) return false;
  if (targets.some((target) => file.startsWith(`${SELFTESTS}/${target}/`))) return true;
  // What all targets share: kselftest.h, lib.mk.
  if (file.startsWith(`${SELFTESTS}/`)) return !file.slice(SELFTESTS.length + 1).includes('/');
  return selftestPaths(arch).some((path) => file === path || file.startsWith(`${path}/`));
}

const SOURCE_ARCH: Readonly<Record<ArchName, string>> = {x86_64: 'x86', arm64: 'arm64'};
