// SPDX-License-Identifier: MIT
/** The one file that starts QEMU. */
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import type {Completed} from '../lib/exec.js';
import {sleep} from '../lib/sleep.js';
import {lastLines} from '../lib/text.js';
import {hasPrinted} from './console.js';
import {HostClock, PATIENCE} from './host-clock.js';
import type {Profile} from './profile.js';
import {type MachineSpec, qemuArgs} from './qemu-args.js';
import {Qmp} from './qmp.js';

export interface Qemu {
  binary: string;
  /** `10.0.2` */
  version: string;
}

/** Not an error: the profile cannot be trusted with what this host has, and its tests are reported as such. */
export interface UnsupportedProfile {
  profile: string;
  reason: string;
  hint: string;
}

/** The QEMU process. */
export interface Machine extends AsyncDisposable {
  readonly pid: number;
  readonly running: boolean;
  /** Settles when QEMU is gone; never rejects once the machine was started. */
  readonly exited: Promise<Completed>;
  readonly consoleFile: string;
  /** Of the serial console: what is written there are keys. */
  readonly consoleSocket: string;
  readonly sshSocket: string;
  /** As it can be pasted into a shell. */
  readonly line: string;
  /** What QEMU itself printed. */
  output(): string;
  /** The control channel; opened at the first call. @throws InfraError */
  qmp(): Promise<Qmp>;
  /** Ends QEMU, waits until it is gone, removes the sockets. Can be called again. */
  kill(): Promise<void>;
}

export interface StartOptions extends Omit<MachineSpec, 'consoleFile' | 'consoleSocket' | 'qmpSocket' | 'sshSocket'> {
  name: string;
  qemu: Qemu;
  /** Of the host: gets `<name>.console.log` and `<name>.qemu.log`. */
  directory: string;
  /** A short path: the sockets go into a folder of their own below it. */
  runtimeDir: string;
}

/**
 * A guest's console has kilobytes, with many splats megabytes. What is printed is scanned at 5 MB/s, in which no other
 * guest is heard.
 */
const MAX_CONSOLE_BYTES = 64 * 1024 * 1024;

const SYSTEM: Readonly<Record<ArchName, {binary: string; debian: string}>> = {
  x86_64: {binary: 'qemu-system-x86_64', debian: 'qemu-system-x86'},
  arm64: {binary: 'qemu-system-aarch64', debian: 'qemu-system-arm'},
};
/** unix(7): 108 bytes with the closing NUL. */
const MAX_SOCKET_PATH = 107;
/** It takes some 50 ms; a host that swaps takes longer. */
const SOCKET_SECONDS = 20;
const SOCKET_POLL_MS = 5;

/** @param qemuDir instead of PATH. @throws InfraError with the Debian command when there is none */
export async function findQemu(ctx: Context, arch: ArchName, qemuDir?: string): Promise<Qemu> {
  const {binary: name, debian} = SYSTEM[arch];
  const binary = qemuDir === undefined ? name : join(qemuDir, name);
  const hint = `Run as root: apt-get install ${debian} (on Debian 12: apt-get install -t bookworm-backports ${debian})`;
  let answer: Completed;
  try {
    answer = await ctx.exec.run(binary, ['--version'], {timeoutSeconds: 20});
  } catch (error) {
    throw new InfraError(`No \`${binary}\` on this host`, {hint, cause: error});
  }
  const version = /version (\d+\.\d+(?:\.\d+)?)/.exec(answer.stdout)?.[1];
  if (version === undefined) {
    throw new InfraError(`\`${answer.line}\` named no version:\n${answer.stdout}${answer.stderr}`, {hint});
  }
  return {binary, version};
}

/** Undefined when this QEMU is new enough for the profile. */
export function checkQemu(profile: Profile, qemu: Qemu): UnsupportedProfile | undefined {
  if (compareVersions(qemu.version, profile.minQemu) >= 0) return undefined;
  return {
    profile: profile.name,
    reason: `Profile ${profile.name} needs QEMU ${profile.minQemu} or newer, \`${qemu.binary}\` is ${qemu.version}`,
    hint: `On Debian 12: apt-get install -t bookworm-backports ${SYSTEM[profile.arch].debian}`,
  };
}

