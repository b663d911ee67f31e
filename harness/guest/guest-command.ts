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
/** What timeout sends, and what it sends next. */
const LIMIT_SIGNALS: readonly number[] = [constants.signals.SIGTERM, constants.signals.SIGKILL];
/** busybox counts whole seconds, from a little after our own start. */
const TOLERANCE_SECONDS = 0.5;

/**
 * `command`, in a session of its own that ends with it when the limit is reached: timeout ends the leader only, so the
 * rest of its group is ended here. stdout and stderr are one stream, in the order written. */
export function guestCommand(command: string, limitSeconds: number): string {
  const limited = `setsid timeout -k ${GRACE_SECONDS} ${limitSeconds} sh -c ${shellQuote(command)}`;
  return [
    `${limited} </dev/null 2>&1 & leader=$!`,
    // Nor the shell's own words about how it ended.
    'exec 2>/dev/null',
    'wait $leader',
    'status=$?',
    'case $status in 137|143) kill -KILL -$leader ;; esac',
    'exit $status',
  ].join('\n');
}

/** A status above 128 is the shell's word for a signal, as kselftest's own runner reads it. */
export function readStatus(status: number, limitSeconds: number, seconds: number): GuestRunResult {
  const number = status - 128;
  const signal = SIGNAL_NAMES.get(number);
  if (signal === undefined) return {code: status, timedOut: false, seconds};
  const timedOut = LIMIT_SIGNALS.includes(number) && seconds >= limitSeconds - TOLERANCE_SECONDS;
  return {code: null, signal, timedOut, seconds};
}
