// SPDX-License-Identifier: MIT
import {KernelError} from '../lib/errors.js';

/** The guest went away while something was copied into it. */
export class GuestLost extends KernelError {
  constructor(
    message: string,
    readonly how: NonNullable<GuestRunResult['lostHow']>,
  ) {
    super(message, {facts: {how}});
  }
}

/** The Linux inside a machine, as the rest of kverdict sees it. Everything above is tested with a fake one. */
export interface Guest extends AsyncDisposable {
  readonly name: string;
  /** Seconds from QEMU's start until SSH answered. */
  readonly bootSeconds: number;
  /** How many times slower than usual the host is, from 1: a factor on limits that no caller scales. */
  readonly slowdown: number;
  /** Runs a shell command in the guest and waits for it. A guest that goes away meanwhile is an answer (`lost`). */
  run(command: string, options: GuestRunOptions): Promise<GuestRunResult>;
  /**
   * Copies a file or a folder of the host into a directory of the guest (made when missing).
   *
   * @throws GuestLost
   * @throws InfraError when the guest is there, and does not take it
   */
  push(local: string, remoteDirectory: string): Promise<void>;
  /** What a person would want to know about a guest that hangs: registers, sysrq l/w/t; best effort, never throws. */
  diagnose(options?: DiagnoseOptions): Promise<string>;
  /** Everything the kernel printed so far; `<empty console>` when that is what we got. */
  console(): string;
  /**
   * What the kernel printed since the last call, as it came, in pieces; the first call begins with the boot. Reading a
   * console that was flooded takes seconds, in which other guests have their turns.
   */
  newConsole(onText: (text: string) => void): Promise<void>;
}

export interface DiagnoseOptions {
  /** A file that gets the guest's memory, as an ELF core. It is as large as the guest's memory. */
  memoryDump?: string;
}

export interface GuestRunOptions {
  /**
   * Ends the command and all it started, and then the wait for it. Counted in the time that the host gives to the
   * machine (`HostClock`), at most PATIENCE times as long on the wall clock.
   */
  timeoutSeconds: number;
  /** Called per chunk of stdout and stderr together, in order, as bytes. */
  onOutput?: (chunk: Uint8Array) => void;
}

export interface GuestRunResult {
  /** null: it was ended by a signal, a limit, or the guest was lost. */
  code: number | null;
  signal?: string;
  timedOut: boolean;
  /** Why the guest is gone: QEMU exited, the kernel panicked, SSH went quiet. Absent: it is still there. */
  lost?: string;
  /** The same as a word; there whenever `lost` is. */
  lostHow?: 'panic' | 'qemu-exited' | 'silent';
  /** Wall time. */
  seconds: number;
  /** Of it, what the host gave to the machine (`HostClock`). */
  given?: number;
  /** It was ended, or given up as silent, before it had its time: the host's fault, in words. */
  starved?: string;
}
