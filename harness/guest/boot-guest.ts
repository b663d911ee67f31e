// SPDX-License-Identifier: MIT
/** From a kernel to a guest that answers. */
import type {Access} from '../image/access.js';
import type {Context} from '../lib/context.js';
import {Deadline} from '../lib/deadline.js';
import {InfraError, KernelError, messageOf} from '../lib/errors.js';
import {ConsoleWatch, consoleEnd, findDeath, readConsole} from '../machine/console.js';
import type {Accelerator, Profile} from '../machine/profile.js';
import {type Machine, type Qemu, qemuEnded, startMachine} from '../machine/qemu.js';
import {within} from '../machine/wait.js';
import {HostKeyMismatch, Ssh} from './ssh.js';
import {SshGuest} from './ssh-guest.js';

export interface BootOptions {
  /** Names its files and messages: `[a-z0-9.-]`. */
  name: string;
  profile: Profile;
  kernelImage: string;
  initrd: string;
  access: Access;
  qemu: Qemu;
  accelerator: Accelerator;
  vcpus: number;
  /** MiB */
  memory: number;
  /** Appended to the profile's. */
  cmdline: string;
  /** Of the host: gets `<name>.console.log` and `<name>.qemu.log`. */
  directory: string;
  /** A short path, for the sockets. */
  runtimeDir: string;
  /** Already scaled for the accelerator. */
  bootSeconds: number;
}

/** The kernel under test did not come up. The message quotes the console's end. */
export class BootFailed extends KernelError {
  constructor(
    readonly how: 'panic' | 'timeout' | 'exited',
    message: string,
    readonly consoleFile: string,
  ) {
    super(message, {facts: {how, consoleFile}});
  }
}

/** How often the console is looked at while it boots. */
const LOOK_MS = 25;
/** After a panic QEMU ends by itself (`panic=-1`, -no-reboot); the rest of the trace is printed meanwhile. */
const PANIC_GRACE_MS = 1000;

/**
 * Returns when the guest has let us in by SSH. The caller disposes of it.
 *
 * @throws BootFailed when the kernel panicked, ended the machine or was not ready in time
 * @throws InfraError when QEMU failed, or the guest is not the one our image makes
 */
export async function bootGuest(ctx: Context, options: BootOptions): Promise<SshGuest> {
  const started = performance.now();
  const machine = await startMachine(ctx, {
    ...options,
    accelerator: options.accelerator.kind,
    kernel: options.kernelImage,
  });
  const stop = new AbortController();
  const deadline = new Deadline(`Guest ${options.name} is ready`, options.bootSeconds);
  try {
    const signal = AbortSignal.any([ctx.signal, stop.signal]);
    // A little longer than our own wait, so that it is the one that tells.
    const connecting = Ssh.connect(machine.sshSocket, options.access, options.bootSeconds + 5, signal);
    const ssh = await Promise.race([
      connecting.catch((error) => refused(ctx, error, machine)),
      died(ctx, options, machine, deadline, stop.signal),
    ]);
    ctx.signal.throwIfAborted();
    // Only an interrupt ends the watch in silence.
    if (ssh === undefined) throw new InfraError(`Guest ${options.name} was not waited for`);
    return new SshGuest(ctx, options.name, machine, ssh, (performance.now() - started) / 1000);
  } catch (error) {
    stop.abort();
    await machine.kill();
    throw error;
  } finally {
    stop.abort();
  }
}

/** SSH failed. When that is because the machine ended, the other wait knows better why. */
async function refused(ctx: Context, error: unknown, machine: Machine): Promise<never> {
  ctx.signal.throwIfAborted();
  if (!(error instanceof HostKeyMismatch)) {
    await within(machine.exited, PANIC_GRACE_MS);
    // Never settles: `died` ends the race.
    if (!machine.running) await new Promise(() => {});
  }
  if (error instanceof InfraError) throw error;
  throw new InfraError(`The guest refused SSH: ${messageOf(error)}`, {cause: error});
}

/** Ends, by throwing, when there is no point in waiting any longer; silently when `signal` says so. */
async function died(
  ctx: Context,
  options: BootOptions,
  machine: Machine,
  deadline: Deadline,
  signal: AbortSignal,
): Promise<undefined> {
  const watch = new ConsoleWatch(machine.consoleFile);
  while (!signal.aborted && !ctx.signal.aborted) {
    const panicked = watch.panicked();
    if (panicked && machine.running) await within(machine.exited, PANIC_GRACE_MS, signal);
    if (panicked || !machine.running) throw await deathOf(options, machine);
    if (deadline.passed) throw failed('timeout', options, machine);
    await within(machine.exited, LOOK_MS, signal);
  }
  return undefined;
}

/** A kernel that ends the machine after it has printed something did that itself; QEMU's own troubles print there, not here. */
async function deathOf(options: BootOptions, machine: Machine): Promise<Error> {
  const text = readConsole(machine.consoleFile);
  if (/Kernel panic/.test(text)) return failed('panic', options, machine);
  const how = await machine.exited;
  if (how.exitCode !== 0 || machine.output().trim() !== '') return qemuEnded(machine, how);
  return failed('exited', options, machine);
}

const HOW: Readonly<Record<BootFailed['how'], (options: BootOptions, text: string) => string>> = {
  panic: (_, text) => `the kernel panicked: ${findDeath(text) ?? 'see below'}`,
  exited: () => 'the kernel ended the machine',
  timeout: ({bootSeconds, accelerator}, text) => {
    const death = findDeath(text);
    return `it was not ready within ${bootSeconds} s (accelerator: ${accelerator.kind})${death ? `; it printed: ${death}` : ''}`;
  },
};

function failed(how: BootFailed['how'], options: BootOptions, machine: Machine): BootFailed {
  const why = HOW[how](options, readConsole(machine.consoleFile));
  const message = `Guest ${options.name} did not boot: ${why}\n${consoleEnd(machine.consoleFile)}`;
  return new BootFailed(how, message, machine.consoleFile);
}
