// SPDX-License-Identifier: MIT
/** The words of make for the tree's own selftests. */
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Libraries} from '../image/libraries.js';
import {ARCHES} from '../kernel/arch.js';
import type {BuildContext} from './programs.js';
import {HEADERS_DONE, SELFTEST_ENV} from './selftest-make.js';
import {SELFTESTS} from './target-suite.js';

/**
 * make's arguments: the tree's own `install` of one target. CFLAGS are left alone. `-k -i`, as a program that does not
 * build or link must not take the others with it.
 */
export function targetArguments(
  build: Pick<BuildContext, 'arch' | 'toolchain' | 'variables'>,
  top: string,
  target: string,
  headers: string,
  installed: string,
): string[] {
  const {ARCH: _arch, KCFLAGS: _kcflags, ...variables} = build.variables;
  const {CC, ...others} = build.toolchain.words;
  // A ccache of ours stays away: older trees quote $(CC) as one word in their probes, and then leave programs out.
  const words = {...variables, ...others, ...(CC === undefined || CC.startsWith('ccache ') ? {} : {CC})};
  return [
    ...['-C', join(top, SELFTESTS)],
    ...['-k', '-i', `-j${availableParallelism()}`, '--output-sync=target'],
    // The headers are there; making them would be in the source. Trees up to 5.18 have this goal.
    ...['-o', 'khdr'],
    `TARGETS=${target}`,
    // Some are left out unless one insists; `-t` does.
    'SKIP_TARGETS=',
    `ARCH=${ARCHES[build.arch].word}`,
    ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
    `KHDR_INCLUDES=-isystem ${headers}`,
    HEADERS_DONE,
    `KSFT_INSTALL_PATH=${installed}`,
    'install',
  ];
}

/** As `SELFTEST_ENV`, with how to link and where the libraries are. */
export function targetEnvironment(
  linking: 'static' | 'dynamic',
  libraries: Pick<Libraries, 'include' | 'lib'> | undefined,
): Record<string, string> {
  const flags = [
    ...(linking === 'static' ? ['-static'] : []),
    ...(libraries === undefined ? [] : [`-L${libraries.lib}`]),
  ];
  return {
    ...SELFTEST_ENV,
    LDFLAGS: flags.join(' '),
    ...(libraries === undefined ? {} : {C_INCLUDE_PATH: libraries.include}),
  };
}
