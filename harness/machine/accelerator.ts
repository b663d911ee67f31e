// SPDX-License-Identifier: MIT
/**
 * KVM or TCG. KVM is believed only after a kernel has booted with it: on a nested hypervisor /dev/kvm can open and
 * create virtual CPUs that then never run. A clear answer is kept per host, so that the wait comes once; a late one is
 * kept for a while, so that it does not come with every run, and then KVM is asked again, with more time.
 */
import {accessSync, constants} from 'node:fs';
import {arch as nodeArch} from 'node:os';
import {join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {acquireLock} from '../lib/lock.js';
import {type ProbeAnswer, type ProbeOptions, probeKvm} from './probe.js';
import type {Accelerator} from './profile.js';
import {hostKey, readAnswer, writeAnswer} from './remembered.js';

/** What is known of KVM here; `again` when that is not for good. */
export interface KnownAccelerator extends Accelerator {
  /** Milliseconds since 1970, from when on a run asks again. */
  again?: number;
}

interface Kept extends ProbeAnswer {
  again?: number;
  /** Seconds without a new line that the next probe has. */
  quietSeconds?: number;
}

const HOST_ARCH: Readonly<Partial<Record<string, ArchName>>> = {x64: 'x86_64', arm64: 'arm64'};
const DEVICE = '/dev/kvm';
/** A late answer: so long nobody waits for another one. */
const LATE_MS = 30 * 60 * 1000;
/** The next probe has twice the time of a late one, up to this: seconds without a new line. */
const QUIET_SECONDS = {first: 20, most: 160} as const;

/** Never throws for a KVM that does not work: the reason is in the answer. @throws InfraError on I/O trouble */
export async function probeAccelerator(ctx: Context, options: ProbeOptions): Promise<Accelerator> {
  const plain = withoutProbe(options.arch);
  if (plain !== undefined) return plain;
  const file = answerFile(ctx, options);
  await using _lock = await acquireLock(ctx, file, 'the KVM probe');
  const known = readAnswer(file, isAnswer);
  if (known !== undefined && !isOver(known)) return accelerator(known);
  const quietSeconds = options.quietSeconds ?? known?.quietSeconds ?? QUIET_SECONDS.first;
  const answer = await inStep(ctx.emit, 'probe', `probe-${options.arch}`, 'Does KVM work here?', async (step) => {
    const found = await probeKvm(ctx, {...options, quietSeconds});
    step.end('ok', found.reason);
    return found;
  });
  // Nothing was learned of KVM: the next run, with its own kernel, asks again.
  if (answer.word !== 'unknown') writeAnswer(file, kept(answer, quietSeconds));
  return accelerator(answer);
}

function kept(answer: ProbeAnswer, quietSeconds: number): Kept {
  if (answer.word !== 'late') return answer;
  return {...answer, again: Date.now() + LATE_MS, quietSeconds: Math.min(QUIET_SECONDS.most, quietSeconds * 2)};
}

/** What is known without booting anything; undefined: no run has probed this host with this QEMU yet. */
export function recallAccelerator(
  ctx: Pick<Context, 'paths'>,
  options: Pick<ProbeOptions, 'arch' | 'qemu'>,
): KnownAccelerator | undefined {
  const known = withoutProbe(options.arch) ?? readAnswer(answerFile(ctx, options), isAnswer);
  return known && {...accelerator(known), ...('again' in known && {again: known.again as number})};
}

const isOver = ({again}: Kept): boolean => again !== undefined && Date.now() >= again;

const accelerator = ({kind, reason, probeSeconds}: Accelerator): Accelerator => ({
  ...{kind, reason},
  ...(probeSeconds === undefined ? {} : {probeSeconds}),
});

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

/** Without its word it is an answer of an older kverdict, which kept late ones for good: asked again. */
const isAnswer = (value: Partial<Kept>): value is Kept =>
  (value.kind === 'kvm' || value.kind === 'tcg') &&
  typeof value.reason === 'string' &&
  (value.word === 'works' || value.word === 'refused' || (value.word === 'late' && typeof value.again === 'number'));
