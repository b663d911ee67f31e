// SPDX-License-Identifier: MIT
/**
 * Can a profile be trusted on this host? Its self-checks run on the base kernel; where they fail there, the patched one
 * is asked too: a series that brings the feature must not be turned away, and one kernel that gives every known answer
 * proves the machine. A kernel that has lost the feature does not take the profile away either, as base has proven it:
 * its suites run, and fail or skip where base passed.
 */
import type {KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {InfraError, KernelError, messageOf} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import {acquireLock} from '../lib/lock.js';
import {cleanLine, clip} from '../lib/text.js';
import {type Accelerator, hasSelfChecks, type Profile} from '../machine/profile.js';
import {
  type CheckedMachine,
  recallSelfCheck,
  rememberSelfCheck,
  type SelfCheckAnswer,
  selfCheckFile,
} from '../machine/self-check.js';
import {askGuest} from './ask-guest.js';
import type {Work} from './build-everything.js';
import type {Bench} from './lab.js';

/** What a profile's guests will run on, or why none will. */
export interface Trust {
  accelerator: Accelerator;
  /** Absent: the suites may run. */
  unsupported?: string;
  /** What the self-checks said; absent where there are none, or no kernel came up to be asked. */
  answer?: SelfCheckAnswer;
  /** The answer is of an earlier run. */
  remembered?: boolean;
}

type Asked = {answer: SelfCheckAnswer; remembered: boolean} | {notBooted: string};

/**
 * Where KVM works, the checks are tried with it first: a machine that KVM does not have (`virtualization=on` without
 * nested virtualisation, tags without hardware for them) is emulated instead, and that is said.
 *
 * @param host the accelerator that the host was found to have
 * @param kernels base first
 * @throws InfraError when an answer cannot be kept
 */
export async function trustProfile(
  ctx: Context,
  work: Work,
  bench: Bench,
  kernels: readonly KernelBuild[],
): Promise<Trust> {
  const {accelerator: host, profile} = bench;
  if (!hasSelfChecks(profile)) return {accelerator: host};
  if (host.kind === 'kvm') {
    const trust = await trustWith(ctx, work, bench, kernels, host);
    if ('answer' in trust && trust.answer.trusted) return {accelerator: host, ...trust};
    const why = 'answer' in trust ? trust.answer.reason : trust.notBooted;
    const emulated: Accelerator = {kind: 'tcg', reason: `KVM: works here, but not for ${profile.name}: ${why}`};
    ctx.emit({type: 'note', message: `${profile.name}: ${emulated.reason}`});
    return conclude(emulated, await trustWith(ctx, work, bench, kernels, emulated));
  }
  return conclude(host, await trustWith(ctx, work, bench, kernels, host));
}

/** A kernel that does not come up says nothing about the machine: its suites' own guests will tell whose fault that is. */
function conclude(accelerator: Accelerator, asked: Asked): Trust {
  if ('notBooted' in asked) return {accelerator};
  return {accelerator, ...asked, ...(asked.answer.trusted ? {} : {unsupported: asked.answer.reason})};
}

async function trustWith(
  ctx: Context,
  work: Work,
  bench: Bench,
  kernels: readonly KernelBuild[],
  accelerator: Accelerator,
): Promise<Asked> {
  let first: Asked | undefined;
  for (const kernel of kernels) {
    const asked = await ask(ctx, work, {...bench, accelerator}, kernel);
    if ('answer' in asked && asked.answer.trusted) return asked;
    first ??= asked;
  }
  return first ?? {notBooted: 'there is no kernel'};
}

async function ask(ctx: Context, work: Work, bench: Bench, kernel: KernelBuild): Promise<Asked> {
  const machine: CheckedMachine = bench;
  const {profile, qemu, accelerator} = bench;
  await using _lock = await acquireLock(
    ctx,
    selfCheckFile(ctx, machine, kernel.key),
    `the self-check of ${profile.name}`,
  );
  const known = recallSelfCheck(ctx, machine, kernel.key);
  if (known !== undefined) return {answer: known, remembered: true};
  const say = (reason: string, trusted = false): SelfCheckAnswer => ({
    ...{trusted, reason, accelerator},
    kernel: kernel.release,
  });
  const label = `Can ${profile.name} be trusted here?`;
  return inStep(ctx.emit, 'probe', `self-check-${profile.name}-${kernel.key}`, label, async (step) => {
    try {
      const {passed, failure, unsure} = await askGuest(ctx, work, bench, kernel);
      const where = `QEMU ${qemu.version}, ${accelerator.kind}`;
      const answer = failure === undefined ? say(`${passed} checks passed`, true) : say(`${failure} (${where})`);
      if (!unsure) rememberSelfCheck(ctx, machine, kernel.key, answer);
      step.end('ok', answer.reason);
      return {answer, remembered: false};
    } catch (error) {
      ctx.signal.throwIfAborted();
      if (!(error instanceof KernelError || error instanceof InfraError)) throw error;
      const [line = ''] = messageOf(error).split('\n');
      step.end('failed', line);
      if (!isRefused(error)) return {notBooted: line};
      return {answer: say(`QEMU ${qemu.version} refuses the machine: ${lastWords(error, profile)}`), remembered: false};
    }
  });
}

/** QEMU ends with 1 when it cannot be what the command line asks for; a signal, or a guest that is late, is no such answer. */
function isRefused(error: Error): boolean {
  return error instanceof InfraError && error.facts.exitCode === 1;
}

/** `qemu-system-aarch64: mach-virt: KVM does not support …`, out of the message that quotes it. */
function lastWords(error: Error, {name}: Profile): string {
  const line = messageOf(error)
    .split('\n')
    .find((each) => /^qemu-system-\S+: /.test(each));
  return clip(cleanLine(line ?? `${name} did not start`), 300);
}
