// SPDX-License-Identifier: MIT
import {availableParallelism} from 'node:os';
import {bootGuest} from '../guest/boot-guest.js';
import type {Guest} from '../guest/guest.js';
import type {SshGuest} from '../guest/ssh-guest.js';
import type {Image} from '../image/image.js';
import type {KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {KernelError, messageOf} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import {guestCpus} from '../machine/guest-cpus.js';
import {type Limit, USUAL_BOOT} from '../machine/host-pace.js';
import type {GuestRecord} from '../verdict/results.js';
import {type Bench, kernelKey, type Lab} from './lab.js';
import type {RunDir} from './run-dir.js';
import type {Unit} from './schedule.js';

/** Seconds a guest may take to answer by SSH with KVM on an ordinary host. A good boot takes 1-3 s under TCG. */
const BOOT_SECONDS = 5;

/** What a guest is made of, beside its bench and kernel. */
export interface GuestShape {
  name: string;
  vcpus: number;
  memory: number;
  cmdline: string;
  /** With the tools (`guest.tools` of a suite). */
  tools?: boolean;
  /** Gets the console and QEMU's own words. */
  directory: string;
}

/** A guest of a bench; how long it took says how fast this host is. @throws BootFailed or InfraError */
export async function bootOn(
  ctx: Context,
  run: RunDir,
  bench: Bench,
  kernel: KernelBuild,
  shape: GuestShape,
): Promise<SshGuest> {
  const {profile, image, qemu, accelerator, pace} = bench;
  const guest = await bootGuest(ctx, {
    ...shape,
    ...{profile, qemu, accelerator},
    vcpus: guestCpus(shape.vcpus, accelerator.kind, availableParallelism()),
    kernelImage: kernel.image,
    initrd: initrdFor(image, shape),
    access: image.access,
    runtimeDir: run.runtime,
    limit: bootLimit(bench),
    slowdown: pace.slowdown,
  });
  pace.note({seconds: guest.boot.given, usual: USUAL_BOOT[accelerator.kind]});
  return guest;
}

const bootLimit = ({pace, accelerator}: Bench): Limit => pace.limit(accelerator, BOOT_SECONDS);

/** What QEMU's -initrd takes. @throws Error when the tools were not asked for with the image */
export function initrdFor(
  image: Pick<Image, 'arch' | 'initrd' | 'initrdWithTools'>,
  {tools}: Pick<GuestShape, 'tools'>,
): string {
  if (!tools) return image.initrd;
  if (image.initrdWithTools === undefined) throw new Error(`The image of ${image.arch} is without the tools`);
  return image.initrdWithTools;
}

/**
 * The next guest of a unit. It holds one core until it answers: guests boot side by side, and tests have their cores
 * to themselves. The ledger keeps a record of it, also when it does not boot.
 */
export async function bootForUnit(
  ctx: Context,
  lab: Lab,
  bench: Bench,
  unit: Unit,
): Promise<{guest: Guest; record: GuestRecord}> {
  const {profile, suite, side, number} = unit;
  const kernel = lab.kernels.get(kernelKey(bench.profile.arch, side));
  if (kernel === undefined) throw new Error(`${profile}: no ${side} kernel`);
  const giveBack = await lab.tokens.acquire({cpus: 1, memory: 0}, ctx.signal);
  const name = `g${++lab.guestCount}`;
  const folder = `guests/${name}-${profile}-${suite.name}-${side}${unit.own ? '-own' : ''}-${number}`;
  const record: GuestRecord = {
    ...{name, profile},
    side: lab.nameOf(side),
    accelerator: bench.accelerator,
    qemu: bench.qemu.version,
    bootSeconds: null,
    bootLimit: bootLimit(bench),
    ended: 'boot-failed',
    console: `${folder}/${name}.console.log`,
  };
  lab.ledger.guests.push(record);
  try {
    const {vcpus, memory, cmdline, tools} = suite.guest;
    const shape = {name, vcpus, memory, cmdline, tools, directory: lab.run.folder(folder)};
    const label = `boot ${name}: ${profile}, ${side}, for ${suite.name} #${number}`;
    const guest = await inStep(ctx.emit, 'guest', `guest ${name}`, label, () =>
      bootOn(ctx, lab.run, bench, kernel, shape),
    );
    record.bootSeconds = guest.bootSeconds;
    record.bootGiven = Number(guest.boot.given.toFixed(3));
    record.ended = 'ok';
    return {guest, record};
  } catch (error) {
    record.detail = messageOf(error);
    record.blame = error instanceof KernelError ? 'kernel' : 'infra';
    throw error;
  } finally {
    giveBack();
  }
}
