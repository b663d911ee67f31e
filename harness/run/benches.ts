// SPDX-License-Identifier: MIT
import {dirname, join} from 'node:path';
import {ensureImage, type Image} from '../image/image.js';
import {installHeaders} from '../kernel/headers.js';
import type {ArchName, KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {probeAccelerator} from '../machine/accelerator.js';
import type {Accelerator, Profile} from '../machine/profile.js';
import {checkQemu, findQemu, type Qemu} from '../machine/qemu.js';
import {type CompiledSuite, compileSuites} from '../suite/compile.js';
import {checkOut} from '../tree/check-out.js';
import {pathsKey} from '../tree/paths-key.js';
import {treeHash} from '../tree/resolve.js';
import type {Work} from './build-everything.js';
import {type Bench, type Kernels, kernelKey} from './lab.js';
import {variablesFor} from './prepare.js';

/**
 * QEMU, image, accelerator and programs for every profile that can be used here. A profile that this host's QEMU is
 * too old for is left out, with a note in the ledger: its tests are reported as unsupported, never as red.
 */
export async function prepareBenches(ctx: Context, work: Work, kernels: Kernels): Promise<Map<string, Bench>> {
  const benches = new Map<string, Bench>();
  for (const arch of work.plan.arches) {
    const kernel = kernels.get(kernelKey(arch, 'base')) ?? kernels.get(kernelKey(arch, 'patched'));
    // Nothing can boot: the builds say why.
    if (kernel === undefined) continue;
    const qemu = await findQemu(ctx, arch, work.request.qemuDir);
    const usable = profilesOf(work, arch).filter((profile) => isUsable(ctx, work, profile, qemu));
    if (usable.length === 0) continue;
    const image = await ensureImage(ctx, arch);
    const programs = await compileFor(ctx, work, arch);
    for (const profile of usable) {
      const accelerator = await accelerate(ctx, arch, profile, qemu, kernel, image);
      benches.set(profile.name, {profile, qemu, accelerator, image, programs});
    }
  }
  return benches;
}

const profilesOf = (work: Work, arch: ArchName): Profile[] =>
  [...work.plan.profiles.values()].filter((profile) => profile.arch === arch);

function isUsable(ctx: Context, work: Work, profile: Profile, qemu: Qemu): boolean {
  const unsupported = checkQemu(profile, qemu);
  if (unsupported === undefined) return true;
  ctx.emit({type: 'warning', message: `${profile.name}: unsupported here: ${unsupported.reason}. ${unsupported.hint}`});
  work.ledger.unsupported.set(profile.name, unsupported.reason);
  return false;
}

async function accelerate(
  ctx: Context,
  arch: ArchName,
  profile: Profile,
  qemu: Qemu,
  kernel: KernelBuild,
  image: Image,
): Promise<Accelerator> {
  const {initrd} = image;
  return probeAccelerator(ctx, {arch, qemu, kernelImage: kernel.image, initrd, profile});
}

/** The programs of the selected suites, from the tree whose selftests are to run on both kernels. */
async function compileFor(ctx: Context, work: Work, arch: ArchName): Promise<Map<string, CompiledSuite>> {
  const {plan, tree, sides, request} = work;
  const suites = [
    ...new Set(plan.lanes.filter((lane) => plan.profiles.get(lane.profile)?.arch === arch).map((lane) => lane.suite)),
  ];
  const source = sides.find(({side}) => side === request.selftestsFrom) ?? sides[0];
  if (source === undefined) throw new Error('No side to build');
  const variables = variablesFor(arch, request.variables);
  return compileSuites(ctx, {
    suites,
    arch,
    sourceDir: tree.sourceDir,
    outDir: work.run.folder('programs', arch),
    treeKey: await pathsKey(ctx, tree, source.commit, selftestPaths(arch)),
    treeHash: await treeHash(ctx, tree, source.commit),
    variables,
    // Called only when a program of the tree has to be built: then the tree must be at that commit.
    installHeaders: async () => {
      await checkOut(ctx, tree, source.commit);
      const outDir = join(dirname(tree.gitDir), `headers-${arch}`);
      return installHeaders(ctx, {sourceDir: tree.sourceDir, arch, outDir, variables});
    },
  });
}

/** What the tree's selftests are made from; any other change leaves the built programs as they are. */
const selftestPaths = (arch: ArchName): string[] => [
  'tools/testing/selftests',
  'tools/include',
  'tools/arch',
  'include/uapi',
  'mm/gup_test.h',
  'lib/test_hmm_uapi.h',
  'arch/arm64/tools',
  `arch/${SOURCE_ARCH[arch]}/include/uapi`,
  'scripts',
];

const SOURCE_ARCH: Readonly<Record<ArchName, string>> = {x86_64: 'x86', arm64: 'arm64'};
