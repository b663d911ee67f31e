// SPDX-License-Identifier: MIT
/** Waiting for a command of a guest, in the time that the host gives to its machine. */
import {type HostClock, PATIENCE} from '../machine/host-clock.js';
import {within} from '../machine/wait.js';
import type {ChannelEnd} from './ssh.js';

/** How often the host is asked what it gave. */
const LOOK_SECONDS = 1;
/** How often a guest that prints nothing is asked whether it is there. */
const ASK_SECONDS = 10;

/** All in seconds of given time. */
export interface WaitOptions {
  clock: HostClock;
  limit: number;
  /** After `stop`. */
  grace: number;
  /** Ends the command. */
  stop(): Promise<void>;
  /** Resolves when the guest answers. */
  alive(): Promise<void>;
  /** Without an answer for so long it is not waited for any more. */
  silence: number;
  signal: AbortSignal;
}

export interface Waited {
  /** Undefined: QEMU is gone, or the guest did not end it. */
  end: ChannelEnd | undefined;
  /** Its time was over: it was told to end. */
  isOver: boolean;
  /** The guest does not answer, for so long. */
  silentFor?: number;
  /** What was given when its time was over, or when it ended. */
  given: number;
}

/**
 * Until `ended` settles. When `limit` seconds were given, or PATIENCE times as many passed, ends the command, and gives
 * up after `grace` more.
 */
export async function waitInGivenTime(ended: Promise<ChannelEnd | undefined>, options: WaitOptions): Promise<Waited> {
  const {clock, limit, grace, silence, stop} = options;
  const settled = ended.then((end) => ({end}));
  const pulse = new Pulse(options);
  const isSilent = (now: number): boolean => pulse.silentFor(now) >= silence;
  const first = await withinGiven(settled, limit, options, isSilent);
  const given = clock.given();
  if (first !== undefined || options.signal.aborted) return {end: first?.end, isOver: false, given};
  if (isSilent(given)) return {end: undefined, isOver: false, silentFor: pulse.silentFor(given), given};
  void stop();
  const second = await withinGiven(settled, grace, options, isSilent);
  return {end: second?.end, isOver: true, given};
}

/**
 * What `promise` gives, or undefined when `seconds` were given, PATIENCE times as many passed, `signal` is aborted or
 * `isEnough` says so.
 *
 * @param isEnough asked once a second, with the seconds given since the clock began
 */
export async function withinGiven<T>(
  promise: Promise<T>,
  seconds: number,
  {clock, signal}: Pick<WaitOptions, 'clock' | 'signal'>,
  isEnough: (given: number) => boolean = () => false,
): Promise<T | undefined> {
  const [given, wall] = [clock.given(), clock.wall];
  for (;;) {
    const now = clock.given();
    // Given time is never ahead of the wall: nothing can be over before that.
    const left = Math.min(seconds - (now - given), seconds * PATIENCE - (clock.wall - wall));
    if (left <= 0 || signal.aborted || isEnough(now)) return undefined;
    const answer = await within(promise, Math.min(left, LOOK_SECONDS) * 1000, signal);
    if (answer !== undefined) return answer;
  }
}

/** Is the guest there? Asked again and again; counted from the first question that was not answered. */
class Pulse {
  /** Given time: of the last answer, and of a question that is open. */
  #answered = 0;
  #asked: number | undefined;

  constructor(readonly options: Pick<WaitOptions, 'alive' | 'clock'>) {}

  silentFor(now: number): number {
    if (this.#asked !== undefined) return now - this.#asked;
    if (now - this.#answered < ASK_SECONDS) return 0;
    this.#asked = now;
    void this.options.alive().then(() => {
      this.#asked = undefined;
      this.#answered = now;
    });
    return 0;
  }
}

/** Why a command that was ended has not had its time. */
export function starvedFor(guest: string, clock: HostClock, given: number, limit: number): string {
  const [wall, had] = [clock.wall, given].map((seconds) => seconds.toFixed(0));
  return `this host was too slow: in ${wall} s it gave guest ${guest} only ${had} of the ${limit} s that it may take`;
}
