// SPDX-License-Identifier: MIT
/** What programs that were linked dynamically need in the guest beside its libc. */
import {copyFileSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {basename, isAbsolute, join} from 'node:path';
import {readNeeded} from '../image/elf.js';
import {toolNames} from '../kernel/toolchain.js';
import type {Context} from '../lib/context.js';
import type {BuildContext} from './programs.js';

/** In every guest with `guest.tools`: the loader and libc. */
const IN_GUEST = /^(?:libc\.so\.6|ld-linux[\w-]*\.so\.\d+)$/;

/** A program that asks for a library which the compiler does not find. */
export interface Unmet {
  program: string;
  library: string;
}

/**
 * Copies the libraries that the programs below `folder` ask for, and what those ask for, from where the compiler finds
 * them.
 *
 * @param to made when there is something to put into it
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
      if (!found.has(library)) {
        const file = await findLibrary(ctx, build, library);
        found.set(library, file);
        if (file !== undefined) {
          mkdirSync(to, {recursive: true});
          copyFileSync(file, join(to, library));
          queue.push({program: next.program, file});
        }
      }
      if (found.get(library) === undefined) unmet.push({program: next.program, library});
    }
  }
  return unmet;
}

/** The libraries of a 64-bit program; anything else needs none of ours. */
function neededBy(file: string): string[] {
  const data = readFileSync(file);
  const is64BitElf = data.length >= 64 && data.readUInt32BE(0) === 0x7f454c46 && data[4] === 2 && data[5] === 1;
  return is64BitElf ? readNeeded(basename(file), data).needed.filter((name) => !IN_GUEST.test(name)) : [];
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
  return exitCode === 0 && isAbsolute(path) ? path : undefined;
}
