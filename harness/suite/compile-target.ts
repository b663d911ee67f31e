// SPDX-License-Identifier: MIT
/** A whole TARGETS of the tree's selftests, built and installed by the tree's own makefiles. */
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {dirname, join} from 'node:path';
import {ARCHES} from '../kernel/arch.js';
import type {Context} from '../lib/context.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {readInstallLog, whyMissing} from './install-log.js';
import {mirrorTree, putHeaders} from './mirror.js';
import type {BuildContext, MissingProgram} from './programs.js';
import {HEADERS_DONE, SELFTEST_ENV, withOwnFlags} from './selftest-make.js';
import type {Test} from './suite.js';
import {SELFTESTS} from './target-suite.js';
import {listedTests, testsOfTarget} from './target-tests.js';

/** The store's kind, and the one file in an entry of it. */
const TARGETS = 'targets';
const ARCHIVE = 'install.tar';

export interface CompiledTarget {
  /** What `make install` filled: run_kselftest.sh, its list, a folder for the target. */
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
  const store = join(ctx.paths.cache, 'store');
  const key = storeKey([1, treeHash, arch, toolchain.identity, Object.entries(variables).sort(), target]);
  const found = treeHash === undefined ? undefined : await findEntry(store, TARGETS, key);
  if (found !== undefined) {
    await ctx.exec.runOk('tar', ['-x', '-f', join(found, ARCHIVE), '-C', directory]);
    return {directory, missing: [], tests: testsOfTarget(directory, target, [])};
  }
  const missing = await install(ctx, build, target, directory);
  // What is not whole is not kept: a library that is installed tomorrow changes it, and would not change the key.
  if (missing.length === 0 && treeHash !== undefined) {
    await putEntry(store, TARGETS, key, async (folder) => {
      await ctx.exec.runOk('tar', ['-c', '-f', join(folder, ARCHIVE), '-C', directory, '.']);
    });
  }
  return {directory, missing, tests: testsOfTarget(directory, target, missing)};
}

async function install(
  ctx: Context,
  build: BuildContext,
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
  const log = `${directory}.log`;
  rmSync(log, {force: true});
  const installed = join(work, 'installed');
  const [command = '', ...args] = withOwnFlags(['make', ...targetArguments(build, top, target, headers, installed)]);
  const done = await ctx.exec.run(command, args, {log, env: SELFTEST_ENV});
  const words = readInstallLog(existsSync(log) ? readFileSync(log, 'utf8') : '');
  if (existsSync(installed)) {
    rmSync(directory, {recursive: true});
    mkdirSync(dirname(directory), {recursive: true});
    await ctx.exec.runOk('cp', ['-a', installed, directory]);
  }
  const listed = new Set(listedTests(directory, target));
  const missing = words.missing
    .filter((name) => !existsSync(join(directory, target, name)))
    .map((name): MissingProgram => {
      const reason = whyMissing(name, words);
      return {program: name, reason, blame: blameOf(reason), ...(listed.has(name) ? {} : {extra: true})};
    });
  if (done.exitCode === 0 || existsSync(join(directory, target))) return missing;
  const said = [...words.words.values()][0] ?? whyStopped(log);
  return [...missing, {program: 'make', reason: `make exited ${done.exitCode}: ${said}`, blame: 'kernel'}];
}

/** A library or its header that the host lacks is no fault of the tree. */
function blameOf(words: string): MissingProgram['blame'] {
  return /cannot find -l/.test(words) ? 'infra' : 'kernel';
}

/** make's own words about why it stopped. */
function whyStopped(log: string): string {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
  return (
    lines.find((line) => / \*\*\* |:\d+: \*\*\*/.test(line)) ?? (lines.slice(-3).join('\n') || '<it printed nothing>')
  );
}

/**
 * make's arguments: the tree's own `install` of one target. CFLAGS are left alone. `-k -i`, as a program that does not
 * build or link must not take the others with it.
 */
export function targetArguments(
  build: Pick<BuildContext, 'arch' | 'toolchain' | 'variables'>,
  top: string,
  target: string,
  headers: string,
  installed: string,
): string[] {
  const {ARCH: _arch, KCFLAGS: _kcflags, ...variables} = build.variables;
  const {CC, ...others} = build.toolchain.words;
  // A ccache of ours stays away: older trees quote $(CC) as one word in their probes, and then leave programs out.
  const words = {...variables, ...others, ...(CC === undefined || CC.startsWith('ccache ') ? {} : {CC})};
  return [
    ...['-C', join(top, SELFTESTS)],
    ...['-k', '-i', `-j${availableParallelism()}`, '--output-sync=target'],
    // The headers are there; making them would be in the source. Trees up to 5.18 have this goal.
    ...['-o', 'khdr'],
    `TARGETS=${target}`,
    // Some are left out unless one insists; `-t` does.
    'SKIP_TARGETS=',
    `ARCH=${ARCHES[build.arch].word}`,
    ...Object.entries(words).map(([name, value]) => `${name}=${value}`),
    `KHDR_INCLUDES=-isystem ${headers}`,
    HEADERS_DONE,
    `KSFT_INSTALL_PATH=${installed}`,
    'install',
  ];
}
