// SPDX-License-Identifier: MIT
import {availableParallelism, freemem} from 'node:os';
import {Tokens} from '../engine/tokens.js';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {lockTree} from '../tree/check-out.js';
import type {SourceTree} from '../tree/source-tree.js';
import {prepareBenches} from './benches.js';
import {buildKernels, type SideCommit} from './kernels.js';
import type {Lab} from './lab.js';
import type {Ledger} from './ledger.js';
import type {Plan} from './prepare.js';
import type {Request} from './request.js';
import type {RunDir} from './run-dir.js';
import {readTreeWishes, selftestsCommit} from './tree-wishes.js';

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
  const benches = await prepareBenches(ctx, work, kernels);
  return {
    run,
    ledger,
    kernels,
    modules,
    benches,
    selection: plan.selection,
    policy: plan.policy,
    dumpGuest: request.dumpGuest === true,
    archOf: (name) => archOf(plan, name),
    nameOf: (side) => sides.find((one) => one.side === side)?.name ?? side,
    tokens: new Tokens({
      cpus: availableParallelism(),
      memory: Math.max(HOST_MEMORY_MIB, Math.floor(freemem() / 2 ** 20) - HOST_MEMORY_MIB),
    }),
    guestCount: 0,
    refused: new Map(),
  };
}

function archOf(plan: Plan, profile: string): ArchName {
  const found = plan.profiles.get(profile);
  if (found === undefined) throw new Error(`Profile ${profile} is not part of the plan`);
  return found.arch;
}
