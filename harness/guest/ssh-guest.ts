// SPDX-License-Identifier: MIT
/** A guest by SSH: one connection, few channels, and an answer for every way in which it can go away. */
import {randomBytes} from 'node:crypto';
import {createReadStream, existsSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, messageOf, UserError} from '../lib/errors.js';
import {shellQuote} from '../lib/shell-quote.js';
import {ConsoleTail, findDeath, readConsole} from '../machine/console.js';
import {howEnded, type Machine} from '../machine/qemu.js';
import {within} from '../machine/wait.js';
import {diagnose} from './diagnose.js';
import type {DiagnoseOptions, Guest, GuestRunOptions, GuestRunResult} from './guest.js';
import {GRACE_SECONDS, guestCommand, readStatus} from './guest-command.js';
import type {Channel, ExecOptions, Ssh} from './ssh.js';

/** dropbear serves as many as one likes; OpenSSH, in a guest of the user's own, ten. */
const MAX_CHANNELS = 8;
/** Beyond the guest's own limit and its grace: then the guest itself is stuck. */
const SLACK_SECONDS = 10;
/** Between the end of SSH and the end of QEMU, when a panic caused both. */
const LOSS_GRACE_MS = 2000;
const PUSH_SECONDS = 300;
/** Of what is printed while files are copied. */
const SAID_BYTES = 4096;

type Loss = Required<Pick<GuestRunResult, 'lost' | 'lostHow'>>;

export class SshGuest implements Guest {
  #channels = 0;
  #gone: Promise<void> | undefined;
  #tail: ConsoleTail | undefined;

  constructor(
    readonly ctx: Context,
    readonly name: string,
    readonly machine: Machine,
    readonly ssh: Ssh,
    readonly bootSeconds: number,
  ) {}

  async run(command: string, options: GuestRunOptions): Promise<GuestRunResult> {
    const limit = Math.max(1, Math.ceil(options.timeoutSeconds));
    const {onOutput} = options;
    return await this.#start(guestCommand(command, limit), limit, onOutput ? {onOutput} : {});
  }

  async push(local: string, remoteDirectory: string): Promise<void> {
    const source = resolve(local);
    if (!existsSync(source)) throw new UserError(`There is no \`${source}\` to copy into guest ${this.name}`);
    const tar = join(tmpdir(), `kverdict-push-${randomBytes(6).toString('hex')}.tar`);
    try {
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
      const end = await this.#start(unpack, PUSH_SECONDS, {onOutput: (chunk) => (said = lastOf(said, chunk))}, tar);
      if (end.code === 0) return;
      const why = end.lost ?? (end.timedOut ? `not done within ${PUSH_SECONDS} s` : said.toString().trim());
      throw new InfraError(`Cannot copy \`${source}\` to \`${remoteDirectory}\` in guest ${this.name}: ${why}`);
    } finally {
      rmSync(tar, {force: true});
    }
  }

  diagnose(options: DiagnoseOptions = {}): Promise<string> {
    return diagnose(this, options);
  }

  newConsole(onText: (text: string) => void): void {
    this.#tail ??= new ConsoleTail(this.machine.consoleFile);
    this.#tail.read(onText);
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

  async #start(line: string, limit: number, options: ExecOptions, inputFile?: string): Promise<GuestRunResult> {
    if (this.#channels >= MAX_CHANNELS) {
      throw new InfraError(`Expected at most ${MAX_CHANNELS} commands at a time in guest ${this.name}`);
    }
    this.#channels++;
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    const {signal} = this.ctx;
    let channel: Channel | undefined;
    // One limit for the channel, the answer and the end: a guest may answer keepalives and nothing else.
    const wait = limit + GRACE_SECONDS + SLACK_SECONDS;
    const leftMs = (): number => (wait - seconds()) * 1000;
    const opening = this.ssh.exec(line, options);
    try {
      const gone = this.machine.exited.then(() => undefined);
      channel = await within(Promise.race([opening, gone]), leftMs(), signal);
      signal.throwIfAborted();
      if (channel === undefined) {
        void opening.then((late) => late.close()).catch(() => {});
        const silent = this.machine.running;
        const loss = silent ? unopenedFor(wait) : await this.#loss();
        return {code: null, timedOut: silent, ...loss, seconds: seconds()};
      }
      if (inputFile !== undefined) void feed(channel, inputFile);
      const end = await within(Promise.race([channel.ended, gone]), leftMs(), signal);
      signal.throwIfAborted();
      // QEMU is gone: what is left in the socket still comes, then the channel closes.
      const settled = end ?? (this.machine.running ? undefined : await within(channel.ended, LOSS_GRACE_MS, signal));
      if (settled !== undefined && settled.code !== null) return readStatus(settled.code, limit, seconds());
      if (settled?.signal !== undefined)
        return {code: null, signal: settled.signal, timedOut: false, seconds: seconds()};
      const stuck = settled === undefined && this.machine.running;
      const loss = stuck ? stuckFor(wait) : await this.#loss();
      return {code: null, timedOut: stuck, ...loss, seconds: seconds()};
    } catch (error) {
      signal.throwIfAborted();
      if (this.machine.running && this.ssh.open) throw error;
      return {code: null, timedOut: false, ...(await this.#loss(messageOf(error))), seconds: seconds()};
    } finally {
      this.#channels--;
      channel?.close();
    }
  }

  /** Why the connection is gone: the kernel's own words come before QEMU's, those before SSH's. */
  async #loss(ssh?: string): Promise<Loss> {
    await within(this.machine.exited, LOSS_GRACE_MS);
    const death = findDeath(this.console());
    if (death?.includes('Kernel panic')) return {lostHow: 'panic', lost: death};
    if (!this.machine.running) {
      const how = await this.machine.exited;
      const said = this.machine.output().trim();
      return {lostHow: 'qemu-exited', lost: `${howEnded(how)}${said ? `: ${said.split('\n').at(-1)}` : ''}`};
    }
    const reason = ssh ?? (this.ssh.open ? 'the command ended without an exit status' : await this.ssh.closed);
    return {lostHow: 'silent', lost: `SSH went quiet: ${reason}${death ? `; the console says: ${death}` : ''}`};
  }
}

function stuckFor(seconds: number): Loss {
  return {lostHow: 'silent', lost: `the guest did not end the command within ${seconds} s`};
}

function unopenedFor(seconds: number): Loss {
  return {lostHow: 'silent', lost: `the guest opened no SSH channel for the command within ${seconds} s`};
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
