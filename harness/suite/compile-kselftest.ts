// SPDX-License-Identifier: MIT
/** The tree's own selftests, built by the tree's own makefiles. */
import {mkdirSync, mkdtempSync, renameSync, rmSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import {ARCHES} from '../kernel/arch.js';
import {buildSeconds, refuseEndless} from '../kernel/build-limits.js';
import {LEFT_PROGRAM} from '../kernel/left-behind.js';
import {logEnds, MAX_LOG_BYTES} from '../kernel/read-log.js';
import type {Context} from '../lib/context.js';
import {KernelError} from '../lib/errors.js';
import {hasFile, needCopy} from '../lib/intake.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {mirrorTree, putHeaders} from './mirror.js';
import {
  type BuildContext,
  type BuiltPrograms,
  compilerWords,
  type MissingProgram,
  PROGRAMS,
  programsIn,
} from './programs.js';
import {HEADERS_DONE, SELFTEST_ENV, withOwnFlags} from './selftest-make.js';
import {SELFTESTS} from './target-suite.js';
import {findPrograms, hasSelftest, type Kselftest, type TreeProgram, whyAbsent} from './tree-programs.js';

/**
 * Collections whose makefile sets CFLAGS for the folders below it, which cannot be built without: the variable that
 * names these folders.
 */
const PARENTS: Readonly<Record<string, string>> = {arm64: 'ARM64_SUBTARGETS'};

export async function buildKselftest(ctx: Context, build: BuildContext, program: Kselftest): Promise<BuiltPrograms> {
  const {arch, toolchain, treeKey, variables, sourceDir} = build;
  const store = join(ctx.paths.cache, 'store');
  const names = program.names.map((path) => basename(path));
  const key = storeKey([
    ...['kselftest', treeKey, arch, toolchain.identity],
    ...[Object.entries(variables).sort(), program.target, [...program.names].sort()],
    ...(program.formerly === undefined ? [] : [Object.entries(program.formerly).sort()]),
  ]);
  const found = treeKey === undefined ? undefined : await findEntry(store, PROGRAMS, key);
  const kept = found === undefined ? [] : programsIn(found, names);
  if (found !== undefined && (program.optional !== undefined || kept.length === names.length)) {
    // What is kept lacks only what its tree lacks.
    const absent = names.filter((name) => !kept.includes(join(found, name)));
    return {files: kept, missing: await whyAllAbsent(build, program, absent)};
  }

  // Before the tree is looked at: this is where the caller puts it at the right commit.
  const headers = await build.installHeaders();
  const {folder, wanted, absent} = findPrograms(hasSelftest(sourceDir), program);
  const {files, missing: failed} = await makePrograms(ctx, build, program.target, folder, wanted, headers);
  const missing = [...failed, ...(await whyAllAbsent(build, program, absent))];
  // What is not whole is not kept: a library that is installed tomorrow changes it, and would not change the key.
  if (failed.length > 0 || treeKey === undefined) return {files, missing};
  const entry = await putEntry(store, PROGRAMS, key, async (fresh) => {
    for (const file of files) needCopy(dirname(file), basename(file), join(fresh, basename(file)), LEFT_PROGRAM);
  });
  return {files: programsIn(entry, names), missing};
}

async function makePrograms(
  ctx: Context,
  build: BuildContext,
  asked: string,
  folder: string | undefined,
  wanted: readonly TreeProgram[],
  headers: string,
): Promise<BuiltPrograms> {
  if (folder === undefined) {
    const reason = `this tree has no ${SELFTESTS}/${asked}`;
    return {files: [], missing: wanted.map(({name}) => ({program: name, reason, blame: 'kernel'}))};
  }
  // Without goals make would build all that there is.
  if (wanted.length === 0) return {files: [], missing: []};
  const work = mkdtempSync(join(build.scratch, 'kselftest-'));
  const top = join(work, 'tree');
  mirrorTree(build.sourceDir, [`${SELFTESTS}/${folder}`], top);
  putHeaders(top, headers);
  const place = placeOf(folder, join(top, SELFTESTS, folder), join(work, 'out'));
  // kvm's makefile generates headers below it, and does not make the folder.
  mkdirSync(join(place.out, 'tools'), {recursive: true});
  const paths = wanted.map(({path}) => path);
  const files: string[] = [];
  const missing: MissingProgram[] = [];
  const give = (name: string, reason: string): void => void missing.push({program: name, reason, blame: 'kernel'});
  // A program that is no plain file, and a makefile that prints without end, are faults of the tree's.
  const orWhy = async <T>(name: string, work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      give(name, error.message);
      return undefined;
    }
  };
  const log = join(work, 'make.log');
  const first = await orWhy(asked, () => make(ctx, build, place, headers, paths, log));
  if (first === undefined)
    return {files, missing: wanted.map(({name}) => ({...(missing[0] as MissingProgram), program: name}))};
  for (const {path, name} of wanted) {
    const isThere = (): boolean => hasFile(work, relative(work, join(place.out, path)), LEFT_PROGRAM);
    const built = await orWhy(name, async () => {
      if (isThere()) return true;
      // Once more and alone, so that the words are about this one.
      const said = await make(ctx, build, place, headers, [path], log);
      if (!isThere()) give(name, compilerWords(said.replaceAll(`${top}/`, '')));
      return isThere();
    });
    if (built !== true) continue;
    const file = join(place.out, dirname(path), name);
    if (file !== join(place.out, path)) renameSync(join(place.out, path), file);
    files.push(file);
  }
  return {files, missing};
}

const whyAllAbsent = (build: BuildContext, program: Kselftest, names: readonly string[]): Promise<MissingProgram[]> =>
  Promise.all(names.map((name) => whyAbsent(build, program, name)));

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
  log: string,
): Promise<string> {
  rmSync(log, {force: true});
  const [command = '', ...args] = withOwnFlags(['make', ...kselftestArguments(build, place, headers, paths)]);
  const limits = {timeoutSeconds: buildSeconds(), maxLogBytes: MAX_LOG_BYTES};
  const done = await ctx.exec.run(command, args, {env: SELFTEST_ENV, log, ...limits});
  refuseEndless(`make ${paths.join(' ')}`, done, log);
  return logEnds(log);
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
    HEADERS_DONE,
    `OUTPUT=${place.output}`,
    // Where kvm's makefile generates headers; without it, that is in the tree itself.
    `abs_objdir=${place.output}`,
    ...place.goals(paths),
  ];
}
