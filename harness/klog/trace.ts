// SPDX-License-Identifier: MIT
import {type Frame, isTrace, parseCounter, parseFrame} from './frames.js';
import {RULER} from './pattern.js';
import {MAX_FRAMES} from './splat.js';
import {BYSTANDER, END, GOES_ON, INSIDE, NO_TRACE, STACK} from './trace-lines.js';
import {reachesEntry} from './where.js';

/**
 * Lines of others that may stand in a trace, for another CPU's printk goes on meanwhile. The longest that lie in
 * between are a `Modules linked in:` and some registers.
 */
const MAX_STRANGE = 16;

/** The first call trace of a report, line by line. */
export class Trace {
  state: 'before' | 'inside' | 'after' = 'before';
  /** Lines of others since its last own one. */
  strange = 0;
  readonly #frames: Frame[] = [];
  #counter: Frame | undefined;
  /** The next trace is one of a bystander. */
  #bystander = false;
  /** `<TASK>` came, and not yet `</TASK>`. */
  #stacks = 0;
  #ended = false;
  /** Stacks lie in each other, or another trace begins: two CPUs print at once. */
  mixed = false;
  /** Another report began before it was whole. */
  broken = false;

  /** @param bare it comes without `Call Trace:` */
  constructor(readonly bare: boolean) {}

  /** The program counter before what was called. */
  get frames(): readonly Frame[] {
    return this.#counter === undefined ? this.#frames : [this.#counter, ...this.#frames];
  }

  get found(): boolean {
    return this.#frames.length > 0;
  }

  /** Nothing that counts can follow: the entry of the kernel, or the end of the stack, has come. */
  get whole(): boolean {
    return this.state === 'after' || (this.#ended && this.#stacks === 0) || reachesEntry(this.#frames);
  }

  /**
   * It began, and its end was never seen: the stack stays open, or something else came instead. Traces without
   * `Call Trace:` have no end that could be missed.
   */
  get torn(): boolean {
    const ended = this.bare || (this.strange === 0 && !this.broken);
    return this.found && (this.#stacks > 0 || !ended) && !reachesEntry(this.#frames);
  }

  /** No further frame is taken: those that follow may be another's. */
  stop(): void {
    this.state = 'after';
    this.strange = 0;
  }

  /**
   * `own`: the line is the report's; `strange`: not, and the trace may go on behind it; `over`: the report is.
   * @param foreign it has no time where the kernel's lines have one: it may look like anything
   */
  take(text: string, foreign = false): 'own' | 'strange' | 'over' {
    if (this.state === 'before') return this.#before(text);
    if (this.state === 'inside') return this.#inside(text, foreign);
    return isOwn(text) || /^\s/.test(text) ? 'own' : 'over';
  }

  #before(text: string): 'own' {
    if (!this.#bystander) this.#counter ??= parseCounter(text);
    if (BYSTANDER.test(text)) this.#bystander = true;
    else if (isTrace(text) && !this.#bystander) this.state = 'inside';
    else if (isTrace(text) || NO_TRACE.test(text)) this.#bystander = false;
    else if (this.bare && parseFrame(text) !== undefined) {
      this.state = 'inside';
      this.#inside(text, false);
    }
    return 'own';
  }

  #inside(text: string, foreign: boolean): 'own' | 'strange' | 'over' {
    const frame = parseFrame(text);
    const counter = this.#frames.length > 0 ? parseCounter(text) : undefined;
    const stack = STACK.exec(text);
    if (frame !== undefined || counter !== undefined || stack !== null || INSIDE.test(text)) {
      this.strange = 0;
      if (stack !== null) this.#stack(stack[1] === '/', stack[2]);
      else if (counter !== undefined) this.#push(counter);
      else if (frame !== undefined && frame !== 'unsure' && !this.#isBehind(frame)) this.#push(frame);
      return 'own';
    }
    if (!foreign && (isOwn(text) || text.trim() === '')) {
      this.mixed ||= isTrace(text) && !this.whole;
      this.stop();
      return 'own';
    }
    if (this.whole) {
      this.stop();
      return /^\s/.test(text) ? 'own' : 'over';
    }
    return ++this.strange > MAX_STRANGE ? 'over' : 'strange';
  }

  #stack(closes: boolean, name: string | undefined): void {
    this.mixed ||= closes === (this.#stacks === 0);
    this.#stacks = closes ? 0 : 1;
    // That of an interrupt goes on with the task's.
    this.#ended ||= closes && name === 'TASK';
  }

  #push(frame: Frame): void {
    if (this.#frames.length < MAX_FRAMES) this.#frames.push(frame);
  }

  /**
   * A return address at a function's first byte is behind a call that never returns, in the function before it: which
   * one, arm64 does not print. A trace may begin with a function's own address.
   */
  #isBehind(frame: Frame): boolean {
    return frame.offset === 0 && this.#frames.length > 0;
  }
}

/** Of a report, outside its first trace. */
const isOwn = (text: string): boolean =>
  isTrace(text) ||
  parseFrame(text) !== undefined ||
  INSIDE.test(text) ||
  STACK.test(text) ||
  GOES_ON.test(text) ||
  END.test(text) ||
  RULER.test(text) ||
  text === '';
