// SPDX-License-Identifier: MIT
import {attachShell} from '../guest/shell.js';
import {UserError} from '../lib/errors.js';
import type {Profile} from '../machine/profile.js';
import {bootOn} from '../run/boot-for-unit.js';
import {buildEverything} from '../run/build-everything.js';
import {kernelKey} from '../run/lab.js';
import {Ledger} from '../run/ledger.js';
import {makePlan} from '../run/prepare.js';
import type {Request} from '../run/request.js';
import {RunDir} from '../run/run-dir.js';
import {pushPrograms, setUpGuest} from '../suite/guest-setup.js';
import type {GuestSetup} from '../suite/suite.js';
import {openTree} from '../tree/open-tree.js';
import {resolveCommit} from '../tree/resolve.js';
import {tell} from './say.js';
import {withContext} from './with-context.js';

/** Builds what is missing, boots one guest, sets it up for the suites that were named, hands the terminal over. @returns the shell's exit code */
export async function openShell(request: Request): Promise<number> {
  return withContext({jsonl: false}, async (ctx) => {
    const run = RunDir.open(ctx.paths, request.out, new Date());
    try {
      const plan = makePlan(ctx, request);
      const tree = await openTree(ctx, {tree: request.tree});
      const commit = await resolveCommit(ctx, tree, request.rev ?? tree.head);
      const ledger = new Ledger(request.commandLine);
      const sides = [{side: 'base' as const, name: 'only' as const, commit}];
      const lab = await buildEverything(ctx, {plan, ledger, tree, sides, touched: [], request, run, untrusted: true});
      const [bench] = lab.benches.values();
      const kernel = bench === undefined ? undefined : lab.kernels.get(kernelKey(bench.profile.arch, 'base'));
      if (bench === undefined || kernel === undefined) {
        const reason = ledger.profiles.find(({supported}) => !supported)?.reason ?? 'its kernel did not build';
        throw new UserError(`Profile \`${request.profiles[0]}\` cannot be booted here: ${reason}`, {
          hint: 'Run `kverdict doctor`.',
        });
      }
      const lanes = request.tests.length === 0 ? [] : plan.lanes.map(({suite}) => suite.guest);
      const tools = plan.lanes.some(({suite}) => suite.guest.tools);
      const shape = {
        ...shellShape(bench.profile, lanes),
        name: 'shell',
        tools,
        directory: run.folder('guests', 'shell'),
      };
      await using guest = await bootOn(ctx, run, bench, kernel, shape);
      for (const {suite} of plan.lanes) {
        const compiled = bench.programs.get(suite.name);
        if (compiled === undefined) continue;
        if (request.tests.length === 0) await pushPrograms(guest, suite, compiled.directory);
        else {
          const modules = lab.modules.get(kernelKey(bench.profile.arch, 'base'))?.get(suite.name)?.files;
          const scale = (seconds: number) => bench.pace.limit(bench.accelerator, seconds);
          const failure = await setUpGuest(guest, suite, compiled.directory, scale, modules);
          if (failure !== undefined) ctx.emit({type: 'warning', message: failure.reason});
        }
      }
      const where = `${bench.profile.name}, ${kernel.release}; console: ${run.file('guests/shell')}`;
      tell(`${where}\nWhat the guest prints reaches this terminal as it is; it is reset at the end.`);
      return await attachShell(guest);
    } finally {
      run.close();
    }
  });
}

/**
 * The profile's machine; with suites selected, one in which they behave as in a run: it has their CPUs and command line,
 * and the memory of the one that needs most.
 */
export function shellShape(
  profile: Pick<Profile, 'vcpus' | 'memory'>,
  suites: readonly Pick<GuestSetup, 'vcpus' | 'memory' | 'cmdline'>[],
): {vcpus: number; memory: number; cmdline: string} {
  if (suites.length === 0) return {vcpus: profile.vcpus, memory: profile.memory, cmdline: ''};
  return {
    vcpus: Math.max(...suites.map(({vcpus}) => vcpus)),
    memory: Math.max(...suites.map(({memory}) => memory)),
    cmdline: [...new Set(suites.map(({cmdline}) => cmdline))].filter((words) => words !== '').join(' '),
  };
}
