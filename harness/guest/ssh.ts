// SPDX-License-Identifier: MIT
/** The one door to ssh2: a connection over a unix socket, which QEMU joins to a virtio port of the guest. */
import ssh2, {type Algorithms, type Client, type ClientChannel, type PublicKeyAuthMethod} from 'ssh2';
import type {Access} from '../image/access.js';
import {InfraError, messageOf} from '../lib/errors.js';
import {openBridge} from './bridge.js';

/** How a command's channel ended. */
export interface ChannelEnd {
  /** null: no exit status came, so the command did not end by itself. */
  code: number | null;
  /** `KILL`: the server says that a signal ended it. */
  signal?: string;
}

/** A command that runs in the guest. */
export interface Channel {
  /** stdin: written in order, waits when the guest is slow. */
  write(bytes: Uint8Array): Promise<void>;
  endInput(): void;
  resize(rows: number, columns: number): void;
  close(): void;
  readonly ended: Promise<ChannelEnd>;
}

export interface ExecOptions {
  /** stdout and stderr, as bytes. */
  onOutput?: (chunk: Uint8Array) => void;
  /** Ask for a terminal of this size. */
  pty?: {rows: number; columns: number; term: string};
}

/** The first that dropbear and ssh2 share is taken; under emulation a cipher without hardware help is the cheaper one. */
const ALGORITHMS: Algorithms = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
  serverHostKey: ['ssh-ed25519'],
  cipher: ['chacha20-poly1305@openssh.com', 'aes128-ctr'],
  hmac: ['hmac-sha2-256'],
  compress: ['none'],
};
/**
 * The last resort, on the wall clock: 20 minutes. Whoever waits for a command asks by `alive`, and counts in the time
 * that the host gave.
 */
const KEEPALIVE_MS = 10_000;
const KEEPALIVE_MISSES = 120;

/** The server showed another key than the one we put into the image. */
export class HostKeyMismatch extends InfraError {}

/** The server does not take the key that we put into the image. */
export class KeyRefused extends InfraError {}

export class Ssh {
  readonly #client: Client;
  /** Resolves with the reason when the connection is gone. */
  readonly closed: Promise<string>;
  #open = true;

  private constructor(client: Client) {
    this.#client = client;
    this.closed = new Promise((resolve) => {
      let reason = 'the SSH connection was closed';
      client.on('error', (error) => {
        reason = messageOf(error);
      });
      client.on('close', () => {
        this.#open = false;
        resolve(reason);
      });
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /**
   * Waits until the guest's server has let us in. The guest need not run yet.
   *
   * @param answerSeconds see `openBridge`: for a guest that has been connected to before
   * @throws HostKeyMismatch or KeyRefused when the keys are not those of the image
   * @throws Error ssh2's own, when the server breaks off, is no SSH server, or `seconds` are over
   */
  static async connect(
    path: string,
    access: Access,
    seconds: number,
    signal: AbortSignal,
    answerSeconds?: number,
  ): Promise<Ssh> {
    const end = performance.now() + seconds * 1000;
    const sock = await openBridge(path, seconds, signal, answerSeconds);
    const client = new ssh2.Client();
    const ssh = new Ssh(client);
    const expected = Buffer.from(access.hostKey, 'base64');
    const login: PublicKeyAuthMethod = {type: 'publickey', username: 'root', key: access.clientKey};
    let mismatch = false;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        client.destroy();
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, {once: true});
      const fail = (error: unknown): void => {
        signal.removeEventListener('abort', abort);
        client.destroy();
        reject(mismatch ? new HostKeyMismatch(OTHER_HOST_KEY) : isAboutOurKey(error) ? keyRefused(error) : error);
      };
      client.once('ready', () => {
        signal.removeEventListener('abort', abort);
        resolve(ssh);
      });
      client.once('error', fail);
      client.once('close', () => fail(new InfraError('it closed the connection during the handshake')));
      sock.once('error', fail);
      client.connect({
        sock,
        username: 'root',
        // No `none` first: it would be one more round trip.
        authHandler: [login],
        algorithms: ALGORITHMS,
        readyTimeout: Math.max(1, end - performance.now()),
        keepaliveInterval: KEEPALIVE_MS,
        keepaliveCountMax: KEEPALIVE_MISSES,
        hostVerifier: (key: Buffer) => {
          mismatch = !key.equals(expected);
          return !mismatch;
        },
      });
    });
  }

  /** Starts a command; with no command, a login shell. @throws InfraError when the channel cannot be opened */
  exec(command: string | undefined, options: ExecOptions = {}): Promise<Channel> {
    const pty = options.pty && {rows: options.pty.rows, cols: options.pty.columns, term: options.pty.term};
    return new Promise((resolve, reject) => {
      const opened = (error: Error | undefined, stream: ClientChannel): void => {
        if (error) reject(new InfraError(`The guest opened no channel: ${error.message}`, {cause: error}));
        else resolve(toChannel(stream, options));
      };
      void this.closed.then((reason) => reject(new InfraError(`The guest opened no channel: ${reason}`)));
      try {
        if (command === undefined) this.#client.shell(pty ?? false, opened);
        else this.#client.exec(command, pty ? {pty} : {}, opened);
      } catch (error) {
        reject(new InfraError(`The guest opened no channel: ${messageOf(error)}`, {cause: error}));
      }
    });
  }

  /** Resolves when the server answers anything at all; never, when it does not. */
  alive(): Promise<void> {
    return new Promise((resolve) => {
      try {
        // A request that it cannot grant, as nothing is forwarded: its refusal is the answer.
        this.#client.unforwardIn('', 0, () => resolve());
      } catch {
        // The connection is gone, which `closed` tells.
      }
    });
  }

  end(): void {
    this.#client.end();
    this.#client.destroy();
  }
}

const OTHER_HOST_KEY = 'The guest showed another SSH host key than the one in its image';

const isAboutOurKey = (error: unknown): boolean => (error as {level?: unknown}).level === 'client-authentication';

const keyRefused = (cause: unknown): KeyRefused =>
  new KeyRefused(`The guest refused SSH: ${messageOf(cause)}`, {cause});

function toChannel(stream: ClientChannel, {onOutput = () => {}}: ExecOptions): Channel {
  let end: ChannelEnd = {code: null};
  stream.on('data', onOutput);
  stream.stderr.on('data', onOutput);
  stream.on('error', () => {}); // `close` follows, with no exit status.
  stream.on('exit', (code: number | null, signal?: string) => {
    end = {code, ...(signal ? {signal} : {})};
  });
  const ended = new Promise<ChannelEnd>((resolve) => stream.on('close', () => resolve(end)));
  return {
    ended,
    write: (bytes) =>
      new Promise((resolve) => {
        if (stream.write(bytes)) resolve();
        else void Promise.race([new Promise((drained) => stream.once('drain', drained)), ended]).then(() => resolve());
      }),
    endInput: () => void stream.end(),
    resize: (rows, columns) => stream.setWindow(rows, columns, 0, 0),
    close: () => stream.close(),
  };
}
