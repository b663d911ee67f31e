// SPDX-License-Identifier: MIT
/** A suite's own C: one call of the compiler, kept by what went into it. */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {ARCHES, crossPrefix} from '../kernel/arch.js';
import {toolNames} from '../kernel/toolchain.js';
import type {Context} from '../lib/context.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {type BuildContext, type BuiltPrograms, compilerWords, PROGRAMS, programsIn} from './programs.js';
import type {Program, Suite} from './suite.js';

type OwnProgram = Extract<Program, {kind: 'own'}>;

/** Static, because the guest has no libraries for it; the rest as the sources are written for. */
const FLAGS = ['-static', '-O2', '-Wall', '-Wextra', '-pthread'];

export async function buildOwn(
  ctx: Context,
  build: BuildContext,
  suite: Suite,
  program: OwnProgram,
): Promise<BuiltPrograms> {
  const include = join(ctx.paths.project, 'selftests/include');
  const [compiler = '', ...args] = ownCommand(build, suite, program, include);
  const key = storeKey([
    ...['own', build.arch, build.toolchain.identity, program.name, compiler, args],
    ...[sourceText(suite.directory), sourceText(include)],
  ]);
  const store = join(ctx.paths.cache, 'store');
  const found = await findEntry(store, PROGRAMS, key);
  if (found !== undefined) return {files: programsIn(found, [program.name]), missing: []};

  let words = '';
  try {
    const folder = await putEntry(store, PROGRAMS, key, async (target) => {
      const done = await ctx.exec.run(compiler, [...args, '-o', join(target, program.name)], {
        cwd: suite.directory,
        env: {LC_ALL: 'C'},
      });
      if (done.exitCode === 0) return;
      words = compilerWords(`${done.stderr}\n${done.stdout}`);
      throw new NotBuilt();
    });
    return {files: programsIn(folder, [program.name]), missing: []};
  } catch (error) {
    if (!(error instanceof NotBuilt)) throw error;
    return {files: [], missing: [{program: program.name, reason: words, blame: 'infra'}]};
  }
}

/** Leaves `putEntry` without an entry. */
class NotBuilt extends Error {}

/** The compiler and its arguments, but for the output. */
export function ownCommand(
  build: Pick<BuildContext, 'arch' | 'variables'>,
  _suite: Suite,
  program: OwnProgram,
  include: string,
): string[] {
  const {cc} = toolNames(build.arch, build.variables);
  const words = cc.trim().split(/\s+/);
  // gcc is built for one target; clang has to be told, as kbuild tells it.
  const cross = crossPrefix(build.arch) === '' ? [] : [`--target=${ARCHES[build.arch].crossPrefix.slice(0, -1)}`];
  return [
    ...words,
    ...(words.some((word) => /(^|\/)clang(-\d+)?$/.test(word)) ? cross : []),
    ...FLAGS,
    ...['-I', include],
    ...program.sources,
    ...program.libs.map((lib) => `-l${lib}`),
  ];
}

/** Every source and header of a folder with its name: any of them may be included. */
function sourceText(directory: string): [string, string][] {
  return readdirSync(directory)
    .filter((name) => /\.[chS]$/.test(name))
    .sort()
    .map((name) => [name, readFileSync(join(directory, name), 'utf8')]);
}
