// SPDX-License-Identifier: MIT
/** The one place where a shell string for the guest is made, and its exit status read. */
import {constants} from 'node:os';
import {shellQuote} from '../lib/shell-quote.js';
import type {GuestRunResult} from './guest.js';

/** Between TERM and KILL. */
export const GRACE_SECONDS = 5;

const SIGNAL_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name.replace(/^SIG/, '')]),
);
/** What coreutils' timeout says when it ended the command; busybox's ends as the command did. */
const TIMEOUT_STATUS = 124;
/** What timeout sends, and what it sends next. */
const LIMIT_SIGNALS: readonly number[] = [constants.signals.SIGTERM, constants.signals.SIGKILL];

/** Who is of the session `$leader`, in whatever process group: field 6 of proc_pid_stat(5). */
const SESSION = String.raw`sed -n "s/^\([0-9]*\) (.*) . [0-9]* [0-9]* $leader .*/\1/p" /proc/[0-9]*/stat`;

/** Names one command of a guest, for `stopCommand`. */
export interface CommandMark {
  /** No other command that runs has it. */
  slot: number;
  /** No other command ever had it: `[a-z0-9]`. */
  id: string;
}

const markFile = ({slot}: CommandMark): string => `/.kverdict-${slot}`;

/**
 * `command`, in a session of its own that ends with it when the limit is reached: timeout ends the leader only, and
 * whatever is left and holds its output open would hold SSH. stdout and stderr are one stream, in the order written.
 *
 * @param limitSeconds on the guest's clock: the last resort, as the host knows better how much time the guest had
 * @param mark so that it can be ended before
 */
export function guestCommand(command: string, limitSeconds: number, mark?: CommandMark): string {
  const limited = `setsid timeout -k ${GRACE_SECONDS} ${limitSeconds} sh -c ${shellQuote(command)}`;
  const file = mark && markFile(mark);
  return [
    `${limited} </dev/null 2>&1 & leader=$!`,
    // Nor the shell's own words about how it ended.
    'exec 2>/dev/null',
    // The shell's own commands alone: a process more would cost each command some 10 ms under emulation.
    ...(mark ? [`echo $leader ${mark.id} >${file}`] : []),
    'wait $leader',
    'status=$?',
    ...(mark ? [`: >${file}`] : []),
    `case $status in ${TIMEOUT_STATUS}|137|143) kill -KILL $(${SESSION}) ;; esac`,
    'exit $status',
  ].join('\n');
}

/**
 * Sends a signal to a command that `guestCommand` started; nothing when it has ended. It waits for nothing, so that no
 * process of ours is in the guest when the next test begins.
 */
export function stopCommand(mark: CommandMark, signal: 'TERM' | 'KILL'): string {
  return `read -r leader id <${markFile(mark)} && [ "$id" = ${mark.id} ] && kill -${signal} $leader`;
}

/**
 * A status above 128 is the shell's word for a signal, as kselftest's own runner reads it.
 *
 * @param isOver its time was over before it ended
 */
export function readStatus(status: number, isOver: boolean, seconds: number): GuestRunResult {
  const number = status - 128;
  const signal = SIGNAL_NAMES.get(number);
  if (status === TIMEOUT_STATUS && isOver) return {code: null, timedOut: true, seconds};
  if (signal === undefined) return {code: status, timedOut: false, seconds};
  const timedOut = LIMIT_SIGNALS.includes(number) && isOver;
  return {code: null, signal, timedOut, seconds};
}