function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Returns when QEMU listens on its sockets. @throws InfraError when it ends first, with its own words */
export async function startMachine(ctx: Context, options: StartOptions): Promise<Machine> {
  mkdirSync(options.directory, {recursive: true});
  mkdirSync(options.runtimeDir, {recursive: true, mode: 0o700});
  const sockets = mkdtempSync(join(options.runtimeDir, 'g'));
  const spec: MachineSpec = {
    ...options,
    consoleFile: join(options.directory, `${options.name}.console.log`),
    consoleSocket: join(sockets, 'tty'),
    qmpSocket: join(sockets, 'qmp'),
    sshSocket: join(sockets, 'ssh'),
  };
  if (Buffer.byteLength(spec.sshSocket) > MAX_SOCKET_PATH) {
    rmSync(sockets, {recursive: true, force: true});
    throw new InfraError(`The path of a socket may have ${MAX_SOCKET_PATH} bytes, \`${spec.sshSocket}\` is longer`, {
      hint: 'Set XDG_RUNTIME_DIR to a shorter path.',
    });
  }
  const log = join(options.directory, `${options.name}.qemu.log`);
  const machine = launch(ctx, options.qemu.binary, spec, sockets, log);
  try {
    await socketsExist(ctx, machine, [spec.qmpSocket, spec.sshSocket]);
    return machine;
  } catch (error) {
    await machine.kill();
    throw error;
  }
}

function launch(ctx: Context, binary: string, spec: MachineSpec, sockets: string, log: string): Machine {
  rmSync(log, {force: true});
  const bound = {file: spec.consoleFile, maxBytes: MAX_CONSOLE_BYTES};
  const child = ctx.exec.start(binary, qemuArgs(spec), {log, bound});
  let control: Promise<Qmp> | undefined;
  const kill = async (): Promise<void> => {
    await control?.then((qmp) => qmp.close()).catch(() => {});
    await child.kill();
    rmSync(sockets, {recursive: true, force: true});
  };
  return {
    pid: child.pid,
    line: child.line,
    exited: child.exited,
    consoleFile: spec.consoleFile,
    consoleSocket: spec.consoleSocket,
    sshSocket: spec.sshSocket,
    get running() {
      return child.running;
    },
    output: () => readFileSync(log, 'utf8'),
    qmp: () => {
      control ??= Qmp.open(spec.qmpSocket, 5);
      return control;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function socketsExist(ctx: Context, machine: Machine, paths: readonly string[]): Promise<void> {
  const clock = new HostClock(machine.pid);
  while (!paths.every((path) => existsSync(path))) {
    ctx.signal.throwIfAborted();
    if (!machine.running) {
      const how = await machine.exited;
      // A kernel that ended the machine before we looked: who waits for its boot says so.
      if (how.exitCode === 0 && hasPrinted(machine.consoleFile)) return;
      throw qemuEnded(machine, how);
    }
    // Wall time first: a look at it costs nothing.
    if (clock.wall >= SOCKET_SECONDS && (clock.given() >= SOCKET_SECONDS || clock.wall >= SOCKET_SECONDS * PATIENCE)) {
      throw new InfraError(`QEMU did not listen on its sockets within ${clock.wall.toFixed(0)} s: \`${machine.line}\``);
    }
    await sleep(SOCKET_POLL_MS, ctx.signal);
  }
}

/** QEMU exited 0 and had nothing to say: the guest was reset or powered off, and a reset ends it (-no-reboot). */
export const KERNEL_ENDED = 'the kernel ended the machine and said nothing (a triple fault, a reset or a power-off)';

/** `QEMU exited 1`, with the reason when kverdict itself ended it. */
export function howEnded({flooded, exitCode, endedBy}: Completed): string {
  if (flooded) return `QEMU was ended: the guest's console printed more than ${MAX_CONSOLE_BYTES} bytes`;
  return exitCode === null ? `QEMU was ended by ${endedBy}` : `QEMU exited ${exitCode}`;
}

/**
 * What QEMU itself printed, but for its warnings: a machine that ends by itself after a warning was ended by its kernel.
 */
export function complaints(machine: Pick<Machine, 'output'>): string {
  const lines = machine.output().split('\n');
  return lines.filter((line) => line.trim() !== '' && !/: warning: /.test(line)).join('\n');
}

/** QEMU is gone, and not because a kernel asked for it. */
export function qemuEnded(machine: Machine, how: Completed): InfraError {
  const said = lastLines(machine.output(), 12);
  return new InfraError(`${howEnded(how)} before the guest was ready:\n${said}\nIt was started as: ${machine.line}`, {
    facts: {exitCode: how.exitCode, command: machine.line},
  });
}
