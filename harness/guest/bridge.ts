// SPDX-License-Identifier: MIT
/**
 * From QEMU's socket to the SSH server in the guest. The guest's init (vm-images/userland/init/bridge.c) waits at its end of the
 * port for a line, sends it back and then joins the port to the server. What was on the way from an earlier connection
 * comes before that line and is thrown away.
 */
import {randomBytes} from 'node:crypto';
import {connect, type Socket} from 'node:net';
import {InfraError} from '../lib/errors.js';
import {sleep} from '../lib/sleep.js';
import {Echo} from './echo.js';

/** The socket's file is there a moment before QEMU listens. */
const RETRY_MS = 10;
const NO_ANSWER = 'no answer';
/** Between two connections: the guest's end must see that the first one is over. */
const AGAIN_MS = 250;

/**
 * A socket that is joined to the SSH server, with nothing read of what the server says.
 *
 * @param answerSeconds after which a new connection is tried: our line is swallowed when an earlier one has not ended
 *   yet. Not given for a guest that boots: there is none, and hanging up would make one.
 * @throws InfraError when the guest does not answer within `seconds`
 */
export async function openBridge(
  path: string,
  seconds: number,
  signal: AbortSignal,
  answerSeconds = seconds,
): Promise<Socket> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    const left = end - performance.now();
    const socket = await attempt(path, Math.max(1, Math.min(answerSeconds * 1000, left)), signal);
    if (typeof socket !== 'string') return socket;
    signal.throwIfAborted();
    if (performance.now() >= end) {
      throw new InfraError(`The guest did not answer on its port within ${seconds} s (${socket})`);
    }
    await sleep(socket === NO_ANSWER ? AGAIN_MS : RETRY_MS, signal);
  }
}

/** The socket, or why there is none. */
function attempt(path: string, waitMs: number, signal: AbortSignal): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const line = Buffer.from(`kverdict-${randomBytes(8).toString('hex')}\n`);
    const echo = new Echo(line);
    const finish = (answer: Socket | string): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('readable', read).off('error', fail).off('close', hungUp);
      if (answer !== socket) socket.on('error', () => {}).destroy();
      resolve(answer);
    };
    // Not `data`: what is handed back while a socket flows is lost.
    const read = (): void => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
        const rest = echo.read(chunk as Buffer);
        if (rest === undefined) continue;
        finish(socket);
        if (rest.length > 0) socket.unshift(rest);
        return;
      }
    };
    const fail = (error: Error): void => finish(error.message);
    const hungUp = (): void => finish('it hung up');
    const abort = (): void => finish('interrupted');
    const timer = setTimeout(() => finish(NO_ANSWER), waitMs);
    signal.addEventListener('abort', abort, {once: true});
    socket.on('readable', read).on('error', fail).on('close', hungUp);
    socket.write(line);
  });
}
