// SPDX-License-Identifier: MIT
/** `kselftest/TARGET`: a suite that the tree under test describes itself, by its makefiles. */
import {UserError} from '../lib/errors.js';
import type {Suite} from './suite.js';

/** In front of a TARGET of the tree's selftests, on the command line and in every report. */
export const TARGET_PREFIX = 'kselftest/';

/** The tree's selftests, relative to its top. */
export const SELFTESTS = 'tools/testing/selftests';

/** Beside what `make install` filled: shared libraries that its programs ask for, and that the guest has not. */
export const LIBRARIES = 'libraries';

/** MiB; run_vmtests.sh alone wants 256 of them as huge pages. */
const MEMORY = 2048;

/** Type and place. */
const MOUNTS: readonly (readonly [string, string])[] = [
  ['debugfs', '/sys/kernel/debug'],
  ['tracefs', '/sys/kernel/tracing'],
  ['cgroup2', '/sys/fs/cgroup'],
  ['hugetlbfs', '/dev/hugepages'],
  ['mqueue', '/dev/mqueue'],
  ['tmpfs', '/dev/shm'],
];

/**
 * What the init of a distribution mounts and switches on, where the kernel has it: programs of the tree look for it, and
 * skip or fail without. Run by the guest's shell; one that was done before is left alone.
 */
const SETUP: readonly string[] = [
  ...MOUNTS.map(
    ([type, place]) =>
      `! grep -qw ${type} /proc/filesystems || grep -q ' ${place} ' /proc/mounts || ` +
      `{ mkdir -p ${place} && mount -t ${type} none ${place}; }`,
  ),
  // Where somebody looks at pages that were swapped out.
  '[ "$(cat /sys/block/zram0/disksize 2>/dev/null)" != 0 ] || ' +
    '{ echo 256M >/sys/block/zram0/disksize && mkswap /dev/zram0 >/dev/null && swapon /dev/zram0; }',
];

/**
 * The suite of a target. Which tests it has is for the tree's makefiles to say, so there are none in it before they were
 * asked (`CompiledSuite.tests`).
 */
export function targetSuite(target: string): Suite {
  return {
    name: `${TARGET_PREFIX}${target}`,
    summary: `TARGETS=${target} of the tree's own selftests`,
    directory: '',
    // Where none is named; with --profiles it runs on any.
    profiles: ['x86_64', 'arm64'],
    kconfig: ['kselftest'],
    programs: [],
    target,
    guest: {vcpus: 2, memory: MEMORY, cmdline: '', tools: true, setup: SETUP},
    tests: [],
  };
}

/**
 * The suites of the tree that `-t` words name, by name.
 *
 * @throws UserError for a target that cannot be one
 */
export function targetSuites(words: readonly string[]): Map<string, Suite> {
  const suites = words
    .filter((word) => word.startsWith(TARGET_PREFIX))
    .map((word) => targetSuite(checked(word.slice(TARGET_PREFIX.length).replace(/:.*$/s, ''), word)));
  return new Map(suites.map((suite) => [suite.name, suite]));
}

function checked(target: string, word: string): string {
  if (/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/.test(target)) return target;
  throw new UserError(`Expected \`-t ${TARGET_PREFIX}\` with a folder of ${SELFTESTS} behind it, got \`${word}\``, {
    hint: `For example \`-t ${TARGET_PREFIX}timers\` or \`-t ${TARGET_PREFIX}mm:run_vmtests.sh\`.`,
  });
}
