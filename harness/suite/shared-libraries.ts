// SPDX-License-Identifier: MIT
/** What programs that were linked dynamically need in the guest beside its libc. */
import {mkdirSync, readdirSync, realpathSync} from 'node:fs';
import {basename, dirname, isAbsolute, join} from 'node:path';
import {readNeeded} from '../image/elf.js';
import {LEFT_PROGRAM} from '../kernel/left-behind.js';
import {toolNames} from '../kernel/toolchain.js';
import type {Context} from '../lib/context.js';
import {type IntakeRule, isOneName, needCopy, takeHead} from '../lib/intake.js';
import {cleanLine, clip} from '../lib/text.js';
import type {BuildContext} from './programs.js';

/** In every guest with `guest.tools`: the loader and libc. */
const IN_GUEST = /^(?:libc\.so\.6|ld-linux[\w-]*\.so\.\d+)$/;

/** Bytes of a program that are looked at; what a larger one needs is seen when it is run. */
const MAX_READ = 64 * 1024 * 1024;

/** A program that asks for a library which the compiler does not find. */
export interface Unmet {
  program: string;
  library: string;
  /** It is no name of a library but a path: the loader would take that, and kverdict copies nothing by it. */
  odd?: true;
}

/** Libraries are the compiler's; `-print-file-name` may give a link to the one with the version in its name. */
const OF_HOST: IntakeRule = {what: 'a library of the compiler', blame: 'infra', maxBytes: 256 * 1024 * 1024};

/**
 * Copies the libraries that the programs below `folder` ask for, and what those ask for, from where the compiler finds
 * them.
 *
 * @param folder a folder, and no link to one
 * @param to not there; made when there is something to put into it
 */
export async function collectLibraries(
  ctx: Context,
  build: Pick<BuildContext, 'arch' | 'variables'>,
  folder: string,
  to: string,
): Promise<Unmet[]> {
  const queue = readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => ({program: entry.name, file: join(entry.parentPath, entry.name)}));
  const found = new Map<string, string | undefined>();
  const unmet: Unmet[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const library of neededBy(next.file)) {
      if (!isOneName(library)) {
        unmet.push({program: next.program, library: clip(cleanLine(library), 80), odd: true});
        continue;
      }
      if (!found.has(library)) {
        const file = await findLibrary(ctx, build, library);
        found.set(library, file);
        if (file !== undefined) {
          mkdirSync(to, {recursive: true});
          needCopy(dirname(file), basename(file), join(to, library), OF_HOST);
          queue.push({program: next.program, file});
        }
      }
      if (found.get(library) === undefined) unmet.push({program: next.program, library});
    }
  }
  return unmet;
}

/** The libraries of a 64-bit program; anything else needs none of ours. One that is damaged says so when it is run. */
function neededBy(file: string): string[] {
  const data = takeHead(dirname(file), basename(file), MAX_READ, LEFT_PROGRAM)?.head ?? Buffer.alloc(0);
  const is64BitElf = data.length >= 64 && data.readUInt32BE(0) === 0x7f454c46 && data[4] === 2 && data[5] === 1;
  if (!is64BitElf) return [];
  try {
    return readNeeded(basename(file), data).needed.filter((name) => !IN_GUEST.test(name));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

async function findLibrary(
  ctx: Context,
  {arch, variables}: Pick<BuildContext, 'arch' | 'variables'>,
  library: string,
): Promise<string | undefined> {
  const [command = '', ...words] = toolNames(arch, variables).cc.trim().split(/\s+/);
  const {stdout, exitCode} = await ctx.exec.run(command, [...words, `-print-file-name=${library}`]);
  const path = stdout.trim();
  // A name that was not found comes back as it was.
  return exitCode === 0 && isAbsolute(path) ? realpathSync(path) : undefined;
}
