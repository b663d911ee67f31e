// SPDX-License-Identifier: MIT
import {rmSync} from 'node:fs';
import {buildEverything} from '../../run/build-everything.js';
import {Ledger} from '../../run/ledger.js';
import {placeCommit} from '../../run/place.js';
import {makePlan} from '../../run/prepare.js';
import {plainRequest} from '../../run/request.js';
import {RunDir} from '../../run/run-dir.js';
import {DEBIAN_SOURCE} from '../../tree/debian-source.js';
import type {TestContext} from '../fakes/test-context.js';

/** The stock kernel of each architecture as `[arch, image]`: from the user's cache, or built. */
export async function realKernels(ctx: TestContext): Promise<[string, string][]> {
  const request = plainRequest(DEBIAN_SOURCE, ['clear_refs'], 'real tests');
  const run = RunDir.open(ctx.paths, `${ctx.folder}/run`, new Date());
  try {
    const ledger = new Ledger(request.commandLine);
    const placed = await placeCommit(ctx, request, ledger);
    const lab = await buildEverything(ctx, {...placed, plan: makePlan(ctx, request), ledger, request, run});
    return [...lab.kernels.values()].map(({arch, image}) => [arch, image]);
  } finally {
    rmSync(`${ctx.folder}/run`, {recursive: true, force: true});
  }
}
