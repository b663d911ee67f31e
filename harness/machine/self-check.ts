// SPDX-License-Identifier: MIT
/**
 * Can a machine be trusted with a profile? Its self-checks said so once, for a kernel; the answer is kept for the same
 * host, QEMU, accelerator, profile, programs and kernel. `run/self-check.ts` is what asks the guest.
 */
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import type {Accelerator, Profile} from './profile.js';
import type {Qemu} from './qemu.js';
import {hostKey, readAnswer, writeAnswer} from './remembered.js';

export interface SelfCheckAnswer {
  trusted: boolean;
  /** `self-check \`mte\` failed: sync: the kernel does not …`; of a trusted one: how many checks passed. */
  reason: string;
  accelerator: Accelerator;
  /** `uname -r` of the kernel that was asked. */
  kernel: string;
}

/** What an answer belongs to, but for the kernel. */
export interface CheckedMachine {
  profile: Profile;
  qemu: Qemu;
  accelerator: Accelerator;
}

type Paths = Pick<Context, 'paths'>;

/** The answer for this kernel. @param kernelKey of its build */
export function recallSelfCheck(ctx: Paths, machine: CheckedMachine, kernelKey: string): SelfCheckAnswer | undefined {
  return readAnswer(selfCheckFile(ctx, machine, kernelKey), isAnswer);
}

export function rememberSelfCheck(
  ctx: Paths,
  machine: CheckedMachine,
  kernelKey: string,
  answer: SelfCheckAnswer,
): void {
  writeAnswer(selfCheckFile(ctx, machine, kernelKey), answer);
}

/** The newest answer, whichever kernel gave it: for people who ask what works here. */
export function lastSelfCheck(ctx: Paths, machine: CheckedMachine): SelfCheckAnswer | undefined {
  const folder = answersOf(ctx, machine);
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return undefined; // Nobody has asked yet.
  }
  const files = names.map((name) => join(folder, name)).map((file) => ({file, at: statSync(file).mtimeMs}));
  const [newest] = files.sort((a, b) => b.at - a.at);
  return newest && readAnswer(newest.file, isAnswer);
}

export const selfCheckFile = (ctx: Paths, machine: CheckedMachine, kernelKey: string): string =>
  join(answersOf(ctx, machine), `${kernelKey.slice(0, 16)}.json`);

function answersOf(ctx: Paths, {profile, qemu, accelerator}: CheckedMachine): string {
  const {selfCheckDirectory, summary: _, ...text} = profile;
  const programs = [join(ctx.paths.project, 'selftests/include'), selfCheckDirectory].map(sourcesHash);
  const key = hostKey(profile.arch, qemu, accelerator.kind, text, ...(profile.selfChecks.length === 0 ? [] : programs));
  return join(ctx.paths.state, 'self-checks', `${profile.name}-${key}`);
}

function sourcesHash(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory)
    .filter((each) => /\.[ch]$/.test(each))
    .sort()) {
    hash.update(`${name}\n`).update(readFileSync(join(directory, name)));
  }
  return hash.digest('hex');
}

const isAnswer = (value: Partial<SelfCheckAnswer>): value is SelfCheckAnswer =>
  typeof value.trusted === 'boolean' &&
  typeof value.reason === 'string' &&
  typeof value.kernel === 'string' &&
  typeof value.accelerator?.reason === 'string';
