// SPDX-License-Identifier: MIT
/** A whole TARGETS of the tree's selftests, built and installed by the tree's own makefiles. */
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Libraries} from '../image/libraries.js';
import {buildSeconds, refuseEndless} from '../kernel/build-limits.js';
import {LEFT_PROGRAM} from '../kernel/left-behind.js';
import {logEnds, logLines, MAX_LOG_BYTES} from '../kernel/read-log.js';
import type {Context} from '../lib/context.js';
import {KernelError} from '../lib/errors.js';
import {hasFolder, putBelow} from '../lib/intake.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {clip} from '../lib/text.js';
import {type InstallLog, readInstallLog, whyMissing} from './install-log.js';
import {takeInstalled} from './installed.js';
import {mirrorTree, putHeaders} from './mirror.js';
import {blameForWords, standIn} from './not-built.js';
import type {BuildContext, MissingProgram} from './programs.js';
import {withOwnFlags} from './selftest-make.js';
import {collectLibraries} from './shared-libraries.js';
import type {Test} from './suite.js';
import {targetArguments, targetEnvironment} from './target-make.js';
import {LIBRARIES, SELFTESTS} from './target-suite.js';
import {listedTests, testsOfTarget} from './target-tests.js';

/** The store's kind, and the one file in an entry of it. */
const TARGETS = 'targets';
const ARCHIVE = 'install.tar';
/** Characters of make's own words. */
const MAX_WORDS = 1000;

export interface CompiledTarget {
  /** What `make install` filled: run_kselftest.sh, its list, a folder for the target; and `LIBRARIES`, if any. */
  directory: string;
  missing: readonly MissingProgram[];
  tests: readonly Test[];
}

/**
 * Builds a target for the architecture of `build`. What fails to compile or to link is `missing`, in the compiler's
 * words, and so is a target that installs nothing although make failed.
 *
 * @param build its `treeHash` is what the programs are kept by: any file of the tree may go into them
 */
export async function buildTarget(
  ctx: Context,
  build: BuildContext,
  target: string,
  outDir: string,
): Promise<CompiledTarget> {
  const directory = join(outDir, `${target.replaceAll('/', '_')}.installed`);
  rmSync(directory, {recursive: true, force: true});
  mkdirSync(directory, {recursive: true});
  const {treeHash, arch, toolchain, variables} = build;
  const libraries = await build.libraries?.();
  const store = join(ctx.paths.cache, 'store');
  const words = Object.entries(variables).sort();
  const key = storeKey([2, treeHash, arch, toolchain.identity, words, target, libraries?.identity]);
  const found = treeHash === undefined ? undefined : await findEntry(store, TARGETS, key);
  if (found !== undefined) {
    await ctx.exec.runOk('tar', ['-x', '-f', join(found, ARCHIVE), '-C', directory]);
    return {directory, missing: [], tests: testsOfTarget(directory, target, [])};
  }
  let built: Pick<CompiledTarget, 'missing' | 'tests'>;
  try {
    const missing = await install(ctx, build, libraries, target, directory);
    built = {missing, tests: testsOfTarget(directory, target, missing)};
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    // What was installed cannot be looked at, so none of it is run.
    rmSync(directory, {recursive: true, force: true});
    mkdirSync(directory);
    const missing: MissingProgram[] = [{program: 'make', reason: error.message, blame: 'kernel'}];
    built = {missing, tests: testsOfTarget(directory, target, missing)};
  }
  // What is not whole is not kept: a library that is installed tomorrow changes it, and would not change the key.
  if (built.missing.length === 0 && treeHash !== undefined) {
    await putEntry(store, TARGETS, key, async (folder) => {
      await ctx.exec.runOk('tar', ['-c', '-f', join(folder, ARCHIVE), '-C', directory, '.']);
    });
  }
  return {directory, ...built};
}

