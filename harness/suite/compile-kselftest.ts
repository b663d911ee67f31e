// SPDX-License-Identifier: MIT
/** The tree's own selftests, built by the tree's own makefiles. */
import {copyFileSync, existsSync, mkdirSync, mkdtempSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
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

/**
 * Collections whose makefile sets CFLAGS for the folders below it, which cannot be built without: the variable that
 * names these folders.
 */
const PARENTS: Readonly<Record<string, string>> = {arm64: 'ARM64_SUBTARGETS'};

export async function buildKselftest(ctx: Context, build: BuildContext, program: Kselftest): Promise<BuiltPrograms> {
  const {arch, toolchain, treeKey, variables, sourceDir} = build;
  const store = join(ctx.paths.cache, 'store');
  const paths = [...program.names].sort();
  const names = paths.map((path) => basename(path));
  const key = storeKey([
    ...['kselftest', treeKey, arch, toolchain.identity],
    ...[Object.entries(variables).sort(), program.target, paths],
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
  const place = placeOf(program.target, folder, join(work, 'out'));
  const {out} = place;
  // kvm's makefile generates headers below it, and does not make the folder.
  mkdirSync(join(out, 'tools'), {recursive: true});
  await make(ctx, build, place, headers, paths);

  const missing: MissingProgram[] = [];
  for (const path of paths.filter((each) => !existsSync(join(out, each)))) {
    // Once more and alone, so that the words are about this one.
    const said = await make(ctx, build, place, headers, [path]);
    if (existsSync(join(out, path))) continue;
    missing.push({program: basename(path), reason: compilerWords(said), blame: 'kernel'});
  }
  const built = paths.map((path) => join(out, path)).filter((file) => existsSync(file));
  // What is not whole is not kept: a library that is installed tomorrow changes it, and would not change the key.
  if (missing.length > 0 || treeKey === undefined) return {files: built, missing};
  const entry = await putEntry(store, PROGRAMS, key, async (target) => {
    for (const file of built) copyFileSync(file, join(target, basename(file)));
  });
  return {files: programsIn(entry, names), missing};
}

/** Where make is called, and where the programs come to be. */
export interface Place {
  /** For `make -C`. */
  folder: string;
  /** make's OUTPUT. */
  output: string;
  out: string;
  /** make's words for programs, which are given as paths below `out`. */
  goals(paths: readonly string[]): string[];
}

/** @param output an empty folder, or none */
export function placeOf(target: string, folder: string, output: string): Place {
  const [parent = '', ...below] = target.split('/');
  const variable = PARENTS[parent];
  if (variable === undefined || below.length !== 1) {
    return {folder, output, out: output, goals: (paths) => paths.map((path) => join(output, path))};
  }
  // It makes all programs of the folder: what is there already is not made again.
  const goals = (): string[] => [`${variable}=${below[0]}`, 'all'];
  return {folder: dirname(folder), output, out: join(output, ...below), goals};
}

async function make(
  ctx: Context,
  build: BuildContext,
  place: Place,
  headers: string,
  paths: readonly string[],
): Promise<string> {
  const done = await ctx.exec.run('make', kselftestArguments(build, place, headers, paths), {
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
  place: Place,
  headers: string,
  paths: readonly string[],
): string[] {
  const {ARCH: _arch, KCFLAGS: _kcflags, ...variables} = build.variables;
  const words = {...variables, ...build.toolchain.words};
  return [
    ...['-C', place.folder],
    ...['-k', '-i'],
    `ARCH=${ARCHES[build.arch].word}`,
    ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
    `KHDR_INCLUDES=-isystem ${headers}`,
    `OUTPUT=${place.output}`,
    // Where kvm's makefile generates headers; without it, that is in the tree itself.
    `abs_objdir=${place.output}`,
    ...place.goals(paths),
  ];
}
