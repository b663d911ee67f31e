// SPDX-License-Identifier: MIT

import {existsSync, statfsSync} from 'node:fs';
import {availableParallelism, totalmem} from 'node:os';
import {dirname} from 'node:path';
import {sqliteVersion} from '../history/database.js';
import {ARCHES, crossPrefix} from '../kernel/arch.js';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {messageOf} from '../lib/errors.js';
import {type KnownAccelerator, recallAccelerator} from '../machine/accelerator.js';
import {loadProfiles} from '../machine/load-profiles.js';
import {findQemu} from '../machine/qemu.js';
import {folderChecks} from './examine-folders.js';
import {profileState} from './profile-state.js';

/** One line of `kverdict doctor`. */
export interface Check {
  what: string;
  /** `missing` is what stops kverdict; `note` is worth knowing. */
  state: 'ok' | 'missing' | 'note';
  detail: string;
  /** The command that fixes it. */
  fix?: string;
}

/** Programs by the Debian package that has them. */
const PROGRAMS: readonly {program: string; package: string; needed: boolean; why: string}[] = [
  {program: 'git', package: 'git', needed: true, why: 'trees and series'},
  {program: 'make', package: 'make', needed: true, why: 'kernels'},
  {program: 'gcc', package: 'gcc', needed: true, why: 'kernels and test programs'},
  {program: 'flex', package: 'flex', needed: true, why: 'kconfig'},
  {program: 'bison', package: 'bison', needed: true, why: 'kconfig'},
  {program: 'bc', package: 'bc', needed: true, why: 'kernels'},
  {program: 'perl', package: 'perl', needed: true, why: 'kernels'},
  {program: 'rsync', package: 'rsync', needed: true, why: "kernel headers for the tree's own selftests"},
  {program: 'xz', package: 'xz-utils', needed: true, why: 'source tarballs'},
  {program: 'mmdebstrap', package: 'mmdebstrap', needed: true, why: 'guest userlands'},
  {program: 'dpkg-source', package: 'dpkg-dev', needed: true, why: "the source of the guests' SSH server"},
  {program: 'ccache', package: 'ccache', needed: false, why: 'builds after `kverdict clean trees` are faster with it'},
  {program: 'b4', package: 'b4', needed: false, why: 'series by Message-ID or lore URL'},
];
/** GiB that two kernels, their object folders and the sources take, with room for a third. */
const WANTED_GIB = 12;

export async function examine(ctx: Context, qemuDir: string | undefined): Promise<Check[]> {
  const checks: Check[] = [hostCheck(), ...folderChecks(ctx.paths)];
  for (const row of PROGRAMS) checks.push(await programCheck(ctx, row.program, row.package, row.needed, row.why));
  for (const arch of Object.values(ARCHES)) {
    const compiler = `${crossPrefix(arch.name)}gcc`;
    if (compiler !== 'gcc') {
      checks.push(await programCheck(ctx, compiler, arch.crossPackage, true, `kernels for ${arch.name}`));
    }
    checks.push(await qemuCheck(ctx, arch.name, qemuDir));
  }
  checks.push(await sqliteCheck());
  checks.push(await kvmCheck(ctx, qemuDir), ...(await profileChecks(ctx, qemuDir)), diskCheck(ctx.paths.cache));
  return checks;
}

export function renderChecks(checks: readonly Check[]): string {
  const marks = {ok: 'ok     ', missing: 'MISSING', note: 'note   '} as const;
  return checks
    .map(
      ({what, state, detail, fix}) =>
        `${marks[state]} ${what}: ${detail}${fix === undefined ? '' : `\n        fix: ${fix}`}`,
    )
    .join('\n');
}

function hostCheck(): Check {
  const gib = (totalmem() / 2 ** 30).toFixed(0);
  return {
    what: 'host',
    state: 'ok',
    detail: `${process.arch}, ${availableParallelism()} CPUs, ${gib} GiB, Node ${process.version}`,
  };
}