async function install(
  ctx: Context,
  build: BuildContext,
  libraries: Libraries | undefined,
  target: string,
  directory: string,
): Promise<MissingProgram[]> {
  // Before the tree is looked at: this is where the caller puts it at the right commit.
  const headers = await build.installHeaders();
  const work = mkdtempSync(join(build.scratch, 'target-'));
  const top = join(work, 'tree');
  // tools/arch: KVM's tests generate headers in it.
  mirrorTree(
    build.sourceDir,
    [SELFTESTS, 'tools/arch'].filter((folder) => existsSync(join(build.sourceDir, folder))),
    top,
  );
  putHeaders(top, headers);
  const installed = join(work, 'installed');
  const make = async (linking: 'static' | 'dynamic', log: string): Promise<Made> => {
    rmSync(log, {force: true});
    const words = ['make', ...targetArguments(build, top, target, headers, installed)];
    const [command = '', ...args] = withOwnFlags(words);
    const limits = {timeoutSeconds: buildSeconds(), maxLogBytes: MAX_LOG_BYTES};
    const done = await ctx.exec.run(command, args, {log, env: targetEnvironment(linking, libraries), ...limits});
    refuseEndless(`make TARGETS=${target} install`, done, log);
    return {exitCode: done.exitCode, log, words: readInstallLog(logLines(log, 0))};
  };
  const isThere = (name: string): boolean => existsSync(join(installed, target, name));
  const first = await make('static', `${directory}.log`);
  let absent = first.words.missing.filter((name) => !isThere(name));
  // Only what is missing is made again. Some programs cannot be static: they define what libc.a brings as well.
  const second = absent.length === 0 ? undefined : await make('dynamic', `${directory}.dynamic.log`);
  const dynamic = absent.filter(isThere);
  if (dynamic.length > 0) {
    const message = `${target} for ${build.arch}: linked dynamically, as they do not link statically: ${dynamic.join(', ')}`;
    ctx.emit({type: 'note', message});
  }
  absent = absent.filter((name) => !isThere(name));
  await takeInstalled(ctx, installed, directory);
  const listed = new Set(listedTests(directory, target));
  const extra = (name: string): Pick<MissingProgram, 'extra'> => (listed.has(name) ? {} : {extra: true});
  const isInTree = (header: string): boolean => isHeaderOf(top, target, header);
  const missing = absent.map((name): MissingProgram => {
    const words = whyMissing(name, second?.words ?? first.words, first.words);
    return {program: name, ...blameForWords(words, isInTree), ...extra(name)};
  });
  const folder = join(directory, target);
  if (!hasFolder(directory, target, LEFT_PROGRAM)) {
    if (first.exitCode === 0) return missing;
    const said = [...first.words.words.values()][0] ?? whyStopped(first.log);
    return [...missing, {program: 'make', reason: `make exited ${first.exitCode}: ${said}`, blame: 'kernel'}];
  }
  for (const one of missing.filter(({extra: helper, blame}) => helper && blame === 'infra')) {
    putBelow(directory, join(target, one.program), standIn(one), 0o755);
  }
  const unmet = await collectLibraries(ctx, build, folder, join(directory, LIBRARIES));
  for (const {program, library, odd} of unmet) {
    const why: Pick<MissingProgram, 'reason' | 'blame'> = odd
      ? {reason: `it asks for the library \`${library}\`, which is no name of one`, blame: 'kernel'}
      : {reason: `this host has no ${library}, which it asks for`, blame: 'infra'};
    missing.push({program, ...why, ...extra(program)});
  }
  return missing;
}

interface Made {
  exitCode: number | null;
  log: string;
  words: InstallLog;
}

/** Where the selftests' makefiles look for headers of the tree. */
function isHeaderOf(top: string, target: string, header: string): boolean {
  const folders = [
    join(SELFTESTS, target),
    SELFTESTS,
    'tools/include',
    'tools/include/uapi',
    'include',
    'include/uapi',
  ];
  return folders.some((folder) => existsSync(join(top, folder, header)));
}

/** make's own words about why it stopped. */
function whyStopped(log: string): string {
  const lines = logEnds(log).trimEnd().split('\n');
  const words = lines.find((line) => / \*\*\* |:\d+: \*\*\*/.test(line)) ?? lines.slice(-3).join('\n');
  return clip(words, MAX_WORDS) || '<it printed nothing>';
}
