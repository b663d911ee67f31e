// SPDX-License-Identifier: MIT
import {constants} from 'node:os';
import {InfraError} from '../lib/errors.js';
import {within} from '../machine/wait.js';
import type {SshGuest} from './ssh-guest.js';

/** The user's terminal; a parameter so that it can be another one. */
export interface Terminal {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

const ROWS = 24;
const COLUMNS = 80;
/** An emulated guest under load can be slow to answer. */
const OPEN_SECONDS = 60;
/**
 * What a guest may have left on: another screen, colours, a hidden cursor, mouse reports, bracketed paste, application
 * keys, a scroll region, a character set of lines. Nothing that was printed is taken away.
 */
const RESET =
  '\u001b[?1049l\u001b[!p\u001b[0m\u001b[?25h\u001b[?1000;1002;1003;1006l\u001b[?2004l\u001b[?1l\u001b>\u001b[r\u001b(B\u000f';

/**
 * A shell in the guest, on the user's terminal: byte for byte, as a shell must be, so the guest can write to the
 * terminal whatever it likes while it lasts. The terminal is reset when it ends, whatever happens. What is piped in is
 * its script instead.
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
  const opening = guest.ssh.exec(interactive ? undefined : 'exec sh', {
    onOutput: (chunk) => void output.write(chunk),
    ...(interactive ? {pty: {...size(), term: process.env.TERM ?? 'dumb'}} : {}),
  });
  const channel = await within(opening, OPEN_SECONDS * 1000, guest.ctx.signal);
  guest.ctx.signal.throwIfAborted();
  if (channel === undefined) throw new InfraError(`The guest opened no shell within ${OPEN_SECONDS} s`);

  const resize = (): void => channel.resize(size().rows, size().columns);
  const send = (chunk: Uint8Array): void => {
    input.pause();
    void channel.write(chunk).then(() => input.resume());
  };
  const finish = (): void => channel.endInput();
  const restore = (): void => {
    if (interactive) input.setRawMode(false);
    if (output.isTTY) output.write(RESET);
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
