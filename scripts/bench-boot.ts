// SPDX-License-Identifier: MIT
/** QEMU's start to SSH ready, in pairs with a bare init: A B A B …, so that a drift of the host meets both. */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {withContext} from '../harness/cli/with-context.js';
import {makeCpio} from '../harness/image/cpio.js';
import {crossPrefix} from '../harness/kernel/arch.js';
import type {Context} from '../harness/lib/context.js';
import {sleep} from '../harness/lib/sleep.js';
import {startMachine} from '../harness/machine/qemu.js';
import {bootOn} from '../harness/run/boot-for-unit.js';
import {buildEverything} from '../harness/run/build-everything.js';
import {type Bench, kernelKey, type Lab} from '../harness/run/lab.js';
import {Ledger} from '../harness/run/ledger.js';
import {placeCommit} from '../harness/run/place.js';
import {makePlan} from '../harness/run/prepare.js';
import {plainRequest} from '../harness/run/request.js';
import {RunDir} from '../harness/run/run-dir.js';

const PAIRS = 5;
const MARK = 'kverdict bench: init runs';
const LOOK_MS = 2;

export interface BootRatio {
  profile: string;
  ratio: number;
  detail: string;
}

export async function bootRatios(tree: string): Promise<BootRatio[]> {
  const out = mkdtempSync(join(tmpdir(), 'kverdict-bench-'));
  try {
    return await withContext({jsonl: false}, async (ctx) => {
      const run = RunDir.open(ctx.paths, join(out, 'run'), new Date());
      const request = plainRequest(tree, ['clear_refs'], 'bench');
      const ledger = new Ledger(request.commandLine);
      const placed = await placeCommit(ctx, request, ledger);
      const lab = await buildEverything(ctx, {...placed, plan: makePlan(ctx, request), ledger, request, run});
      const ratios: BootRatio[] = [];
      for (const bench of lab.benches.values()) ratios.push(await measure(ctx, lab, bench));
      run.close();
      return ratios;
    });
  } finally {
    rmSync(out, {recursive: true, force: true});
  }
}

async function measure(ctx: Context, lab: Lab, bench: Bench): Promise<BootRatio> {
  const kernel = lab.kernels.get(kernelKey(bench.profile.arch, 'patched'));
  if (kernel === undefined) throw new Error(`no kernel for ${bench.profile.name}`);
  const directory = lab.run.folder('bench', bench.profile.name);
  const floors: number[] = [];
  const boots: number[] = [];
  const bare = join(directory, 'bare.cpio');
  writeFileSync(bare, await bareInitramfs(ctx, bench, directory));
  const shape = {vcpus: bench.profile.vcpus, memory: 256, cmdline: '', directory};
  for (let pair = 0; pair <= PAIRS; pair++) {
    const floor = await bareBoot(ctx, lab, bench, kernel.image, bare, directory);
    await using guest = await bootOn(ctx, lab.run, bench, kernel, {...shape, name: `bench${pair}`});
    // The first pair warms the page cache.
    if (pair === 0) continue;
    floors.push(floor);
    boots.push(guest.bootSeconds);
  }
  const [floor, boot] = [median(floors), median(boots)];
  return {
    profile: bench.profile.name,
    ratio: median(boots.map((seconds, index) => seconds / (floors[index] ?? Number.NaN))),
    detail: `${boot.toFixed(2)} s to SSH, ${floor.toFixed(2)} s to a bare init (medians of ${PAIRS})`,
  };
}

/** The floor: an init that prints one line and waits, statically linked, and nothing else in the archive. */
async function bareInitramfs(ctx: Context, bench: Bench, directory: string): Promise<Buffer> {
  const source = join(directory, 'init.c');
  const program = join(directory, 'init');
  writeFileSync(
    source,
    `#include <unistd.h>\nint main(void)\n{\n\twrite(1, "${MARK}\\n", ${MARK.length + 1});\n\tpause();\n}\n`,
  );
  await ctx.exec.runOk(`${crossPrefix(bench.profile.arch)}gcc`, ['-O2', '-static', '-w', '-o', program, source]);
  return makeCpio([
    {kind: 'character', path: 'dev/console', mode: 0o600, major: 5, minor: 1},
    {kind: 'file', path: 'init', mode: 0o755, data: readFileSync(program)},
  ]);
}

/** Seconds from QEMU's start to the line on the console. */
async function bareBoot(
  ctx: Context,
  lab: Lab,
  bench: Bench,
  kernel: string,
  initrd: string,
  directory: string,
): Promise<number> {
  const {profile, qemu, accelerator} = bench;
  const started = performance.now();
  await using machine = await startMachine(ctx, {
    ...{name: 'bare', profile, qemu, kernel, initrd, directory},
    ...{vcpus: profile.vcpus, memory: 256, cmdline: ''},
    accelerator: accelerator.kind,
    runtimeDir: lab.run.runtime,
  });
  while (!readFileSync(machine.consoleFile, 'latin1').includes(MARK)) {
    if (!machine.running || performance.now() - started > 60_000)
      throw new Error(`the bare init did not run on ${profile.name}`);
    await sleep(LOOK_MS, ctx.signal);
  }
  return (performance.now() - started) / 1000;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
