// SPDX-License-Identifier: MIT
/** What every call of the tree's selftest makefiles has in common. */

/** LDFLAGS from the environment, so that a makefile's `LDFLAGS +=` still adds to it. */
export const SELFTEST_ENV = {LDFLAGS: '-static', LC_ALL: 'C', MAKEFLAGS: '', MFLAGS: ''} as const;

/**
 * Until 5.18 the makefiles install the headers themselves, into the source, unless this is said. They are there already:
 * see `putHeaders`.
 */
export const HEADERS_DONE = 'KSFT_KHDR_INSTALL_DONE=1';

/** Compiler flags that a makefile would take from the environment: they are somebody's habit, not the tree's. */
const HABITS = ['CFLAGS', 'CPPFLAGS', 'EXTRA_CFLAGS', 'LDLIBS', 'TARGET_ARCH'] as const;

/** A command that sees none of them. Unset and not empty: `CFLAGS ?=` heeds an empty one. */
export function withOwnFlags(command: readonly string[], env: NodeJS.ProcessEnv = process.env): string[] {
  const set = HABITS.filter((name) => env[name] !== undefined);
  return set.length === 0 ? [...command] : ['env', ...set.flatMap((name) => ['-u', name]), ...command];
}
