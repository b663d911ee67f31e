// SPDX-License-Identifier: MIT
import {sourceArch} from '../kernel/file-kind.js';
import type {ArchName} from '../kernel/kernel-build.js';
import {SELFTESTS} from '../suite/target-suite.js';

/** What the tree's selftests are made from; any other change leaves the built programs as they are. */
export const selftestPaths = (arch: ArchName): string[] => [
  SELFTESTS,
  'tools/include',
  'tools/arch',
  'include/uapi',
  'mm/gup_test.h',
  'lib/test_hmm_uapi.h',
  'arch/arm64/tools',
  `arch/${sourceArch(arch)}/include/uapi`,
  'scripts',
];
