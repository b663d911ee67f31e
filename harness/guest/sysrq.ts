// SPDX-License-Identifier: MIT
/** The kernel's own keys, typed at its serial console: the last thing that answers in a guest that hangs. */
import {connect, type Socket} from 'node:net';
import {sleep} from '../lib/sleep.js';
import type {Machine} from '../machine/qemu.js';
import {CONSOLE_ID} from '../machine/qemu-args.js';
import {within} from '../machine/wait.js';

/** All CPUs' backtraces, blocked tasks, all tasks (Documentation/admin-guide/sysrq.rst). */
export const SYSRQ_KEYS = ['l', 'w', 't'] as const;

const CONNECT_SECONDS = 2;
const QMP_SECONDS = 5;
/** The kernel takes a key as one of these within five seconds of the BREAK (SYSRQ_TIMEOUT, serial_core.h). */
const KEY_DELAY_MS = 50;
/** A console is taken to be done when it was silent for so long. Under TCG a line takes up to some 10 ms. */
const QUIET_MS = 300;
const POLL_MS = 50;

/**
 * BREAK and a key; returns what the kernel printed then, empty when it did not answer within `seconds`.
 *
 * @param newText gives what the console got since it was last asked
 * @throws when QEMU does not take the break or the key
 */
export async function typeSysrq(
  machine: Machine,
  key: string,
  newText: () => string,
  seconds: number,
): Promise<string> {
  const socket = connect(machine.consoleSocket);
  socket.on('error', () => {}); // Its connect or write fails, and tells.
  socket.resume();
  try {
    await connected(socket, machine);
    newText();
    const qmp = await machine.qmp();
    await qmp.execute('chardev-send-break', {id: CONSOLE_ID}, QMP_SECONDS);
    await sleep(KEY_DELAY_MS, new AbortController().signal);
    socket.write(key);
    return await untilQuiet(machine, newText, seconds);
  } finally {
    socket.destroy();
  }
}

/** What a console prints until it is quiet, at most for `seconds`. */
export async function untilQuiet(machine: Machine, newText: () => string, seconds: number): Promise<string> {
  const deadline = performance.now() + seconds * 1000;
  let text = '';
  let quiet = 0;
  while (performance.now() < deadline && (text === '' || quiet < QUIET_MS)) {
    // QEMU may end by it: what it left is read all the same.
    await within(machine.exited, POLL_MS);
    const more = newText();
    text += more;
    quiet = more === '' ? quiet + POLL_MS : 0;
    if (!machine.running && more === '') break;
  }
  return text;
}

async function connected(socket: Socket, machine: Machine): Promise<void> {
  const open = new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
  const done = await within(open, CONNECT_SECONDS * 1000);
  if (done !== true) throw new Error(`QEMU's console socket ${machine.consoleSocket} took no connection`);
}
