// SPDX-License-Identifier: MIT
/** QEMU's control channel (docs/interop/qmp-spec): JSON, one message a line, over a unix socket. */
import {connect, type Socket} from 'node:net';
import {InfraError} from '../lib/errors.js';
import {QmpLines} from './qmp-lines.js';

export interface QmpEvent {
  event: string;
  data?: Record<string, unknown>;
}

interface Waiting {
  command: string;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class Qmp {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onEvent: (event: QmpEvent) => void;
  readonly #lines = new QmpLines();
  #lastId = 0;
  #greet!: () => void;
  readonly #greeting = new Promise<void>((resolve) => {
    this.#greet = resolve;
  });

  private constructor(socket: Socket, onEvent: (event: QmpEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => {}); // `close` follows.
    socket.on('close', () => this.#giveUp());
  }

  /** Connects and leaves the negotiation mode. @throws InfraError when nothing that speaks QMP answers in time */
  static open(path: string, seconds: number, onEvent: (event: QmpEvent) => void = () => {}): Promise<Qmp> {
    return Qmp.greet(connect(path), seconds, onEvent);
  }

  /** As `open`, on a socket. */
  static async greet(socket: Socket, seconds: number, onEvent: (event: QmpEvent) => void): Promise<Qmp> {
    const qmp = new Qmp(socket, onEvent);
    try {
      await qmp.#within(seconds, 'greeting', qmp.#greeting);
      await qmp.execute('qmp_capabilities', {}, seconds);
      return qmp;
    } catch (error) {
      qmp.close();
      throw error;
    }
  }

  /** @throws InfraError with QEMU's own words, or when no answer comes within `seconds` */
  execute(command: string, args: Record<string, unknown> = {}, seconds = 10): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, {command, resolve, reject});
      if (this.#socket.destroyed) this.#giveUp();
      else this.#socket.write(`${JSON.stringify({execute: command, arguments: args, id})}\n`);
    });
    return this.#within(seconds, command, answer).finally(() => this.#waiting.delete(id));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    const messages = this.#lines.read(text);
    if (messages === undefined) this.#socket.destroy();
    else for (const message of messages) this.#message(message);
  }

  #message(message: Record<string, unknown>): void {
    if ('QMP' in message) this.#greet();
    else if (typeof message.event === 'string') this.#onEvent(message as unknown as QmpEvent);
    else if (typeof message.id === 'number') this.#answer(this.#waiting.get(message.id), message);
  }

  #answer(waiting: Waiting | undefined, message: Record<string, unknown>): void {
    if (waiting === undefined) return;
    if (!('error' in message)) {
      waiting.resolve(message.return);
      return;
    }
    const {desc} = (message.error ?? {}) as {desc?: unknown};
    waiting.reject(new InfraError(`QEMU refused \`${waiting.command}\`: ${String(desc ?? 'it did not say why')}`));
  }

  #giveUp(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const {command, reject} of waiting) {
      reject(new InfraError(`QEMU closed its control socket before it answered \`${command}\``));
    }
  }

  #within<T>(seconds: number, what: string, promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const late = (): void =>
        reject(new InfraError(`QEMU did not answer on its control socket within ${seconds} s (${what})`));
      const timer = setTimeout(late, seconds * 1000);
      promise.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}
