// SPDX-License-Identifier: MIT
import {closeSync, openSync, readSync} from 'node:fs';
import type {Context} from '../lib/context.js';
import type {Completed} from '../lib/exec.js';
import {ARCHES} from './arch.js';
import {buildSeconds, refuseEndless} from './build-limits.js';
import {isObjectLine} from './build-log.js';
import type {ArchName, MakeVariables} from './kernel-build.js';
import {logSize, MAX_LOG_BYTES} from './read-log.js';
import type {Toolchain} from './toolchain.js';

export interface MakeRequest {
  sourceDir: string;
  objectDir: string;
  arch: ArchName;
  variables: MakeVariables;
  toolchain: Toolchain;
  jobs: number;
  /** Compile what can be compiled after an error: the report then names every one. */
  keepGoing?: boolean;
  /** Another file than `O=/.config` (KCONFIG_CONFIG). */
  kconfig?: string;
}

/**
 * What would differ between two builds of the same source. The release gets no suffix: a LOCALVERSION that is set,
 * even to nothing, keeps scripts/setlocalversion from asking git whether the tree is dirty.
 */
export const FIXED_WORDS: MakeVariables = {
  KBUILD_BUILD_USER: 'kverdict',
  KBUILD_BUILD_HOST: 'kverdict',
  KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
  KBUILD_BUILD_VERSION: '1',
  LOCALVERSION: '',
};

/** Words that make would take from our own environment, where no cache key sees them. */
const ENVIRONMENT_WORDS = [
  ...['MAKEFLAGS', 'MFLAGS', 'KBUILD_OUTPUT', 'KBUILD_EXTRA_WARN', 'KBUILD_VERBOSE', 'LLVM', 'LLVM_IAS'],
  ...['CROSS_COMPILE', 'KCFLAGS', 'KCPPFLAGS', 'KAFLAGS', 'KRUSTFLAGS', 'HOSTCFLAGS', 'HOSTLDFLAGS', 'LDFLAGS_vmlinux'],
];

/** How often the log is looked at for progress. */
const FOLLOW_MS = 500;
/** Longer than any line that names an object. */
const MAX_LINE = 4096;
const PIECE_BYTES = 4 * 1024 * 1024;

/** make's arguments for a kernel tree. */
export function makeArguments(make: MakeRequest, targets: readonly string[]): string[] {
  const {ARCH: _, ...variables} = make.variables;
  const words: MakeVariables = {...FIXED_WORDS, ...variables, ...make.toolchain.words};
  return [
    ...['-C', make.sourceDir],
    `-j${make.jobs}`,
    // A target's lines stay together: that is how a warning is tied to its object.
    '--output-sync=target',
    ...(make.keepGoing ? ['--keep-going'] : []),
    `O=${make.objectDir}`,
    `ARCH=${ARCHES[make.arch].word}`,
    ...(make.kconfig === undefined ? [] : [`KCONFIG_CONFIG=${make.kconfig}`]),
    ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
    ...targets,
  ];
}

/**
 * Runs make; what it prints is appended to `log`.
 *
 * @throws InfraError when it did not end in time
 * @throws KernelError when it printed without end
 * @param onObjects called now and then with the number of objects compiled by this make so far
 */
export async function runMake(
  ctx: Context,
  make: MakeRequest,
  targets: readonly string[],
  log: string,
  onObjects?: (count: number) => void,
): Promise<Completed> {
  const follower = onObjects === undefined ? undefined : followLog(log, onObjects);
  try {
    const done = await ctx.exec.run('make', makeArguments(make, targets), {
      ...{log, env: makeEnvironment(make.toolchain)},
      ...{timeoutSeconds: buildSeconds(), maxLogBytes: MAX_LOG_BYTES},
    });
    refuseEndless(`make ${targets.join(' ')}`, done, log);
    return done;
  } finally {
    follower?.stop();
  }
}

/** English, plain quotes; nothing of what the user exported for other builds. */
export function makeEnvironment(
  toolchain: Toolchain,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const blanked = ENVIRONMENT_WORDS.filter((name) => (own[name] ?? '') !== '').map((name) => [name, '']);
  // kbuild unsets LC_ALL; what is left must say the same, or gcc quotes in UTF-8.
  const english = {LC_ALL: 'C', LANG: 'C', LC_CTYPE: 'C', LC_MESSAGES: 'C'};
  return {...english, ...Object.fromEntries(blanked), ...toolchain.env};
}

/** Counts the lines of compiled objects that are added to a file from now on. */
function followLog(log: string, onObjects: (count: number) => void): {stop(): void} {
  let offset = logSize(log);
  let rest = '';
  let count = 0;
  const look = (): void => {
    const added = readFrom(log, offset);
    offset += added.length;
    const lines = (rest + added.toString('latin1')).split('\n');
    rest = (lines.pop() ?? '').slice(-MAX_LINE);
    const objects = lines.filter(isObjectLine).length;
    count += objects;
    if (objects > 0) onObjects(count);
  };
  const timer = setInterval(look, FOLLOW_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
    },
  };
}

/** What was added to a log, no more than a piece of it: a progress bar need not know the rest. */
function readFrom(log: string, offset: number): Buffer {
  const size = Math.min(PIECE_BYTES, logSize(log) - offset);
  if (size <= 0) return Buffer.alloc(0);
  const fd = openSync(log, 'r');
  try {
    const buffer = Buffer.alloc(size);
    return buffer.subarray(0, readSync(fd, buffer, 0, size, offset));
  } finally {
    closeSync(fd);
  }
}
