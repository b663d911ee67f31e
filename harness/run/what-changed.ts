// SPDX-License-Identifier: MIT
/** Which of the kernels, modules and selftests a series changed, and so which guests need not be booted. */
import {existsSync, readFileSync, statSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import type {ArchName, KernelBuild, Side} from '../kernel/kernel-build.js';
import {LEFT_PROGRAM} from '../kernel/left-behind.js';
import {compareKernels, type Sameness} from '../kernel/same-kernel.js';
import {changedSymbols} from '../kernel/symbols.js';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {type IntakeRule, needBytes, sameBytes} from '../lib/intake.js';
import {pathsKey} from '../tree/paths-key.js';
import type {KernelChange} from '../verdict/kernel-change.js';
import type {Work} from './build-everything.js';
import {type Kernels, kernelKey, type Modules} from './lab.js';
import type {Ledger} from './ledger.js';
import {suitesOn} from './prepare.js';
import {selftestPaths} from './selftest-paths.js';

/** Symbols in results.json; a change of a header that all include gives tens of thousands. */
const MAX_SYMBOLS = 2000;

/**
 * Compares base and patched kernel of each architecture that has both. The guests of an architecture are left out when
 * all that would run in them is equal; whatever cannot be told is a reason to boot them.
 */
export async function seeChanges(
  ctx: Context,
  work: Work,
  kernels: Kernels,
  modules: Modules,
): Promise<KernelChange[]> {
  const changes: KernelChange[] = [];
  for (const arch of work.plan.arches) {
    const [base, patched] = [kernels.get(kernelKey(arch, 'base')), kernels.get(kernelKey(arch, 'patched'))];
    if (base === undefined || patched === undefined) continue;
    await inStep(ctx.emit, 'build', `changes ${arch}`, `${arch}: what the series changed`, async (step) => {
      const sameness = compareBuilds(base, patched);
      const because = whyBoot(work, sameness) ?? whyModules(modules, arch) ?? (await whySelftests(ctx, work, arch));
      const change: KernelChange = {
        arch,
        ...(sameness.same ? {same: true, lines: sameness.lines} : {same: false, difference: sameness.difference}),
        ...(because === undefined ? {} : {because}),
        notHeld: missedFor(work.ledger.touched, arch),
        ...(sameness.same ? {symbols: []} : symbolsOf(base, patched)),
      };
      changes.push(change);
      step.end('ok', wordsOf(change));
    });
  }
  return changes;
}

/** vmlinux of what kverdict asks for has 20 MB; two are held at once. Above it only equal files are known to be equal. */
const VMLINUX: IntakeRule = {what: 'a kernel of the store', blame: 'infra', maxBytes: 64 * 1024 * 1024};

function compareBuilds(base: KernelBuild, patched: KernelBuild): Sameness {
  const [one, other] = [base, patched].map(({vmlinux, image}) => vmlinux ?? image) as [string, string];
  const [small] = [one, other].map((file) => statSync(file).size).sort((a, b) => b - a);
  if ((small ?? 0) <= VMLINUX.maxBytes) {
    const read = (file: string): Buffer => needBytes(dirname(file), basename(file), VMLINUX);
    return compareKernels(read(one), read(other), sameConfig(base, patched));
  }
  const same = sameBytes(one, other, {...VMLINUX, maxBytes: Number.POSITIVE_INFINITY});
  return same
    ? {same, lines: 0}
    : {same, difference: `vmlinux differs, and is too large to be looked into (${small} bytes)`};
}

/** The text of the configuration, when there is one for both; else none, and with it no assumption. */
function sameConfig(base: KernelBuild, patched: KernelBuild): string {
  const text = readFileSync(base.config, 'utf8');
  return readFileSync(patched.config, 'utf8') === text ? text : '';
}

function whyBoot({request}: Work, sameness: Sameness): string | undefined {
  if (request.force) return '--force';
  return sameness.same ? undefined : `the kernel changed: ${sameness.difference}`;
}

/** Files that this kernel was not compiled from, though something is made from them. */
function missedFor(touched: Ledger['touched'], arch: ArchName): string[] {
  const missed = (touched?.files ?? []).filter(
    ({kind, arches, programs}) =>
      (kind === 'source' || kind === 'tools') && !arches.includes(arch) && programs === undefined,
  );
  return missed.map(({file}) => file);
}

/** A module of ours holds what the headers of its tree say. */
function whyModules(modules: Modules, arch: ArchName): string | undefined {
  const of = (side: Side) => modules.get(kernelKey(arch, side)) ?? new Map();
  const [base, patched] = [of('base'), of('patched')];
  for (const suite of new Set([...base.keys(), ...patched.keys()])) {
    const files = (side: typeof base): string[] => side.get(suite)?.files ?? [];
    const missing = [base, patched].some((side) => (side.get(suite)?.missing.length ?? 1) > 0);
    if (missing || files(base).length !== files(patched).length) return `a module of ${suite} was not built`;
    for (const file of files(base)) {
      const other = files(patched).find((one) => basename(one) === basename(file));
      if (other === undefined || !existsSync(other) || !sameBytes(file, other, LEFT_PROGRAM))
        return `${basename(file)} of ${suite} changed`;
    }
  }
  return undefined;
}

/** Programs of the tree are tested, too, by running them: why they may differ, if any are run. */
export async function whySelftests(
  ctx: Context,
  {plan, tree, sides}: Work,
  arch: ArchName,
): Promise<string | undefined> {
  const suites = suitesOn(plan, arch);
  const ofTree = suites.some(({target, programs}) => target !== undefined || programs.some(isOfTree));
  if (!ofTree) return undefined;
  // The makefiles of a target may take anything of tools/.
  const paths = [...selftestPaths(arch), ...(suites.some(({target}) => target !== undefined) ? ['tools'] : [])];
  const keys = await Promise.all(sides.map(({commit}) => pathsKey(ctx, tree, commit, paths)));
  return new Set(keys).size === 1 ? undefined : 'the series touches what the selftests are made from';
}

const isOfTree = ({kind}: {kind: string}): boolean => kind === 'kselftest';

function symbolsOf(
  base: KernelBuild,
  patched: KernelBuild,
): Pick<KernelChange, 'symbols' | 'omitted' | 'symbolsUnknown'> {
  const without = base.symbols === undefined ? 'base' : patched.symbols === undefined ? 'patched' : undefined;
  if (base.symbols === undefined || patched.symbols === undefined) {
    return {symbols: [], symbolsUnknown: `the ${without} kernel was stored without the hashes of its symbols`};
  }
  try {
    const all = changedSymbols(readFileSync(base.symbols, 'utf8'), readFileSync(patched.symbols, 'utf8'));
    const omitted = all.length - MAX_SYMBOLS;
    return {symbols: all.slice(0, MAX_SYMBOLS), ...(omitted > 0 ? {omitted} : {})};
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {symbols: [], symbolsUnknown: error.message};
  }
}

function wordsOf({same, because, symbols, omitted = 0, symbolsUnknown}: KernelChange): string {
  if (same) return `nothing that runs in the kernel${because === undefined ? '' : `; booted all the same: ${because}`}`;
  if (symbolsUnknown !== undefined) return `not known by symbol: ${symbolsUnknown}`;
  const count = (kind: string): number => symbols.filter((one) => one.kind === kind).length;
  return omitted > 0
    ? `${symbols.length + omitted} symbols`
    : `${count('function')} functions, ${count('data')} pieces of data, ${count('table')} tables`;
}
