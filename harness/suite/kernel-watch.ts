// SPDX-License-Identifier: MIT
import {StringDecoder} from 'node:string_decoder';
import type {Guest} from '../guest/guest.js';
import {excuseFor, type KernelPolicy, type Place, unexcusedTaint} from '../klog/policy.js';
import {type ConsoleScan, ConsoleScanner} from '../klog/scan.js';
import {newTaint, parseTaint} from '../klog/taint.js';
import {sleep} from '../lib/sleep.js';
import type {KernelSeen} from './attempt.js';

/** A report that is being printed when a test ends: under TCG the longest take some 500 ms. */
const PATIENCE_MS = 2000;
const POLL_MS = 50;
const ASK_SECONDS = 60;
/** Two numbers: the taint, and the first of printk's levels. dmesg only when the console is told less than at boot. */
const STATE = 'cat /proc/sys/kernel/tainted /proc/sys/kernel/printk';
const MAX_ANSWER = 1024;

interface State {
  taint?: number;
  level?: number;
  lost?: NonNullable<KernelSeen['lost']>;
  starved?: string;
}

/**
 * What the kernel of one guest says about itself, from one look to the next: what a test is blamed for is what was
 * printed while it ran.
 */
export class KernelWatch {
  #lines = 0;
  #taint: number | undefined;
  #level: number | undefined;
  readonly #seen = new Set<string>();

  constructor(
    readonly guest: Guest,
    readonly policy: KernelPolicy,
    readonly place: Place,
  ) {}

  /** @param alive the guest answers: it can be asked for its taint, and what it is printing can be waited for */
  async look(alive: boolean): Promise<KernelSeen> {
    const state = alive ? await this.#ask() : undefined;
    const scan = await this.#scan(alive && state?.lost === undefined);
    const quiet = state?.level !== undefined && this.#level !== undefined && state.level < this.#level;
    const hidden = quiet ? await this.#readLog() : undefined;
    const seen: KernelSeen = {splats: [], allowed: []};
    for (const splat of [...scan.splats, ...(hidden?.splats ?? [])]) {
      this.#seen.add(splat.identity);
      const excuse = excuseFor(this.policy, splat, this.place);
      if (excuse === undefined) seen.splats.push(splat);
      else seen.allowed.push({splat, reason: excuse.reason, link: excuse.link, expires: excuse.expires});
    }
    const dropped = scan.dropped + (hidden?.dropped ?? 0);
    if (dropped > 0) seen.problem = `${dropped} further kernel reports were not kept`;
    if (quiet && hidden === undefined) seen.problem = 'the console was told to be quiet, and dmesg cannot be read';
    if (state !== undefined) this.#judgeTaint(state, seen);
    return seen;
  }

  #judgeTaint(state: State, seen: KernelSeen): void {
    const before = this.#taint;
    this.#level ??= state.level;
    if (state.starved !== undefined) {
      seen.starved = state.starved;
      return;
    }
    if (state.lost !== undefined) {
      seen.lost = state.lost;
      return;
    }
    if (state.taint === undefined) {
      seen.problem = 'the guest did not say whether its kernel is tainted';
      return;
    }
    if (this.#level !== undefined && state.level === undefined) {
      seen.problem = 'the guest does not say any more what its console is told';
    }
    this.#taint = state.taint;
    const fresh = newTaint(before ?? 0, state.taint);
    const known = unexcusedTaint(this.policy, state.taint, this.place);
    seen.taint = {before: before ?? 0, after: state.taint, fresh: fresh.filter((flag) => known.includes(flag))};
  }

  async #ask(): Promise<State> {
    let text = '';
    const done = await this.guest.run(STATE, {
      timeoutSeconds: ASK_SECONDS * this.guest.slowdown,
      onOutput: (chunk) => {
        if (text.length < MAX_ANSWER) text += Buffer.from(chunk).toString('latin1');
      },
    });
    if (done.starved !== undefined) return {starved: done.starved};
    if (done.lost !== undefined) return {lost: {how: done.lostHow ?? 'silent', detail: done.lost}};
    if (done.code !== 0) return {};
    const [taint = '', levels = ''] = text.split('\n');
    const bits = parseTaint(taint);
    const level = Number(/^\d+/.exec(levels)?.[0]);
    return {...(bits === undefined ? {} : {taint: bits}), ...(Number.isNaN(level) ? {} : {level})};
  }

  async #scan(alive: boolean): Promise<ConsoleScan> {
    const scanner = new ConsoleScanner(this.#lines);
    const read = (): Promise<void> => this.guest.newConsole((text) => scanner.write(text));
    await read();
    for (let waited = 0; alive && scanner.open && waited < PATIENCE_MS * this.guest.slowdown; waited += POLL_MS) {
      await sleep(POLL_MS);
      await read();
    }
    const scan = scanner.end();
    this.#lines += scan.lines;
    return scan;
  }

  /**
   * A test has told the console to be quiet: the kernel's own buffer still has it all. Lines count from its begin.
   *
   * @returns undefined when it cannot be read: what is in it is then not known
   */
  async #readLog(): Promise<Pick<ConsoleScan, 'splats' | 'dropped'> | undefined> {
    const scanner = new ConsoleScanner();
    const decoder = new StringDecoder('utf8');
    const done = await this.guest.run(`dmesg && dmesg -n ${this.#level ?? 7}`, {
      timeoutSeconds: ASK_SECONDS * this.guest.slowdown,
      onOutput: (chunk) => scanner.write(decoder.write(Buffer.from(chunk))),
    });
    const {splats, dropped} = scanner.end();
    if (done.lost !== undefined || done.code !== 0) return undefined;
    return {splats: splats.filter(({identity}) => !this.#seen.has(identity)), dropped};
  }
}
