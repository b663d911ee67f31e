// SPDX-License-Identifier: MIT
/** Which of the files that a series touches are part of the kernels that were built, and of the suites' programs. */
import {readFileSync} from 'node:fs';
import {basename, extname} from 'node:path';
import {readSources} from '../kernel/compiled-in.js';
import {archOfFile, kindOf, sourceArch} from '../kernel/file-kind.js';
import type {ArchName, KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import type {Suite} from '../suite/suite.js';
import {SELFTESTS} from '../suite/target-suite.js';
import {foldersOf} from '../suite/tree-programs.js';
import {readAt} from '../tree/read-at.js';
import type {SuiteProgram, TouchedFile} from '../verdict/coverage.js';
import type {Work} from './build-everything.js';
import {type Kernels, kernelKey} from './lab.js';
import type {Ledger} from './ledger.js';

/** What is run as it stands. */
const SCRIPTS = new Set(['.sh', '.py', '.pl']);
const HAS_MAIN = /\bmain\s*\(|\bTEST_HARNESS_MAIN\b/;

/**
 * Asked of base and of patched: a file that the series adds is part of the one alone, one that it removes of the other.
 *
 * @returns undefined when no kernel was built
 */
export async function seeTouched(ctx: Context, work: Work, kernels: Kernels): Promise<Ledger['touched']> {
  const {plan, touched} = work;
  const arches = plan.arches.filter((arch) => buildsOf(kernels, arch).length > 0);
  if (arches.length === 0) return undefined;
  const sources = new Map(arches.map((arch) => [arch, sourcesOf(kernels, arch)]));
  const built = new Set(arches.map(sourceArch));
  const suites = [...new Map(plan.lanes.map(({suite}) => [suite.name, suite])).values()];
  const files: TouchedFile[] = [];
  for (const file of touched) {
    const kind = kindOf(file);
    const having = arches.filter((arch) => kind === 'source' && sources.get(arch)?.files.has(file));
    const untold = arches.filter(
      (arch) => kind === 'source' && !having.includes(arch) && sources.get(arch)?.whole !== true,
    );
    const folder = archOfFile(file);
    const programs =
      kind === 'tools' && work.request.selftestsFrom === 'patched' ? await programsFrom(ctx, work, suites, file) : [];
    files.push({
      ...{file, kind, arches: having},
      ...(untold.length > 0 ? {untold} : {}),
      ...(folder !== undefined && !built.has(folder) ? {otherArch: folder} : {}),
      ...(programs.length > 0 ? {programs} : {}),
    });
  }
  return {files, arches};
}

/** Of both kernels of an architecture together; `whole`: each of those that were built says what it was compiled from. */
function sourcesOf(kernels: Kernels, arch: ArchName): {files: ReadonlySet<string>; whole: boolean} {
  const lists = buildsOf(kernels, arch).map(readList);
  const known = lists.filter((list) => list !== undefined);
  return {
    files: new Set(known.flatMap((list) => [...list])),
    whole: known.length === lists.length,
  };
}

const buildsOf = (kernels: Kernels, arch: ArchName): KernelBuild[] =>
  (['base', 'patched'] as const).flatMap((side) => kernels.get(kernelKey(arch, side)) ?? []);

function readList({sources}: KernelBuild): ReadonlySet<string> | undefined {
  if (sources === undefined) return undefined;
  try {
    return readSources(readFileSync(sources, 'utf8'));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** The suites that build a program from a file of the tree's selftests. */
async function programsFrom(ctx: Context, work: Work, suites: readonly Suite[], file: string): Promise<SuiteProgram[]> {
  if (!file.startsWith(`${SELFTESTS}/`)) return [];
  const path = file.slice(SELFTESTS.length + 1);
  const programs: SuiteProgram[] = [];
  for (const suite of suites) {
    const folders = foldersIn(suite);
    if (folders.length === 0) continue;
    const isShared = !path.includes('/');
    if (!isShared && !folders.some((folder) => path.startsWith(`${folder}/`))) continue;
    const tests = isShared ? [] : testsOf(suite, path);
    const isAsked = suite.target === undefined && tests.length > 0;
    const isOwn = !isShared && (isAsked || (await isProgram(ctx, work, file)));
    // What is a program of its own, and none that the suite asks for, is not built for it.
    if (isOwn && tests.length === 0) continue;
    programs.push({suite: suite.name, tests, strict: isOwn && !isWhole(suite, work)});
  }
  return programs;
}

const foldersIn = ({target, programs}: Suite): string[] => [
  ...(target === undefined ? [] : [target]),
  ...programs.flatMap((program) => (program.kind === 'kselftest' ? foldersOf(program) : [])),
];

/** Names of the tests that run what is built from a file; the makefiles call a test of a target by its program. */
function testsOf({target, programs, tests}: Suite, path: string): string[] {
  const name = basename(path, extname(path));
  if (target !== undefined) return [name, basename(path)];
  const called = programs.flatMap((program) =>
    program.kind === 'kselftest'
      ? program.names.filter((one) => [one, program.formerly?.[one] ?? one].some((word) => basename(word) === name))
      : [],
  );
  const words = called.map((one) => basename(one));
  return tests
    .filter(({run}) => run.split(/[\s/;&|()'"]+/).some((word) => words.includes(word)))
    .map((test) => test.name);
}

/** All tests of a target were asked for: whichever of its tests runs a program, it was run. */
function isWhole({name, target}: Suite, {plan}: Work): boolean {
  return target !== undefined && !plan.selection.some(({suite, test}) => suite === name && test !== undefined);
}

async function isProgram(ctx: Context, {tree, sides}: Work, file: string): Promise<boolean> {
  if (SCRIPTS.has(extname(file))) return true;
  if (extname(file) !== '.c') return false;
  for (const {commit} of sides) {
    const text = await readAt(ctx, tree, commit, file);
    if (text !== undefined && HAS_MAIN.test(text)) return true;
  }
  return false;
}