async function programCheck(ctx: Context, program: string, from: string, needed: boolean, why: string): Promise<Check> {
  const found = await ctx.exec.run('sh', ['-c', 'command -v "$1"', 'sh', program]);
  if (found.exitCode === 0) return {what: program, state: 'ok', detail: found.stdout.trim()};
  return {
    what: program,
    state: needed ? 'missing' : 'note',
    detail: `not found (${why})`,
    fix: `apt-get install ${from}`,
  };
}

async function qemuCheck(ctx: Context, arch: ArchName, qemuDir: string | undefined): Promise<Check> {
  const what = `QEMU for ${arch}`;
  try {
    const {binary, version} = await findQemu(ctx, arch, qemuDir);
    if (Number.parseInt(version, 10) >= 10) return {what, state: 'ok', detail: `${version} (${binary})`};
    return {
      what,
      state: 'missing',
      detail: `${version} is older than 10.0, which the profiles need`,
      fix: 'scripts/setup',
    };
  } catch (error) {
    return {what, state: 'missing', detail: messageOf(error), fix: 'scripts/setup'};
  }
}

/** Native code, so that it may be missing: all but the history works without it. */
async function sqliteCheck(): Promise<Check> {
  try {
    return {what: 'SQLite', state: 'ok', detail: `${await sqliteVersion()} (the history of nightlies)`};
  } catch (error) {
    const detail = `${messageOf(error)}: no nightlies, no history`;
    return {what: 'SQLite', state: 'note', detail, fix: 'npm rebuild better-sqlite3'};
  }
}

/** What the probe of an earlier run found; a probe needs a kernel, and doctor builds none. */
async function kvmCheck(ctx: Context, qemuDir: string | undefined): Promise<Check> {
  const arch: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  try {
    const known = recallAccelerator(ctx, {arch, qemu: await findQemu(ctx, arch, qemuDir)});
    return kvmSays(known, Date.now());
  } catch (error) {
    return {what: 'KVM', state: 'note', detail: messageOf(error)};
  }
}

/** @param now milliseconds since 1970 */
export function kvmSays(known: KnownAccelerator | undefined, now: number): Check {
  if (known === undefined)
    return {what: 'KVM', state: 'note', detail: 'not probed yet: the first run boots a kernel with it'};
  const {kind, reason, again, probeSeconds} = known;
  if (kind === 'kvm') {
    const shown = probeSeconds === undefined ? '' : `, in ${probeSeconds.toFixed(1)} s`;
    return {what: 'KVM', state: 'ok', detail: `${reason}${shown} (using kvm)`};
  }
  if (again === undefined) return {what: 'KVM', state: 'note', detail: `${reason} (using tcg)`};
  const minutes = Math.ceil((again - now) / 60_000);
  const when = minutes > 0 ? `the first run in ${minutes} min or later` : 'the next run';
  const detail = `${reason}: that was late, not a refusal; ${when} asks again, with more time (using tcg)`;
  return {
    what: 'KVM',
    state: 'note',
    detail,
    ...(minutes > 0 ? {fix: 'kverdict clean probes, and the next run asks at once'} : {}),
  };
}

/** A profile that cannot be used here costs its own suites and nothing else: a note. */
async function profileChecks(ctx: Context, qemuDir: string | undefined): Promise<Check[]> {
  const checks: Check[] = [];
  for (const profile of loadProfiles(ctx).values()) {
    const {state, reason} = await profileState(ctx, profile, qemuDir);
    const detail =
      state === 'works' ? reason : `${state === 'unsupported' ? 'unsupported here' : 'not tried yet'}: ${reason}`;
    checks.push({what: `profile ${profile.name}`, state: state === 'works' ? 'ok' : 'note', detail});
  }
  return checks;
}

function diskCheck(folder: string): Check {
  const {bavail, bsize} = statfsSync(nearest(folder));
  const gib = (bavail * bsize) / 2 ** 30;
  const detail = `${gib.toFixed(0)} GiB free for ${folder}`;
  return gib >= WANTED_GIB
    ? {what: 'disk', state: 'ok', detail}
    : {what: 'disk', state: 'note', detail: `${detail}; ${WANTED_GIB} are wanted`, fix: 'kverdict clean'};
}

/** The folder itself, or the one above it that is there: doctor makes none. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
