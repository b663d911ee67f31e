// SPDX-License-Identifier: MIT
/** The tree's own selftests, built by the tree's own makefiles. */
import {copyFileSync, existsSync, mkdirSync, mkdtempSync} from 'node:fs';
import {join} from 'node:path';
import {ARCHES} from '../kernel/arch.js';
import type {Context} from '../lib/context.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {mirrorTree} from './mirror.js';
import {
  type BuildContext,
  type BuiltPrograms,
  compilerWords,
  type MissingProgram,
  PROGRAMS,
  programsIn,
} from './programs.js';
import type {Program} from './suite.js';
import {SELFTESTS} from './target-suite.js';

type Kselftest = Extract<Program, {kind: 'kselftest'}>;

export async function buildKselftest(ctx: Context, build: BuildContext, program: Kselftest): Promise<BuiltPrograms> {
  const {arch, toolchain, treeKey, variables, sourceDir} = build;
  const store = join(ctx.paths.cache, 'store');
  const names = [...program.names].sort();
  const key = storeKey([
    ...['kselftest', treeKey, arch, toolchain.identity],
    ...[Object.entries(variables).sort(), program.target, names],
  ]);
  const found = treeKey === undefined ? undefined : await findEntry(store, PROGRAMS, key);
  if (found !== undefined) return {files: programsIn(found, names), missing: []};

  // Before the tree is looked at: this is where the caller puts it at the right commit.
  const headers = await build.installHeaders();
  if (!existsSync(join(sourceDir, SELFTESTS, program.target))) {
    const reason = `this tree has no ${SELFTESTS}/${program.target}`;
    return {files: [], missing: names.map((name) => ({program: name, reason, blame: 'kernel'}))};
  }
  const work = mkdtempSync(join(build.scratch, 'kselftest-'));
  const folder = join(work, 'tree', SELFTESTS, program.target);
  mirrorTree(sourceDir, [`${SELFTESTS}/${program.target}`], join(work, 'tree'));
  const out = join(work, 'out');
  mkdirSync(out);
  const paths = names.map((name) => join(out, name));
  await make(ctx, build, folder, out, headers, paths);

  const missing: MissingProgram[] = [];
  for (const name of names.filter((each) => !existsSync(join(out, each)))) {
    // Once more and alone, so that the words are about this one.
    const said = await make(ctx, build, folder, out, headers, [join(out, name)]);
    if (!existsSync(join(out, name))) missing.push({program: name, reason: compilerWords(said), blame: 'kernel'});
  }
  // What is not whole is not kept: a library that is installed tomorrow changes it, and would not change the key.
  if (missing.length > 0 || treeKey === undefined) return {files: programsIn(out, names), missing};
  const entry = await putEntry(store, PROGRAMS, key, async (target) => {
    for (const name of names) copyFileSync(join(out, name), join(target, name));
  });
  return {files: programsIn(entry, names), missing};
}

async function make(
  ctx: Context,
  build: BuildContext,
  folder: string,
  out: string,
  headers: string,
  targets: readonly string[],
): Promise<string> {
  const done = await ctx.exec.run('make', kselftestArguments(build, folder, out, headers, targets), {
    // From the environment, so that a makefile's `LDFLAGS +=` still adds to it.
    env: {LDFLAGS: '-static', LC_ALL: 'C', MAKEFLAGS: '', MFLAGS: ''},
  });
  return `${done.stderr}\n${done.stdout}`;
}

/**
 * make's arguments. CFLAGS are left alone: selftests depend on their own. `-k -i`, as a program that does not build or
 * link must not take the others with it.
 */
export function kselftestArguments(
  build: Pick<BuildContext, 'arch' | 'toolchain' | 'variables'>,
  folder: string,
  out: string,
  headers: string,
  targets: readonly string[],
): string[] {
  const {ARCH: _arch, KCFLAGS: _kcflags, ...variables} = build.variables;
  const words = {...variables, ...build.toolchain.words};
  return [
    ...['-C', folder],
    ...['-k', '-i'],
    `ARCH=${ARCHES[build.arch].word}`,
    ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
    `KHDR_INCLUDES=-isystem ${headers}`,
    `OUTPUT=${out}`,
    ...targets,
  ];
}
