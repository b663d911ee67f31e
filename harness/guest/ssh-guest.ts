// SPDX-License-Identifier: MIT
/** A guest by SSH: one connection, few channels, and an answer for every way in which it can go away. */
import {randomBytes} from 'node:crypto';
import {createReadStream, existsSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, messageOf, UserError} from '../lib/errors.js';
import {shellQuote} from '../lib/shell-quote.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {ConsoleTail, findDeath, readConsole} from '../machine/console.js';
import {HostClock, type HostTimes, PATIENCE} from '../machine/host-clock.js';
import {complaints, howEnded, KERNEL_ENDED, type Machine} from '../machine/qemu.js';
import {within} from '../machine/wait.js';
import {diagnose} from './diagnose.js';
import {type DiagnoseOptions, type Guest, GuestLost, type GuestRunOptions, type GuestRunResult} from './guest.js';
import {type CommandMark, GRACE_SECONDS, guestCommand, readStatus, stopCommand} from './guest-command.js';
import type {Channel, ExecOptions, Ssh} from './ssh.js';
import {starvedFor, waitInGivenTime, withinGiven} from './wait-given.js';

/** dropbear serves as many as one likes; OpenSSH, in a guest of the user's own, ten. Each may need one more to be ended. */
const MAX_CHANNELS = 8;
/** Beyond the guest's own limit and its grace: then the guest itself is stuck. */
const SLACK_SECONDS = 10;
/** An emulated guest under load can be slow to answer; one that says nothing for so long is lost. */
const SILENT_SECONDS = 60;
/** Between the end of SSH and the end of QEMU, when a panic caused both. */
const LOSS_GRACE_MS = 2000;
const PUSH_SECONDS = 300;
/** Of what is printed while files are copied. */
const SAID_BYTES = 4096;

export type Loss = Required<Pick<GuestRunResult, 'lost' | 'lostHow'>>;

/** How a guest came up: seconds on the wall, and of it those that the host gave. */
export interface Boot {
  wall: number;
  given: number;
}

export interface SshGuestOptions {
  slowdown?: number;
  hostTimes?: HostTimes;
}

export class SshGuest implements Guest {
  readonly #slots: boolean[] = new Array(MAX_CHANNELS).fill(false);
  #gone: Promise<void> | undefined;
  #tail: ConsoleTail | undefined;

  constructor(
    readonly ctx: Context,
    readonly name: string,
    readonly machine: Machine,
    readonly ssh: Ssh,
    readonly boot: Boot,
    readonly options: SshGuestOptions = {},
  ) {}

  get bootSeconds(): number {
    return this.boot.wall;
  }

  get slowdown(): number {
    return this.options.slowdown ?? 1;
  }

  async run(command: string, options: GuestRunOptions): Promise<GuestRunResult> {
    const limit = Math.max(1, Math.ceil(options.timeoutSeconds));
    const {onOutput} = options;
    const line = (mark: CommandMark, patience: number): string => guestCommand(command, patience, mark);
    return await this.#start(line, limit, onOutput ? {onOutput} : {});
  }

  async push(local: string, remoteDirectory: string): Promise<void> {
    const source = resolve(local);
    if (!existsSync(source)) throw new UserError(`There is no \`${source}\` to copy into guest ${this.name}`);
    using temp = makeTempDir(this.ctx, 'push');
    const tar = join(temp.path, 'push.tar');
    await this.ctx.exec.runOk('tar', [
      '-c',
      '-f',
      tar,
      '--owner=0',
      '--group=0',
      '-C',
      dirname(source),
      basename(source),
    ]);
    const remote = shellQuote(remoteDirectory);
    let said = Buffer.alloc(0);
    const unpack = `mkdir -p ${remote} && exec tar -x -o -f - -C ${remote}`;
    const limit = PUSH_SECONDS * this.slowdown;
    const keep = (chunk: Uint8Array): void => {
      said = lastOf(said, chunk);
    };
    const end = await this.#start(() => unpack, limit, {onOutput: keep}, tar);
    if (end.code === 0) return;
    const late = end.timedOut ? `not done within ${limit.toFixed(0)} s` : undefined;
    const why = end.starved ?? end.lost ?? late ?? said.toString().trim();
    const message = `Cannot copy \`${source}\` to \`${remoteDirectory}\` in guest ${this.name}: ${why}`;
    throw end.lostHow !== undefined && end.starved === undefined
      ? new GuestLost(message, end.lostHow)
      : new InfraError(message);
  }

  diagnose(options: DiagnoseOptions = {}): Promise<string> {
    return diagnose(this, options);
  }

  newConsole(onText: (text: string) => void): Promise<void> {
    this.#tail ??= new ConsoleTail(this.machine.consoleFile);
    return this.#tail.readInTurns(onText);
  }

