// SPDX-License-Identifier: MIT
/**
 * KVM or TCG. KVM is believed only after a kernel has booted with it: on a nested hypervisor /dev/kvm can open and
 * create virtual CPUs that then never run. The answer is kept per host, so that the wait comes once.
 */
import {accessSync, constants} from 'node:fs';
import {arch as nodeArch} from 'node:os';
import {join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {Deadline, sleep} from '../lib/deadline.js';
import {InfraError, messageOf} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import {acquireLock} from '../lib/lock.js';
import {processIdentity} from '../lib/process-owner.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {readConsole} from './console.js';
import type {Accelerator, Profile} from './profile.js';
import {type Qemu, startMachine} from './qemu.js';
import {hostKey, readAnswer, writeAnswer} from './remembered.js';

export interface ProbeOptions {
  arch: ArchName;
  qemu: Qemu;
  kernelImage: string;
  initrd: string;
  /** The plainest machine of the architecture: what another one lacks says nothing about KVM. */
  profile: Profile;
}

const HOST_ARCH: Readonly<Partial<Record<string, ArchName>>> = {x64: 'x86_64', arm64: 'arm64'};
const DEVICE = '/dev/kvm';
/** A kernel of ours takes 2 s under TCG; with KVM a tenth of it. */
const PROBE_SECONDS = 20;
/** The kernel's own line when it hands over to user space. */
const ALIVE = /Run \/init as init process/;
const LOOK_MS = 20;

/** Never throws for a KVM that does not work: the reason is in the answer. @throws InfraError on I/O trouble */
export async function probeAccelerator(ctx: Context, options: ProbeOptions): Promise<Accelerator> {
  const plain = withoutProbe(options.arch);
  if (plain !== undefined) return plain;
  const file = answerFile(ctx, options);
  await using _lock = await acquireLock(ctx, file, 'the KVM probe');
  const known = readAnswer(file, isAnswer);
  if (known !== undefined) return known;
  const answer = await inStep(ctx.emit, 'probe', `probe-${options.arch}`, 'Does KVM work here?', async (step) => {
    const found = await probe(ctx, options);
    step.end('ok', found.reason);
    return found;
  });
  writeAnswer(file, answer);
  return answer;
}

/** What is known without booting anything; undefined: no run has probed this host with this QEMU yet. */
export function recallAccelerator(
  ctx: Pick<Context, 'paths'>,
  options: Pick<ProbeOptions, 'arch' | 'qemu'>,
): Accelerator | undefined {
  return withoutProbe(options.arch) ?? readAnswer(answerFile(ctx, options), isAnswer);
}

/** Where KVM is out of the question. */
function withoutProbe(arch: ArchName): Accelerator | undefined {
  const host = HOST_ARCH[nodeArch()];
  if (host !== arch) return {kind: 'tcg', reason: `the host is ${host ?? nodeArch()}, the guest is ${arch}`};
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? `the host has no ${DEVICE}` : `${DEVICE} cannot be opened (${code})`;
    return {kind: 'tcg', reason};
  }
}

const answerFile = (ctx: Pick<Context, 'paths'>, options: Pick<ProbeOptions, 'arch' | 'qemu'>): string =>
  join(ctx.paths.state, 'accelerator', `${hostKey(options.arch, options.qemu)}.json`);

const isAnswer = (value: Partial<Accelerator>): value is Accelerator =>
  (value.kind === 'kvm' || value.kind === 'tcg') && typeof value.reason === 'string';

async function probe(ctx: Context, options: ProbeOptions): Promise<Accelerator> {
  using temp = makeTempDir(ctx, 'probe');
  const directory = temp.path;
  try {
    await using machine = await startMachine(ctx, {
      ...options,
      name: 'probe',
      accelerator: 'kvm',
      kernel: options.kernelImage,
      vcpus: 1,
      memory: options.profile.memory,
      cmdline: '',
      directory,
      runtimeDir: join(ctx.paths.runtime, processIdentity() ?? 'probe'),
    });
    const deadline = new Deadline('A guest boots with KVM', PROBE_SECONDS);
    while (!ALIVE.test(readConsole(machine.consoleFile))) {
      ctx.signal.throwIfAborted();
      if (!machine.running) {
        const said = machine.output().trim().split('\n').at(-1) || 'it said nothing';
        return {kind: 'tcg', reason: `KVM: QEMU ended before a guest had booted with it (${said})`};
      }
      if (deadline.passed) {
        return {
          kind: 'tcg',
          reason: `KVM: ${DEVICE} opens, but a guest did not boot with it within ${PROBE_SECONDS} s`,
        };
      }
      await sleep(LOOK_MS, ctx.signal);
    }
    return {kind: 'kvm', reason: 'KVM: a guest booted with it'};
  } catch (error) {
    if (!(error instanceof InfraError)) throw error;
    const line = messageOf(error).split('\n').slice(0, 2).join(' ');
    return {kind: 'tcg', reason: `KVM: ${line}`};
  }
}
