// SPDX-License-Identifier: MIT
/** From a kernel to a guest that answers. */
import type {Access} from '../image/access.js';
import type {Context} from '../lib/context.js';
import {InfraError, KernelError, messageOf} from '../lib/errors.js';
import {type BootEnd, EXTENSION, endOfBoot} from '../machine/boot-patience.js';
import {BootWatch} from '../machine/boot-watch.js';
import {consoleEnd, findDeath, readConsole} from '../machine/console.js';
import {HostClock, type HostTimes, PATIENCE} from '../machine/host-clock.js';
import {type Limit, limitWords} from '../machine/host-pace.js';
import type {Accelerator, Profile} from '../machine/profile.js';
import {complaints, howEnded, KERNEL_ENDED, type Machine, type Qemu, qemuEnded, startMachine} from '../machine/qemu.js';
import {within} from '../machine/wait.js';
import {HostKeyMismatch, KeyRefused, Ssh} from './ssh.js';
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
  /** Already scaled for the accelerator and this host. */
  limit: Limit;
  /** How many times slower than usual this host is: for the waits that a guest has of its own. */
  slowdown?: number;
  /** Instead of the host's own /proc. */
  hostTimes?: HostTimes;
}

/**
 * The kernel under test did not come up, or its SSH server never let us in: that is the image's, and the same for every
 * kernel. The message quotes the console's end.
 */
export class BootFailed extends KernelError {
  constructor(
    readonly how: 'panic' | 'timeout' | 'exited' | 'flooded' | 'refused',
    message: string,
    readonly consoleFile: string,
  ) {
    super(message, {facts: {how, consoleFile}});
  }
}

/** How often the console is looked at while it boots. */
const LOOK_MS = 25;
/** How often the host is asked what it gave. */
const CLOCK_MS = 100;
/** When the first line came, at the earliest: 0 stands for none. */
const MOMENT = 0.001;
/** A boot that was given less than this part of the time on the clock is told so. */
const TOLD = 0.75;
/** After a panic QEMU ends by itself (`panic=-1`, -no-reboot); the rest of the trace is printed meanwhile. */
const PANIC_GRACE_MS = 1000;

/**
 * Returns when the guest has let us in by SSH. The caller disposes of it.
 *
 * @throws BootFailed when the kernel panicked, ended the machine, printed nothing new for all of its time or far too
 *   much, or when SSH with it broke off
 * @throws InfraError when QEMU failed, the host was too slow, or the guest's keys are not those of our image
 */
export async function bootGuest(ctx: Context, options: BootOptions): Promise<SshGuest> {
  const machine = await startMachine(ctx, {
    ...options,
    accelerator: options.accelerator.kind,
    kernel: options.kernelImage,
  });
  const clock = new HostClock(machine.pid, options.hostTimes);
  const stop = new AbortController();
  try {
    const signal = AbortSignal.any([ctx.signal, stop.signal]);
    // Longer than our own wait in any case, so that it is the one that tells.
    const connecting = Ssh.connect(machine.sshSocket, options.access, options.limit.seconds * PATIENCE + 5, signal);
    const ssh = await Promise.race([
      connecting.catch((error) => refused(ctx, error, machine, options.name)),
      died(ctx, options, machine, clock, stop.signal),
    ]);
    ctx.signal.throwIfAborted();
    // Only an interrupt ends the watch in silence.
    if (ssh === undefined) throw new InfraError(`Guest ${options.name} was not waited for`);
    const boot = {given: clock.given(), wall: clock.wall};
    const {hostTimes, slowdown = 1} = options;
    return new SshGuest(ctx, options.name, machine, ssh, boot, {slowdown, ...(hostTimes && {hostTimes})});
  } catch (error) {
    stop.abort();
    await machine.kill();
    throw error;
  } finally {
    stop.abort();
  }
}

/** SSH failed. When that is because the machine ended, the other wait knows better why. */
async function refused(ctx: Context, error: unknown, machine: Machine, name: string): Promise<never> {
  ctx.signal.throwIfAborted();
  if (error instanceof HostKeyMismatch || error instanceof KeyRefused) throw error;
  await within(machine.exited, PANIC_GRACE_MS);
  // Never settles: `died` ends the race.
  if (!machine.running) await new Promise(() => {});
  throw failed('refused', `its SSH server answered, and then broke off: ${messageOf(error)}`, machine, name);
}