  console(): string {
    return readConsole(this.machine.consoleFile);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#gone ??= (async () => {
      this.ssh.end();
      await this.machine.kill();
    })();
    return this.#gone;
  }

  async #start(
    line: (mark: CommandMark, patience: number) => string,
    limit: number,
    options: ExecOptions,
    inputFile?: string,
  ): Promise<GuestRunResult> {
    const slot = this.#slots.indexOf(false);
    if (slot < 0) throw new InfraError(`Expected at most ${MAX_CHANNELS} commands at a time in guest ${this.name}`);
    this.#slots[slot] = true;
    const mark = {slot, id: randomBytes(6).toString('hex')};
    const clock = new HostClock(this.machine.pid, this.options.hostTimes);
    const {signal} = this.ctx;
    let channel: Channel | undefined;
    try {
      const silence = SILENT_SECONDS * this.slowdown;
      // The guest's own limit is the last one: what ends at ours is told apart from what was killed.
      const last = Math.ceil(limit * PATIENCE) + GRACE_SECONDS + SLACK_SECONDS;
      const opening = this.ssh.exec(line(mark, last), options);
      channel = await withinGiven(opening, silence, {clock, signal});
      if (channel === undefined) {
        signal.throwIfAborted();
        void opening.then((late) => late.close()).catch(() => {});
        this.ssh.end();
        return {
          code: null,
          timedOut: false,
          ...stuckFor(clock.wall, silence),
          seconds: clock.wall,
          given: clock.given(),
        };
      }
      if (inputFile !== undefined) void feed(channel, inputFile);
      const gone = this.machine.exited.then(() => undefined);
      const ended = Promise.race([channel.ended, gone]);
      const waited = await waitInGivenTime(ended, {
        ...{clock, limit, signal},
        grace: (GRACE_SECONDS + SLACK_SECONDS) * this.slowdown,
        stop: () => this.#stop(mark, ended),
        alive: () => this.ssh.alive(),
        silence,
      });
      signal.throwIfAborted();
      // QEMU is gone: what is left in the socket still comes, then the channel closes.
      const settled =
        waited.end ?? (this.machine.running ? undefined : await within(channel.ended, LOSS_GRACE_MS, signal));
      // Both of one span, whichever way it ended: what looks at the two asks which part was given.
      const span = {seconds: clock.wall, given: clock.given()};
      const late =
        waited.isOver && waited.given < limit ? {starved: starvedFor(this.name, clock, waited.given, limit)} : {};
      if (settled !== undefined && settled.code !== null) {
        const done = readStatus(settled.code, waited.isOver, span.seconds);
        return {...done, ...span, ...(done.timedOut ? late : {})};
      }
      if (settled?.signal !== undefined) return {code: null, signal: settled.signal, timedOut: false, ...span};
      const stuck = settled === undefined && this.machine.running;
      if (waited.silentFor !== undefined) this.ssh.end();
      const loss = stuck ? stuckFor(span.seconds, waited.silentFor) : await this.#loss();
      const timedOut = stuck && waited.isOver;
      return {code: null, timedOut, ...loss, ...span, ...(stuck ? late : {})};
    } catch (error) {
      signal.throwIfAborted();
      if (this.machine.running && this.ssh.open) throw error;
      return {code: null, timedOut: false, ...(await this.#loss(messageOf(error))), seconds: clock.wall};
    } finally {
      this.#slots[slot] = false;
      channel?.close();
    }
  }

  /** By further channels; a guest that opens none is stuck, which whoever waits for the command finds out. */
  async #stop(mark: CommandMark, ended: Promise<unknown>): Promise<void> {
    try {
      await (await this.ssh.exec(stopCommand(mark, 'TERM'))).ended;
      if ((await within(ended, GRACE_SECONDS * 1000 * this.slowdown, this.ctx.signal)) !== undefined) return;
      await (await this.ssh.exec(stopCommand(mark, 'KILL'))).ended;
    } catch {
      // As above.
    }
  }

  /** Why the connection is gone: the kernel's own words come before QEMU's, those before SSH's. */
  async #loss(ssh?: string): Promise<Loss> {
    await within(this.machine.exited, LOSS_GRACE_MS);
    const death = findDeath(this.console());
    if (death?.includes('Kernel panic')) return {lostHow: 'panic', lost: death};
    if (!this.machine.running) {
      const how = await this.machine.exited;
      const said = complaints(this.machine).split('\n').at(-1) || (how.exitCode === 0 ? KERNEL_ENDED : '');
      return {lostHow: 'qemu-exited', lost: `${howEnded(how)}${said && `: ${said}`}`};
    }
    const reason = this.ssh.open ? (ssh ?? 'the command ended without an exit status') : await this.ssh.closed;
    return {lostHow: 'silent', lost: `SSH went quiet: ${reason}${death ? `; the console says: ${death}` : ''}`};
  }
}

function stuckFor(seconds: number, silentFor: number | undefined): Loss {
  const lost =
    silentFor === undefined
      ? `the guest did not end the command within ${seconds.toFixed(0)} s`
      : `SSH went quiet: no answer for ${silentFor.toFixed(0)} s`;
  return {lostHow: 'silent', lost};
}

/** What a guest prints has any length; its last words are what a message quotes. */
function lastOf(said: Buffer, chunk: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.from(Buffer.concat([said, chunk.subarray(-SAID_BYTES)]).subarray(-SAID_BYTES));
}

/** A guest that takes no more is noticed by who waits for the command's end; so is input that broke off. */
async function feed(channel: Channel, file: string): Promise<void> {
  try {
    for await (const chunk of createReadStream(file, {highWaterMark: 64 * 1024})) await channel.write(chunk as Buffer);
    channel.endInput();
  } catch {
    channel.close();
  }
}
