// SPDX-License-Identifier: MIT
/** What was found out about this host, kept so that it costs its seconds once. */
import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync} from 'node:fs';
import {cpus, release} from 'node:os';
import {dirname} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import {writeWhole} from '../lib/write-whole.js';
import type {Qemu} from './qemu.js';

/** What an answer depends on: this very host, its CPU and kernel, the QEMU, and what else the caller names. */
export function hostKey(arch: ArchName, qemu: Pick<Qemu, 'version'>, ...more: readonly unknown[]): string {
  const facts = [arch, qemu.version, machineId(), cpus()[0]?.model ?? '', release(), ...more];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return ''; // A container may have none; CPU and kernel are left to tell hosts apart.
  }
}

/** Undefined when it is not there, torn, or not what `isAnswer` takes: whoever asks then finds it out again. */
export function readAnswer<T extends object>(file: string, isAnswer: (value: Partial<T>) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null && isAnswer(value as Partial<T>) ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all. */
export function writeAnswer(file: string, answer: object): void {
  mkdirSync(dirname(file), {recursive: true});
  // Two processes may find it out at once.
  writeWhole(file, `${JSON.stringify(answer)}\n`, {draft: `${file}.${process.pid}`});
}