/** Ends, by throwing, when there is no point in waiting any longer; silently when `signal` says so. */
async function died(
  ctx: Context,
  options: BootOptions,
  machine: Machine,
  clock: HostClock,
  signal: AbortSignal,
): Promise<undefined> {
  const watch = new BootWatch(machine.consoleFile);
  let lastLine = 0;
  let told = false;
  while (!signal.aborted && !ctx.signal.aborted) {
    const isNew = watch.look();
    if (watch.panicked && machine.running) await within(machine.exited, PANIC_GRACE_MS, signal);
    if (watch.panicked || !machine.running) throw await deathOf(options, machine);
    const [given, wall, limit] = [clock.given(CLOCK_MS), clock.wall, options.limit.seconds];
    if (isNew) lastLine = Math.max(given, MOMENT);
    const end = endOfBoot({wall, given, limit, lastLine});
    if (end !== undefined) throw late(end, options, machine, {given, wall, lastLine});
    if (!told && wall >= limit) {
      told = true;
      ctx.emit({
        type: 'note',
        message: `Guest ${options.name} is waited for beyond ${seconds(limit)}: ${whyOn(given, limit)}`,
      });
    }
    await within(machine.exited, LOOK_MS, signal);
  }
  return undefined;
}

/** A kernel that ends the machine after it has printed something did that itself; QEMU's own troubles print there, not here. */
async function deathOf(options: BootOptions, machine: Machine): Promise<Error> {
  const text = readConsole(machine.consoleFile);
  if (/Kernel panic/.test(text)) {
    return failed('panic', `the kernel panicked: ${findDeath(text) ?? 'see below'}`, machine, options.name);
  }
  const how = await machine.exited;
  if (how.flooded) return failed('flooded', howEnded(how), machine, options.name);
  if (how.exitCode !== 0 || complaints(machine) !== '') return qemuEnded(machine, how);
  return failed('exited', KERNEL_ENDED, machine, options.name);
}

/** What a boot that did not come to its end had, in seconds. */
interface Had {
  given: number;
  wall: number;
  /** Given time of its last new line. */
  lastLine: number;
}

function late(end: BootEnd, options: BootOptions, machine: Machine, had: Had): Error {
  const {name, limit, accelerator} = options;
  const {given, wall, lastLine} = had;
  const got = given < wall * TOLD ? `; on the clock ${seconds(wall)}, as this host had no CPU for it` : '';
  const of = `limit: ${limitWords(limit)}, accelerator: ${accelerator.kind}${got}`;
  if (end === 'stuck') {
    const death = findDeath(readConsole(machine.consoleFile));
    const quiet = lastLine === 0 ? '' : `, and printed nothing new for ${(given - lastLine).toFixed(0)} s`;
    return failed(
      'timeout',
      `it was not ready within ${seconds(given)}${quiet} (${of})${death ? `; it printed: ${death}` : ''}`,
      machine,
      name,
    );
  }
  const what =
    end === 'starved'
      ? `in ${seconds(wall)} it gave guest ${name} only ${seconds(given)} to boot`
      : `guest ${name} was still printing new lines after ${seconds(given)}, ${EXTENSION} times its limit`;
  return new InfraError(`This host was too slow: ${what} (${of})\n${consoleEnd(machine.consoleFile, 8)}`, {
    hint: 'Run it again when less runs beside it, or with fewer guests at a time (--jobs 1).',
    facts: {given, wall, limit: limit.seconds},
  });
}

const whyOn = (given: number, limit: number): string =>
  given < limit ? `this host gave it only ${seconds(given)}` : 'new lines still come on its console';
const seconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} s`;

function failed(how: BootFailed['how'], why: string, machine: Machine, name: string): BootFailed {
  const message = `Guest ${name} did not boot: ${why}\n${consoleEnd(machine.consoleFile)}`;
  return new BootFailed(how, message, machine.consoleFile);
}
