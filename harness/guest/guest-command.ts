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
/** busybox counts whole seconds, from a little after our own start. */
const TOLERANCE_SECONDS = 0.5;

/** Who is of the session `$leader`, in whatever process group: field 6 of proc_pid_stat(5). */
const SESSION = String.raw`sed -n "s/^\([0-9]*\) (.*) . [0-9]* [0-9]* $leader .*/\1/p" /proc/[0-9]*/stat`;

/**
 * `command`, in a session of its own that ends with it when the limit is reached: timeout ends the leader only, and
 * whatever is left and holds its output open would hold SSH. stdout and stderr are one stream, in the order written.
 */
export function guestCommand(command: string, limitSeconds: number): string {
  const limited = `setsid timeout -k ${GRACE_SECONDS} ${limitSeconds} sh -c ${shellQuote(command)}`;
  return [
    `${limited} </dev/null 2>&1 & leader=$!`,
    // Nor the shell's own words about how it ended.
    'exec 2>/dev/null',
    'wait $leader',
    'status=$?',
    `case $status in ${TIMEOUT_STATUS}|137|143) kill -KILL $(${SESSION}) ;; esac`,
    'exit $status',
  ].join('\n');
}

/** A status above 128 is the shell's word for a signal, as kselftest's own runner reads it. */
export function readStatus(status: number, limitSeconds: number, seconds: number): GuestRunResult {
  const number = status - 128;
  const signal = SIGNAL_NAMES.get(number);
  const isOver = seconds >= limitSeconds - TOLERANCE_SECONDS;
  if (status === TIMEOUT_STATUS && isOver) return {code: null, timedOut: true, seconds};
  if (signal === undefined) return {code: status, timedOut: false, seconds};
  const timedOut = LIMIT_SIGNALS.includes(number) && isOver;
  return {code: null, signal, timedOut, seconds};
}
