// SPDX-License-Identifier: MIT
/** Builds what suites push into guests, once per architecture. What has to fit a kernel is in `compile-modules.ts`. */
import {existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import type {ArchName, MakeVariables} from '../kernel/kernel-build.js';
import {LEFT_PROGRAM} from '../kernel/left-behind.js';
import {findToolchain} from '../kernel/toolchain.js';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {needCopy} from '../lib/intake.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {buildKselftest} from './compile-kselftest.js';
import {buildOwn} from './compile-own.js';
import {buildTarget} from './compile-target.js';
import type {BuildContext, BuiltPrograms, MissingProgram} from './programs.js';
import type {Suite, Test} from './suite.js';

export interface CompileRequest {
  suites: readonly Suite[];
  arch: ArchName;
  /** The tree whose selftests are built; it is only read. */
  sourceDir: string;
  /** Gets one folder a suite; what was there before under that name is replaced. */
  outDir: string;
  variables: MakeVariables;
  /**
   * Says what the tree's selftests are made from: the tree hashes of tools/testing/selftests, include/uapi and the
   * architecture's uapi. Without it they are built anew.
   */
  treeKey?: string;
  /** The hash of the whole tree, for suites that the tree describes itself. Without it they are built anew. */
  treeHash?: string;
  /**
   * The folder with the tree's uapi headers, for `-isystem`. Called once, when a kselftest has to be built and before
   * the tree is read for it.
   */
  installHeaders: () => Promise<string>;
  /** Does base have this file? Given when `sourceDir` is the tree with a series: what the series takes away is told. */
  hadBefore?: (path: string) => Promise<boolean>;
  /** Headers and libraries that the tree's own suites may want. Called once, when one of them is asked for. */
  libraries?: BuildContext['libraries'];
}

export interface CompiledSuite {
  /** Holds the programs and nothing else. */
  directory: string;
  missing: readonly MissingProgram[];
  /** Of a suite that the tree describes itself: what its makefiles list for this architecture. */
  tests?: readonly Test[];
}

/**
 * A program that fails to build is not an error here: it is `missing`, and its tests will say so.
 *
 * @throws InfraError when the compiler is not installed
 */
export async function compileSuites(ctx: Context, request: CompileRequest): Promise<Map<string, CompiledSuite>> {
  const {suites, arch, outDir} = request;
  const toolchain = await findToolchain(ctx, arch, request.variables);
  using scratch = makeTempDir(ctx, 'programs');
  const build: BuildContext = {
    ...request,
    toolchain,
    scratch: scratch.path,
    installHeaders: once(request.installHeaders),
    ...(request.libraries === undefined ? {} : {libraries: once(request.libraries)}),
  };
  mkdirSync(outDir, {recursive: true});
  const compiled = new Map<string, CompiledSuite>();
  for (const suite of suites) {
    const label = `programs of ${suite.name} for ${arch}`;
    await inStep(ctx.emit, 'compile', `compile-${arch}-${suite.name}`, label, async (step) => {
      const built = await compileSuite(ctx, build, suite, outDir);
      compiled.set(suite.name, built);
      const failed = namesOf(built.missing.filter(({absent}) => absent !== true));
      const absent = namesOf(built.missing.filter(({absent}) => absent === true));
      if (failed !== '') step.end('failed', `not built: ${failed}`);
      else step.end('ok', absent === '' ? undefined : `not in this tree: ${absent}`);
    });
  }
  return compiled;
}

const namesOf = (missing: readonly MissingProgram[]): string => missing.map(({program}) => program).join(', ');

async function compileSuite(ctx: Context, build: BuildContext, suite: Suite, outDir: string): Promise<CompiledSuite> {
  if (suite.target !== undefined) return buildTarget(ctx, build, suite.target, outDir);
  const {files, missing} = await buildPrograms(ctx, build, suite);
  return {directory: collect(outDir, suite.name, files), missing};
}

async function buildPrograms(ctx: Context, build: BuildContext, suite: Suite): Promise<BuiltPrograms> {
  const parts: BuiltPrograms[] = [];
  for (const program of suite.programs) {
    if (program.kind === 'own') parts.push(await buildOwn(ctx, build, suite, program));
    if (program.kind === 'kselftest') parts.push(await buildKselftest(ctx, build, program));
  }
  return {files: parts.flatMap(({files}) => files), missing: parts.flatMap(({missing}) => missing)};
}

/** One folder with hard links: whole under a temporary name, then put in place. */
function collect(outDir: string, name: string, files: readonly string[]): string {
  const directory = join(outDir, name);
  const folder = mkdtempSync(join(outDir, `.${name}-`));
  for (const file of files) linkOrCopy(file, join(folder, basename(file)));
  if (existsSync(directory)) {
    const old = mkdtempSync(join(outDir, `.${name}-old-`));
    renameSync(directory, join(old, name));
    renameSync(folder, directory);
    rmSync(old, {recursive: true, force: true});
  } else renameSync(folder, directory);
  return directory;
}

/** outDir may be on another file system than the store. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    needCopy(dirname(from), basename(from), to, LEFT_PROGRAM);
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
