// SPDX-License-Identifier: MIT
/** What a person would want to know about a guest that hangs, gathered before it is ended. */
import {messageOf} from '../lib/errors.js';
import {ConsoleTail, cleanConsole} from '../machine/console.js';
import type {Machine} from '../machine/qemu.js';
import {within} from '../machine/wait.js';
import type {DiagnoseOptions} from './guest.js';
import type {SshGuest} from './ssh-guest.js';
import {SYSRQ_KEYS, typeSysrq, untilQuiet} from './sysrq.js';

/** For each way: a guest that hangs has cost enough already. */
const SECONDS = 10;
/** A core of 2 GiB on a slow disk. */
const DUMP_SECONDS = 120;
const MAX_TEXT = 256 * 1024;

type Told = [title: string, text: string];

/**
 * Text in sections; never throws, and says what could not be had. What changes the guest comes last: registers as they
 * are, then its memory when asked for, sysrq by the serial console, and an NMI when nothing else was answered.
 */
export async function diagnose(guest: Pick<SshGuest, 'machine'>, options: DiagnoseOptions = {}): Promise<string> {
  try {
    const {machine} = guest;
    if (!machine.running) return section(['QEMU is gone; it said', machine.output().trim() || '<nothing>']);
    const newText = follow(machine);
    const told: Told[] = [['registers', (await bounded(registers(machine), SECONDS)).text]];
    if (options.memoryDump !== undefined) {
      const dumped = await bounded(dumpMemory(machine, options.memoryDump), DUMP_SECONDS);
      told.push(['memory', dumped.text]);
    }
    const keys = await sysrq(machine, newText);
    told.push(...keys.told);
    if (!keys.answered && machine.running) told.push(await nonMaskable(machine, newText));
    return told.map(section).join('');
  } catch (error) {
    return section(['no diagnosis', messageOf(error)]);
  }
}

async function registers(machine: Machine): Promise<string> {
  const qmp = await machine.qmp();
  const printed = await qmp.execute('human-monitor-command', {'command-line': 'info registers -a'}, SECONDS);
  // The monitor speaks to a terminal.
  return String(printed).replaceAll('\r', '').trim();
}

async function dumpMemory(machine: Machine, file: string): Promise<string> {
  const qmp = await machine.qmp();
  await qmp.execute('dump-guest-memory', {paging: false, protocol: `file:${file}`}, DUMP_SECONDS);
  return `an ELF core is in ${file}`;
}

/** The first key that is not answered ends it: the CPU that takes the serial line's interrupts is what hangs. */
async function sysrq(machine: Machine, newText: () => string): Promise<{told: Told[]; answered: boolean}> {
  const told: Told[] = [];
  for (const key of SYSRQ_KEYS) {
    const answer = await bounded(typeSysrq(machine, key, newText, SECONDS), SECONDS * 2);
    const silent = answer.text.trim() === '';
    told.push([`sysrq ${key}, by a BREAK on the console`, silent ? `no answer within ${SECONDS} s` : answer.text]);
    if (silent || !answer.ok) return {told, answered: told.length > 1};
  }
  return {told, answered: true};
}

/** x86_64 panics by it and says where; other machines have no such thing, and QEMU says that. */
async function nonMaskable(machine: Machine, newText: () => string): Promise<Told> {
  const inject = async (): Promise<string> => {
    const qmp = await machine.qmp();
    await qmp.execute('inject-nmi', {}, SECONDS);
    return (await untilQuiet(machine, newText, SECONDS)) || `no answer within ${SECONDS} s`;
  };
  return ['NMI', (await bounded(inject(), SECONDS * 2)).text];
}

function follow(machine: Machine): () => string {
  const tail = new ConsoleTail(machine.consoleFile);
  tail.read(() => {});
  return () => {
    let text = '';
    tail.read((piece) => {
      if (text.length < MAX_TEXT) text += piece;
    });
    return cleanConsole(Buffer.from(text));
  };
}

async function bounded(work: Promise<string>, seconds: number): Promise<{ok: boolean; text: string}> {
  const answer = work.then(
    (text) => ({ok: true, text: text.slice(0, MAX_TEXT)}),
    (error: unknown) => ({ok: false, text: messageOf(error)}),
  );
  return (await within(answer, seconds * 1000)) ?? {ok: false, text: `no answer within ${seconds} s`};
}

function section([title, text]: Told): string {
  return `== ${title} ==\n${text.trimEnd()}\n`;
}
