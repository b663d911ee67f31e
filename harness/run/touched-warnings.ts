// SPDX-License-Identifier: MIT
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {compileWithMore, extraOptions, messageKey, touchedSources} from '../kernel/extra-warnings.js';
import type {CompilerMessage, KernelBuild} from '../kernel/kernel-build.js';
import {makeEnvironment} from '../kernel/make.js';
import {newWarnings} from '../kernel/new-warnings.js';
import {findToolchain} from '../kernel/toolchain.js';
import type {Context} from '../lib/context.js';
import {KernelError} from '../lib/errors.js';
import {inStep, type Step} from '../lib/events.js';
import {findEntry, putEntry, storeKey} from '../lib/store.js';
import {checkOut, confirmCheckOut} from '../tree/check-out.js';
import type {SourceTree} from '../tree/source-tree.js';
import type {ExtraWarnings} from '../verdict/results.js';
import {variablesFor} from './prepare.js';
import type {Request} from './request.js';

export interface Pair {
  base: KernelBuild;
  patched: KernelBuild;
}

export interface TouchedWarnings {
  /** New ones that the patched build itself did not print. */
  fresh: CompilerMessage[];
  record: ExtraWarnings;
}

const STORE_KIND = 'touched-warnings';
const STORED = 'warnings.json';

/**
 * Compiles the C files that a series touches once more, on base and patched, with warnings that kbuild leaves out, and
 * gives those that only the patched ones have. It takes the time of so many compilations, once: the answer is kept.
 *
 * The caller holds the tree's lock. The source is left at the patched commit; `O=` is only read.
 */
export async function warnAboutTouched(
  ctx: Context,
  tree: SourceTree,
  pair: Pair,
  touched: readonly string[],
  request: Request,
): Promise<TouchedWarnings> {
  const {arch, objectDir, compiler} = pair.patched;
  const options = [...extraOptions(compiler)];
  const key = storeKey([1, pair.base.key, pair.patched.key, [...touched], options]);
  const root = join(ctx.paths.cache, 'store');
  const label = `${arch}: touched C files once more, with further warnings`;
  return inStep(ctx.emit, 'build', `warnings ${arch}`, label, async (step) => {
    const stored = await findEntry(root, STORE_KIND, key);
    if (stored !== undefined) {
      step.end('cached');
      return JSON.parse(readFileSync(join(stored, STORED), 'utf8')) as TouchedWarnings;
    }
    const started = performance.now();
    const {compiled, notCompiled} = touchedSources(objectDir, touched);
    const record = (more: Partial<ExtraWarnings> = {}): ExtraWarnings => ({
      ...{options, compiled, notCompiled},
      seconds: (performance.now() - started) / 1000,
      ...more,
    });
    if (!existsSync(join(objectDir, 'vmlinux'))) {
      const failed = 'the kernels came from the cache and their objects are gone';
      step.end('skipped', failed);
      return {fresh: [], record: record({compiled: [], failed})};
    }
    if (compiled.length === 0) {
      step.end('skipped', 'this kernel compiles no C file that the series touches');
      return {fresh: [], record: record()};
    }
    try {
      const fresh = await compilePair(ctx, tree, pair, {touched, compiled, options, request, step});
      const answer = {fresh, record: record()};
      await putEntry(root, STORE_KIND, key, async (folder) =>
        writeFileSync(join(folder, STORED), `${JSON.stringify(answer, null, 2)}\n`),
      );
      step.end('ok', `${compiled.length} compiled, ${fresh.length} new`);
      return answer;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      step.end('failed', error.message);
      return {fresh: [], record: record({failed: error.message})};
    }
  });
}

interface Work {
  touched: readonly string[];
  compiled: readonly string[];
  options: readonly string[];
  request: Request;
  step: Step;
}

async function compilePair(
  ctx: Context,
  tree: SourceTree,
  {base, patched}: Pair,
  {touched, compiled, options, request, step}: Work,
): Promise<CompilerMessage[]> {
  const {arch, objectDir} = patched;
  const toolchain = await findToolchain(ctx, arch, variablesFor(arch, request.variables));
  const env = makeEnvironment(toolchain);
  let done = 0;
  const onFile = (): void => step.progress(++done, 2 * compiled.length);
  const compile = async (commit: string): Promise<CompilerMessage[]> => {
    await checkOut(ctx, tree, commit);
    const {sourceDir} = tree;
    const jobs = request.buildJobs;
    const compiler = toolchain.command;
    const files = compiled;
    const said = await compileWithMore(ctx, {sourceDir, objectDir, options, compiler, env, files, jobs, onFile});
    await confirmCheckOut(ctx, tree, commit);
    return said;
  };
  const before = await compile(base.commit);
  const after = await compile(patched.commit);
  // What the build itself printed is there already.
  const known = new Set(patched.warnings.map(messageKey));
  return newWarnings(before, after, touched).filter((message) => !known.has(messageKey(message)));
}
