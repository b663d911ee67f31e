// SPDX-License-Identifier: MIT
/** What a person would want to know about a guest that hangs. */
import {messageOf} from '../lib/errors.js';
import {readConsole} from '../machine/console.js';
import type {Machine} from '../machine/qemu.js';
import {within} from '../machine/wait.js';
import type {SshGuest} from './ssh-guest.js';

/** For each of the two ways: a guest that hangs has cost enough already. */
const SECONDS = 5;
/** All CPUs' backtraces, blocked tasks, all tasks (Documentation/admin-guide/sysrq.rst). They go to the console. */
const SYSRQ =
  'echo 1 >/proc/sys/kernel/sysrq; for key in l w t; do echo $key >/proc/sysrq-trigger; done; cat /proc/loadavg';
const MAX_TEXT = 256 * 1024;

/** Text in sections; never throws, and says what could not be had. */
export async function diagnose(guest: Pick<SshGuest, 'ssh' | 'machine' | 'console'>): Promise<string> {
  try {
    const {machine} = guest;
    if (!machine.running) return section('QEMU is gone; it said', machine.output().trim() || '<nothing>');
    const before = readConsole(machine.consoleFile).length;
    const answer = await bounded(bySsh(guest));
    const printed = readConsole(machine.consoleFile).slice(before).slice(-MAX_TEXT);
    if (answer.ok)
      return section('load', answer.text) + section('sysrq l, w, t', printed || '<the kernel printed nothing>');
    const registers = await bounded(byQmp(machine));
    return section('SSH', answer.text) + section('registers', registers.text.slice(0, MAX_TEXT));
  } catch (error) {
    return section('no diagnosis', messageOf(error));
  }
}

async function bySsh({ssh}: Pick<SshGuest, 'ssh'>): Promise<string> {
  let text = '';
  const channel = await ssh.exec(SYSRQ, {
    onOutput: (chunk) => {
      text += Buffer.from(chunk).toString('utf8');
    },
  });
  const {code} = await channel.ended;
  if (code === null) throw new Error('the command was lost');
  return text;
}

async function byQmp(machine: Machine): Promise<string> {
  const qmp = await machine.qmp();
  const answer = await qmp.execute('human-monitor-command', {'command-line': 'info registers -a'}, SECONDS);
  return String(answer);
}

async function bounded(work: Promise<string>): Promise<{ok: boolean; text: string}> {
  const answer = work.then(
    (text) => ({ok: true, text}),
    (error: unknown) => ({ok: false, text: messageOf(error)}),
  );
  return (await within(answer, SECONDS * 1000)) ?? {ok: false, text: `no answer within ${SECONDS} s`};
}

function section(title: string, text: string): string {
  return `== ${title} ==\n${text.trimEnd()}\n`;
}
