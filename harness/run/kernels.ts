// SPDX-License-Identifier: MIT
import {dirname} from 'node:path';

import {BuildFailed, type BuildRequest, buildKernel} from '../kernel/build.js';
import {type AskedSymbol, fragmentFolder, loadFragments} from '../kernel/kconfig-fragment.js';
import type {ArchName, CompilerMessage, KernelBuild, Side} from '../kernel/kernel-build.js';
import {newWarnings} from '../kernel/new-warnings.js';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {compileModules, type SuiteModules} from '../suite/compile-modules.js';
import {checkOut, confirmCheckOut} from '../tree/check-out.js';
import {treeHash} from '../tree/resolve.js';
import type {SourceTree} from '../tree/source-tree.js';
import type {BuildRecord} from '../verdict/results.js';
import {type Kernels, kernelKey, type Modules} from './lab.js';
import type {Ledger} from './ledger.js';
import {type Plan, suitesOn, variablesFor} from './prepare.js';
import type {Request} from './request.js';
import type {RunDir} from './run-dir.js';
import {warnAboutTouched} from './touched-warnings.js';
import {symbolRecords} from './untestable.js';

/** A commit to build, and what it is called in the results. */
export interface SideCommit {
  side: Side;
  /** `only` when there is no other side. */
  name: Side | 'only';
  commit: string;
}

/**
 * Builds each side for each architecture, base first: the patched build then compiles only what the series touches.
 * Modules follow their kernel at once, while the source is at its commit. The caller holds the tree's lock. A kernel
 * that does not build is a record and an absent entry, not an exception.
 */
export async function buildKernels(
  ctx: Context,
  run: RunDir,
  ledger: Ledger,
  tree: SourceTree,
  sides: readonly SideCommit[],
  plan: Plan & {
    /** Of the tree's own selftests. */
    wishes: ReadonlyMap<ArchName, readonly AskedSymbol[]>;
    touched: readonly string[];
  },
  request: Request,
): Promise<{kernels: Kernels; modules: Modules}> {
  const kernels = new Map<string, KernelBuild>();
  const modules = new Map<string, SuiteModules>();
  for (const {side, name, commit} of sides) {
    const hash = await treeHash(ctx, tree, commit);
    for (const arch of plan.arches) {
      const log = run.file('builds', `${arch}-${name}.log`);
      const base = side === 'patched' ? kernels.get(kernelKey(arch, 'base')) : undefined;
      const started = performance.now();
      try {
        const build: BuildRequest = {
          sourceDir: tree.sourceDir,
          cacheDir: dirname(tree.gitDir),
          commit,
          treeHash: hash,
          arch,
          fragments: [...(plan.fragments.get(arch) ?? [])],
          wishes: plan.wishes.get(arch) ?? [],
          variables: variablesFor(arch, request.variables),
          jobs: request.buildJobs,
          side: name,
          wantsSources: plan.touched.length > 0,
          log,
          checkOut: () =>
            inStep(ctx.emit, 'tree', `checkout ${commit}`, `check out ${commit.slice(0, 12)} (${name})`, () =>
              checkOut(ctx, tree, commit),
            ),
          confirm: () => confirmCheckOut(ctx, tree, commit),
        };
        const built = await buildKernel(ctx, build);
        kernels.set(kernelKey(arch, side), built);
        const fresh = base === undefined ? [] : newWarnings(base.warnings, built.warnings, plan.touched);
        const symbols = symbolRecords(built, loadFragments(fragmentFolder(ctx.paths), arch, build.fragments));
        ledger.builds.push({...okRecord(built, name, fresh, relative(run, log)), ...symbols});
        const moduleLog = run.file('builds', `${arch}-${name}-modules.log`);
        const wanted = suitesOn(plan, arch);
        modules.set(kernelKey(arch, side), await compileModules(ctx, wanted, {...build, log: moduleLog}, built));
      } catch (error) {
        if (!(error instanceof BuildFailed)) throw error;
        ledger.builds.push(failedRecord(error, arch, name, (performance.now() - started) / 1000, relative(run, log)));
      }
    }
  }
  for (const arch of plan.arches) {
    const [base, patched] = [kernels.get(kernelKey(arch, 'base')), kernels.get(kernelKey(arch, 'patched'))];
    const record = ledger.builds.find((one) => one.arch === arch && one.side === 'patched');
    if (base === undefined || patched === undefined || record === undefined) continue;
    const {fresh, record: extraWarnings} = await warnAboutTouched(ctx, tree, {base, patched}, plan.touched, request);
    record.newWarnings.push(...fresh);
    record.extraWarnings = extraWarnings;
  }
  return {kernels, modules};
}

const relative = (run: RunDir, path: string): string => path.slice(run.path.length + 1);

function okRecord(
  built: KernelBuild,
  side: Side | 'only',
  fresh: readonly CompilerMessage[],
  log: string,
): BuildRecord {
  return {
    arch: built.arch,
    side,
    status: 'ok',
    seconds: built.cached ? 0 : built.seconds,
    cached: built.cached,
    compiler: built.compiler,
    release: built.release,
    objects: built.objects,
    newWarnings: [...fresh],
    errors: [],
    absentSymbols: [...built.absentSymbols],
    ...(built.cached ? {} : {log}),
  };
}

function failedRecord(
  error: BuildFailed,
  arch: ArchName,
  side: Side | 'only',
  seconds: number,
  log: string,
): BuildRecord {
  return {
    arch,
    side,
    status: 'failed',
    seconds,
    cached: false,
    compiler: '',
    release: '',
    objects: 0,
    newWarnings: [],
    errors: [...error.messages],
    absentSymbols: [],
    log,
  };
}
