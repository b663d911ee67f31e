// SPDX-License-Identifier: MIT
/**
 * Does KVM work here? One kernel boots with it. When that does not come to /init, the same kernel is booted without it:
 * only a host on which that works in a small part of the time has refused KVM. Everything else is a kernel that boots
 * nowhere, or a host that is too slow to say, and neither is an answer to keep.
 */
import {join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {InfraError, messageOf} from '../lib/errors.js';
import {processIdentity} from '../lib/process-owner.js';
import {sleep} from '../lib/sleep.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {BootWatch} from './boot-watch.js';
import {HostClock, type HostTimes, PATIENCE} from './host-clock.js';
import type {Accelerator, Profile} from './profile.js';
import {type Qemu, startMachine} from './qemu.js';

export interface ProbeOptions {
  arch: ArchName;
  qemu: Qemu;
  kernelImage: string;
  initrd: string;
  /** The plainest machine of the architecture: what another one lacks says nothing about KVM. */
  profile: Profile;
  /** Seconds without a new line after which a boot is given up; a test's. */
  quietSeconds?: number;
  /** Instead of the host's own /proc. */
  hostTimes?: HostTimes;
}

/** How far the answer goes. `late`: asked again, soon; `unknown`: asked again by the next run. */
export type ProbeWord = 'works' | 'refused' | 'late' | 'unknown';

export interface ProbeAnswer extends Accelerator {
  word: ProbeWord;
}

/** A kernel of ours comes to /init in 1 to 2 s under TCG; with KVM in a tenth of it. */
const QUIET_SECONDS = 20;
/** While new lines come the boot goes on, for so many times as long. */
const EXTENSION = 6;
/** KVM that works is never slower than emulation; by so much, for chance. */
const FACTOR = 3;
const LOOK_MS = 20;
/** How often the host is asked what it gave. */
const CLOCK_MS = 100;

/** How a boot to /init went; seconds are those that the host gave. */
interface Tried {
  how: 'alive' | 'quiet' | 'printing' | 'starved' | 'ended' | 'refused';
  seconds: number;
  printed: boolean;
  /** QEMU's own words. */
  said?: string;
}

/** Never throws for a KVM that does not work: the reason is in the answer. @throws InfraError on I/O trouble */
export async function probeKvm(ctx: Context, options: ProbeOptions): Promise<ProbeAnswer> {
  const {quietSeconds = QUIET_SECONDS} = options;
  const kvm = await tryBoot(ctx, options, 'kvm', quietSeconds);
  const after = `${kvm.seconds.toFixed(0)} s`;
  if (kvm.how === 'alive') {
    return {kind: 'kvm', word: 'works', reason: 'KVM: a guest booted with it', probeSeconds: kvm.seconds};
  }
  if (kvm.how === 'refused') return no('refused', `QEMU ended before a guest had booted with it (${kvm.said})`);
  if (kvm.how === 'printing') return no('late', `a guest was still booting with it after ${after}`);
  if (kvm.how === 'starved') return no('late', `this host was too slow to try it: it gave a guest only ${after}`);
  const what =
    kvm.how === 'ended'
      ? `QEMU ended (${kvm.said})`
      : kvm.printed
        ? `a guest stopped booting in ${after}`
        : `a guest printed nothing in ${after}`;
  const tcg = await tryBoot(ctx, options, 'tcg', quietSeconds * FACTOR);
  if (tcg.how !== 'alive')
    return no('unknown', `${what}, and none boots without it either: this kernel says nothing about KVM`);
  const without = `without it the same kernel boots in ${tcg.seconds.toFixed(1)} s`;
  if (kvm.how === 'quiet' && kvm.seconds < tcg.seconds * FACTOR) return no('late', `${what} with it; ${without}`);
  return no('refused', `${what} with it; ${without}`);
}

const no = (word: ProbeWord, why: string): ProbeAnswer => ({kind: 'tcg', word, reason: `KVM: ${why}`});

async function tryBoot(ctx: Context, options: ProbeOptions, kind: Accelerator['kind'], quiet: number): Promise<Tried> {
  using temp = makeTempDir(ctx, 'probe');
  try {
    await using machine = await startMachine(ctx, {
      ...options,
      name: 'probe',
      accelerator: kind,
      kernel: options.kernelImage,
      vcpus: 1,
      memory: options.profile.memory,
      cmdline: '',
      directory: temp.path,
      runtimeDir: join(ctx.paths.runtime, processIdentity() ?? 'probe'),
    });
    const clock = new HostClock(machine.pid, options.hostTimes);
    const watch = new BootWatch(machine.consoleFile);
    let lastLine = 0;
    for (;;) {
      ctx.signal.throwIfAborted();
      const {running} = machine;
      const isNew = watch.look();
      const seconds = clock.given(CLOCK_MS);
      if (isNew) lastLine = seconds;
      const tried = (how: Tried['how'], said?: string): Tried => ({
        ...{how, seconds, printed: watch.printed},
        ...(said === undefined ? {} : {said}),
      });
      if (watch.alive) return tried('alive');
      if (!running) {
        const {exitCode} = await machine.exited;
        const said = machine.output().trim().split('\n').at(-1) || 'it said nothing';
        // 1: it cannot be what it was asked to be. A signal, or a kernel that ended it, is no such answer.
        return tried(exitCode === 1 ? 'refused' : 'ended', said);
      }
      if (seconds - lastLine >= quiet) return tried('quiet');
      if (seconds >= quiet * EXTENSION) return tried('printing');
      if (clock.wall >= quiet * PATIENCE) return tried('starved');
      await sleep(LOOK_MS, ctx.signal);
    }
  } catch (error) {
    if (!(error instanceof InfraError)) throw error;
    const line = messageOf(error).split('\n').slice(0, 2).join(' ');
    return {how: error.facts.exitCode === 1 ? 'refused' : 'ended', seconds: 0, printed: false, said: line};
  }
}
