// SPDX-License-Identifier: MIT
import type {ArchName} from '../kernel/kernel-build.js';

/** What the tree's selftests are made from; any other change leaves the built programs as they are. */
export const selftestPaths = (arch: ArchName): string[] => [
  'tools/testing/selftests',
  'tools/include',
  'tools/arch',
  'include/uapi',
  'mm/gup_test.h',
  'lib/test_hmm_uapi.h',
  'arch/arm64/tools',
  `arch/${SOURCE_ARCH[arch]}/include/uapi`,
  'scripts',
];

const SOURCE_ARCH: Readonly<Record<ArchName, string>> = {x86_64: 'x86', arm64: 'arm64'};
