// SPDX-License-Identifier: MIT
import {constants} from 'node:os';
import type {SshGuest} from './ssh-guest.js';

/** The user's terminal; a parameter so that it can be another one. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

const ROWS = 24;
const COLUMNS = 80;

/**
 * A shell in the guest, on the user's terminal. What is piped in is its script instead. The terminal is as it was
 * before whatever happens.
 *
 * @returns the shell's exit code; 128 when the guest went away
 * @throws InfraError when the guest opens no channel
 */
export async function attachShell(
  guest: SshGuest,
  {input, output}: Terminal = {input: process.stdin, output: process.stdout},
): Promise<number> {
  const size = () => ({rows: output.rows ?? ROWS, columns: output.columns ?? COLUMNS});
  const interactive = input.isTTY === true;
  const channel = await guest.ssh.exec(interactive ? undefined : 'exec sh', {
    onOutput: (chunk) => void output.write(chunk),
    ...(interactive ? {pty: {...size(), term: process.env.TERM ?? 'dumb'}} : {}),
  });

  const resize = (): void => channel.resize(size().rows, size().columns);
  const send = (chunk: Uint8Array): void => {
    input.pause();
    void channel.write(chunk).then(() => input.resume());
  };
  const finish = (): void => channel.endInput();
  const restore = (): void => {
    if (interactive) input.setRawMode(false);
  };
  process.once('exit', restore);
  try {
    if (interactive) {
      input.setRawMode(true);
      output.on('resize', resize);
    }
    input.on('data', send);
    input.once('end', finish);
    const end = await channel.ended;
    if (end.code !== null) return end.code;
    return 128 + (constants.signals[`SIG${end.signal}` as NodeJS.Signals] ?? 0);
  } finally {
    restore();
    process.off('exit', restore);
    output.off('resize', resize);
    input.off('data', send);
    input.off('end', finish);
    input.pause();
  }
}
