// SPDX-License-Identifier: MIT
import {dirname, join} from 'node:path';
import {ensureImage} from '../image/image.js';
import {ensureLibraries} from '../image/libraries.js';
import {installHeaders} from '../kernel/headers.js';
import type {ArchName, KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {probeAccelerator} from '../machine/accelerator.js';
import {HostPace, USUAL_PROBE} from '../machine/host-pace.js';
import {loadProfiles} from '../machine/load-profiles.js';
import type {Profile} from '../machine/profile.js';
import {checkQemu, findQemu, type Qemu} from '../machine/qemu.js';
import {type CompiledSuite, compileSuites} from '../suite/compile.js';
import {differs} from '../suite/differs.js';
import {checkOut} from '../tree/check-out.js';
import {pathsKey} from '../tree/paths-key.js';
import {readAt} from '../tree/read-at.js';
import {treeHash} from '../tree/resolve.js';
import type {ProfileRecord} from '../verdict/results.js';
import type {Work} from './build-everything.js';
import type {SideCommit} from './kernels.js';
import {type Bench, type Kernels, kernelKey} from './lab.js';
import {suitesOn, variablesFor} from './prepare.js';
import {trustProfile} from './self-check.js';
import {selftestPaths} from './selftest-paths.js';
import {whySelftests} from './what-changed.js';

/**
 * QEMU, image, accelerator and programs for every profile that can be used here. A profile that this host's QEMU is
 * too old for, or whose self-checks do not give the known answers, is left out, with a note in the ledger: it is
 * reported as unsupported, never as red.
 */
export async function prepareBenches(ctx: Context, work: Work, kernels: Kernels): Promise<Map<string, Bench>> {
  const benches = new Map<string, Bench>();
  for (const arch of work.plan.arches) {
    const built = [kernels.get(kernelKey(arch, 'base')), kernels.get(kernelKey(arch, 'patched'))];
    const [kernel, ...others] = built.filter((one) => one !== undefined);
    // Nothing can boot: the builds say why.
    if (kernel === undefined) continue;
    const qemu = await findQemu(ctx, arch, work.request.qemuDir);
    const usable = profilesOf(work, arch).filter((profile) => isUsable(ctx, work, profile, qemu));
    if (usable.length === 0) continue;
    const image = await ensureImage(ctx, arch, {tools: suitesOn(work.plan, arch).some(({guest}) => guest.tools)});
    const source = sideOf(work, work.request.selftestsFrom);
    const programs = await compileFor(ctx, work, arch, source);
    const own = await ownPrograms(ctx, work, arch, source, programs);
    // KVM is the host's: what a special machine cannot do with it is for that machine's self-checks to say.
    const plain = loadProfiles(ctx).get(arch) ?? usable[0];
    if (plain === undefined) continue;
    const probe = {arch, qemu, kernelImage: kernel.image, initrd: image.initrd, profile: plain};
    const accelerator = await probeAccelerator(ctx, probe);
    const {probeSeconds: seconds} = accelerator;
    for (const profile of usable) {
      const pace = new HostPace(seconds === undefined ? undefined : {seconds, usual: USUAL_PROBE});
      const candidate = {profile, qemu, accelerator, pace, image, programs, own};
      const bench = await trusted(ctx, work, candidate, [kernel, ...others]);
      if (bench !== undefined) benches.set(profile.name, bench);
    }
  }
  return benches;
}

const profilesOf = (work: Work, arch: ArchName): Profile[] =>
  [...work.plan.profiles.values()].filter((profile) => profile.arch === arch);

function isUsable(ctx: Context, work: Work, profile: Profile, qemu: Qemu): boolean {
  const unsupported = checkQemu(profile, qemu);
  if (unsupported === undefined) return true;
  leaveOut(ctx, work, profile, qemu, {reason: unsupported.reason, accelerator: null}, unsupported.hint);
  return false;
}

/** The bench with the accelerator that its self-checks passed with; undefined when they did not, with the reason told. */
async function trusted(
  ctx: Context,
  work: Work,
  bench: Bench,
  kernels: readonly KernelBuild[],
): Promise<Bench | undefined> {
  if (work.untrusted) return bench;
  const {profile, qemu} = bench;
  const {accelerator, unsupported, answer, remembered} = await trustProfile(ctx, work, bench, kernels);
  const selfCheck = answer && {kernel: answer.kernel, remembered: remembered === true};
  if (unsupported !== undefined) {
    leaveOut(ctx, work, profile, qemu, {reason: unsupported, accelerator, ...(selfCheck && {selfCheck})});
    return undefined;
  }
  work.ledger.profiles.push({
    ...{name: profile.name, arch: profile.arch, qemu: qemu.version, accelerator, supported: true},
    ...(answer && {reason: answer.reason}),
    ...(selfCheck && {selfCheck}),
  });
  return {...bench, accelerator};
}

function leaveOut(
  ctx: Context,
  {ledger}: Work,
  {name, arch}: Profile,
  qemu: Qemu,
  why: Pick<ProfileRecord, 'accelerator' | 'selfCheck'> & {reason: string},
  hint?: string,
): void {
  ctx.emit({
    type: 'warning',
    message: `${name}: unsupported here: ${why.reason}${hint === undefined ? '' : `. ${hint}`}`,
  });
  ledger.profiles.push({name, arch, qemu: qemu.version, supported: false, ...why});
}

function sideOf({sides}: Work, wanted: SideCommit['side']): SideCommit {
  const source = sides.find(({side}) => side === wanted) ?? sides[0];
  if (source === undefined) throw new Error('No side to build');
  return source;
}

/** Base's own programs where the series' are others: nothing else tells what it did to the tests themselves. */
async function ownPrograms(
  ctx: Context,
  work: Work,
  arch: ArchName,
  source: SideCommit,
  programs: ReadonlyMap<string, CompiledSuite>,
): Promise<Map<string, CompiledSuite>> {
  if (work.sides.length < 2 || source.side === 'base') return new Map();
  if ((await whySelftests(ctx, work, arch)) === undefined) return new Map();
  const own = await compileFor(ctx, work, arch, sideOf(work, 'base'));
  return new Map([...own].filter(([suite, compiled]) => differs(compiled, programs.get(suite))));
}

/** The programs of the selected suites, from one side's selftests. */
async function compileFor(
  ctx: Context,
  work: Work,
  arch: ArchName,
  source: SideCommit,
): Promise<Map<string, CompiledSuite>> {
  const {plan, tree, request, sides} = work;
  const base = sides.find(({side}) => side === 'base' && side !== source.side);
  const variables = variablesFor(arch, request.variables);
  return compileSuites(ctx, {
    suites: suitesOn(plan, arch),
    arch,
    sourceDir: tree.sourceDir,
    outDir: work.run.folder('programs', source.side === request.selftestsFrom ? arch : `${arch}-${source.side}`),
    treeKey: await pathsKey(ctx, tree, source.commit, selftestPaths(arch)),
    treeHash: await treeHash(ctx, tree, source.commit),
    variables,
    ...(base && {
      hadBefore: async (path: string) => (await readAt(ctx, tree, base.commit, path)) !== undefined,
    }),
    libraries: () => ensureLibraries(ctx, arch),
    // Called only when a program of the tree has to be built: then the tree must be at that commit.
    installHeaders: async () => {
      await checkOut(ctx, tree, source.commit);
      const outDir = join(dirname(tree.gitDir), `headers-${arch}`);
      return installHeaders(ctx, {sourceDir: tree.sourceDir, arch, outDir, variables});
    },
  });
}
