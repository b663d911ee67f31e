// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import {messageOf} from '../lib/errors.js';
import {recallAccelerator} from '../machine/accelerator.js';
import {hasSelfChecks, type Profile} from '../machine/profile.js';
import {checkQemu, findQemu, type Qemu} from '../machine/qemu.js';
import {lastSelfCheck, type SelfCheckAnswer} from '../machine/self-check.js';

/** What is known about a profile on this host without booting anything. */
export interface ProfileState {
  state: 'works' | 'unsupported' | 'not-tried';
  reason: string;
}

/** From the QEMU that is there and the answers of earlier runs. */
export async function profileState(ctx: Context, profile: Profile, qemuDir: string | undefined): Promise<ProfileState> {
  let qemu: Qemu;
  try {
    qemu = await findQemu(ctx, profile.arch, qemuDir);
  } catch (error) {
    ctx.signal.throwIfAborted();
    return {state: 'unsupported', reason: messageOf(error).split('\n')[0] ?? ''};
  }
  const tooOld = checkQemu(profile, qemu);
  if (tooOld !== undefined) return {state: 'unsupported', reason: tooOld.reason};
  const accelerator = recallAccelerator(ctx, {arch: profile.arch, qemu});
  if (!hasSelfChecks(profile)) {
    const with_ = accelerator === undefined ? 'KVM was not probed yet' : `${accelerator.kind}: ${accelerator.reason}`;
    return {state: 'works', reason: `QEMU ${qemu.version}; ${with_}`};
  }
  return told(qemu, lastAnswer(ctx, profile, qemu));
}

/** KVM's where that is trusted, else what emulation said: a run tries them in this order. */
function lastAnswer(ctx: Context, profile: Profile, qemu: Qemu): SelfCheckAnswer | undefined {
  const [kvm, tcg] = (['kvm', 'tcg'] as const).map((kind) =>
    lastSelfCheck(ctx, {profile, qemu, accelerator: {kind, reason: ''}}),
  );
  return kvm?.trusted ? kvm : (tcg ?? kvm);
}

function told(qemu: Qemu, answer: SelfCheckAnswer | undefined): ProfileState {
  if (answer === undefined) {
    return {state: 'not-tried', reason: `QEMU ${qemu.version}; the first run on it asks its self-checks`};
  }
  if (!answer.trusted) return {state: 'unsupported', reason: answer.reason};
  const {kind, reason} = answer.accelerator;
  return {
    state: 'works',
    reason: `QEMU ${qemu.version}; ${answer.reason} with Linux ${answer.kernel}; ${kind}: ${reason}`,
  };
}
