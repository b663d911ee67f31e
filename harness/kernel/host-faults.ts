// SPDX-License-Identifier: MIT
import {statfsSync} from 'node:fs';
import {tmpdir} from 'node:os';
import type {Context} from '../lib/context.js';
import {diskFull, isDiskFull} from '../lib/disk-full.js';
import {InfraError} from '../lib/errors.js';
import type {BuildLog} from './build-log.js';
import {deleteObjectDir} from './object-dir.js';

/** MiB of one O= and its stored kernel: see docs/kconfig.md for the figures. */
const BUILD_MIB = 200;

/** Turns a full file system into an error that says so, and gives the space of the broken `O=` back. */
export async function withDiskSpace<T>(ctx: Context, objectDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const thrown = [error, (error as {cause?: unknown} | undefined)?.cause];
    const inBuild = error instanceof DiskFullInBuild ? error.path : undefined;
    const full = inBuild ?? (thrown.some(isDiskFull) ? ctx.paths.cache : undefined);
    if (full === undefined) throw error;
    const failure = diskFull(full, BUILD_MIB, 'building a kernel', error);
    deleteObjectDir(objectDir);
    throw failure;
  }
}

/** Less than this free after a failed build: tools that could not write do not always say so. */
const TOO_LITTLE_MIB = 16;

/** Throws for a build that failed because of the host and not of the tree; for no other. */
export function blameHost(built: BuildLog, objectDir: string, toolchain: {compiler: string}, log: string): void {
  const [place] = [objectDir, tmpdir()].map((path) => ({path, free: freeMib(path)})).sort((a, b) => a.free - b.free);
  if (place !== undefined && (built.noSpace !== undefined || place.free < TOO_LITTLE_MIB)) {
    throw new DiskFullInBuild(place.path, built.noSpace ?? `make failed with ${place.free} MiB left`);
  }
  if (built.killed !== undefined) {
    throw new InfraError(`A compiler was killed while it worked: \`${built.killed}\``, {
      hint: 'The host most likely ran out of memory (see its dmesg). Fewer jobs at once need less.',
      facts: {compiler: toolchain.compiler, log},
    });
  }
}

function freeMib(path: string): number {
  const {bsize, bavail} = statfsSync(path);
  return Math.floor((bsize * bavail) / (1024 * 1024));
}

class DiskFullInBuild extends Error {
  constructor(
    readonly path: string,
    line: string,
  ) {
    super(line);
  }
}
