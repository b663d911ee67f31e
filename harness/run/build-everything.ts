// SPDX-License-Identifier: MIT
import {availableParallelism, freemem} from 'node:os';
import {Tokens} from '../engine/tokens.js';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {lockTree} from '../tree/check-out.js';
import type {SourceTree} from '../tree/source-tree.js';
import {coverageOf} from '../verdict/coverage.js';
import {coverageLines} from '../verdict/coverage-words.js';
import type {KernelChange} from '../verdict/kernel-change.js';
import {prepareBenches} from './benches.js';
import {buildKernels, type SideCommit} from './kernels.js';
import type {Lab} from './lab.js';
import type {Ledger} from './ledger.js';
import {nearestFirst} from './order.js';
import type {Plan} from './prepare.js';
import type {Request} from './request.js';
import type {RunDir} from './run-dir.js';
import {firstAttempts} from './schedule.js';
import {seeTouched} from './touched-files.js';
import {readTreeWishes, selftestsCommit} from './tree-wishes.js';
import {withoutUntestable} from './untestable.js';
import {seeChanges} from './what-changed.js';

/** Left to the host itself. */
const HOST_MEMORY_MIB = 1024;

export interface Work {
  plan: Plan;
  ledger: Ledger;
  tree: SourceTree;
  sides: readonly SideCommit[];
  /** Files the series touches. */
  touched: readonly string[];
  request: Request;
  run: RunDir;
  /** Boot whatever QEMU takes, trusted or not: for a person who wants to look (`kverdict shell`). */
  untrusted?: true;
}

/**
 * Kernels, guest images and test programs, under the tree's lock; then the lock is given back and guests may run. No
 * guest runs while anything is compiled: contention makes race tests lie.
 */
export async function buildEverything(ctx: Context, work: Work): Promise<Lab> {
  const {plan, ledger, tree, sides, touched, request, run} = work;
  await using _lock = await lockTree(ctx, tree);
  const wanted = selftestsCommit(sides, request.selftestsFrom);
  const wishes = await readTreeWishes(ctx, tree, wanted, plan.lanes, plan.arches);
  const {kernels, modules} = await buildKernels(ctx, run, ledger, tree, sides, {...plan, wishes, touched}, request);
  // A commit against itself is run to see what guests do, not what it changed.
  const isComparison = new Set(sides.map(({commit}) => commit)).size > 1 && !work.untrusted;
  if (isComparison) ledger.touched = await tellTouched(ctx, work, kernels);
  const changes = isComparison ? await seeChanges(ctx, work, kernels, modules) : [];
  ledger.changes.push(...changes);
  const toldApart = withoutUnchanged(ctx, plan, changes, ledger);
  // A person who wants to look gets whatever boots.
  const needed = work.untrusted ? toldApart : withoutUntestable(ctx, toldApart, sides, ledger);
  const benches = await prepareBenches(ctx, {...work, plan: needed}, kernels);
  return {
    run,
    ledger,
    kernels,
    modules,
    benches,
    selection: plan.selection,
    policy: plan.policy,
    dumpGuest: request.dumpGuest === true,
    lanes: nearestFirst(needed.lanes, changes, touched, (name) => archOf(plan, name)),
    archOf: (name) => archOf(plan, name),
    nameOf: (side) => sides.find((one) => one.side === side)?.name ?? side,
    tokens: hostTokens(),
    firstOf: (test) => firstAttempts(test, request.runs, request.power),
    guestCount: 0,
    untestable: ledger.untestable,
  };
}

/** What no kernel is compiled from is told before anybody waits for guests. */
async function tellTouched(ctx: Context, work: Work, kernels: Lab['kernels']): Promise<Ledger['touched']> {
  const seen = await seeTouched(ctx, work, kernels);
  const sources = (seen?.files ?? []).filter(({kind}) => kind === 'source');
  const coverage = coverageOf(sources, {arches: seen?.arches ?? [], comparisons: [], changes: [], profiles: []});
  for (const message of coverageLines(coverage)) ctx.emit({type: 'note', message});
  return seen;
}

/** The plan without the architectures where no guest is needed; their profiles are told. */
function withoutUnchanged(ctx: Context, plan: Plan, changes: readonly KernelChange[], ledger: Ledger): Plan {
  const unchanged = new Set(changes.filter(({because}) => because === undefined).map(({arch}) => arch));
  if (unchanged.size === 0) return plan;
  const isNeeded = (name: string): boolean => !unchanged.has(archOf(plan, name));
  for (const {name, arch} of plan.profiles.values()) {
    if (isNeeded(name)) continue;
    const skipped = `nothing that runs changed on ${arch}`;
    ctx.emit({type: 'note', message: `${name}: no guest is booted: ${skipped} (--force boots them)`});
    ledger.profiles.push({name, arch, qemu: '', accelerator: null, supported: true, skipped});
  }
  return {
    ...plan,
    lanes: plan.lanes.filter(({profile}) => isNeeded(profile)),
    profiles: new Map([...plan.profiles].filter(([name]) => isNeeded(name))),
    arches: plan.arches.filter((arch) => !unchanged.has(arch)),
  };
}

/** What this host has for guests. */
export function hostTokens(): Tokens {
  const free = Math.floor(freemem() / 2 ** 20) - HOST_MEMORY_MIB;
  return new Tokens({cpus: availableParallelism(), memory: Math.max(HOST_MEMORY_MIB, free)});
}

function archOf(plan: Plan, profile: string): ArchName {
  const found = plan.profiles.get(profile);
  if (found === undefined) throw new Error(`Profile ${profile} is not part of the plan`);
  return found.arch;
}
