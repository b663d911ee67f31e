// SPDX-License-Identifier: MIT
import {type Frame, isTrace, parseCounter, parseFrame} from './frames.js';
import {factsOf, type SplatKind} from './kinds.js';
import type {Opening} from './patterns.js';
import {identify, MAX_FRAMES, MAX_REPORT, type Splat} from './splat.js';

/** Lines that may stand between a report's first line and its call trace: registers, locks, memory around an address. */
const MAX_WAIT = 150;
/** Beyond this a report is over, whatever it says: a stall of eight CPUs has some 400 lines. */
const MAX_LINES = 1000;

const END = /^-{3,}\[ end (?:trace|Kernel panic)/;
const RULER = /^={10,}$/;
/** Between the parts of one trace: an interrupt's registers, and what marks the stacks. */
const INSIDE =
  /^\s*<\/?[A-Z#]{2,}\d?>|^(?:RIP|RSP|RAX|RBX|RCX|RDX|RSI|RDI|RBP|R\d\d|ORIG_RAX|FS|CS|CR2|DR\d|PKRU|EFLAGS|Code|pc|lr|sp|x\d+|pstate)\b ?:/;
/** After its trace a report goes on with these, or with another trace. */
const GOES_ON =
  /^(?:Code:|Modules linked in:|---\[|CPU: |Hardware name:|task:|Task dump|NMI backtrace|Sending NMI|stack backtrace|rcu:|\(detected|\s|Kernel Offset|Memory Limit|SMP: |CR2:|note: |irq event|hardirqs|softirqs|Allocated by|Freed by|The buggy|page:|flags:|raw:|Memory state|kasan:|other info|Possible|\*\*\*|\d+ locks? held|which lock|the existing|-> #|but task)/;
/** lockdep: `#0: … at: func+0x1/0x2`, `(lock){…}, at: func+0x1/0x2`. */
const LOCKER = /\bat: ([A-Za-z_][\w.$]*)\+0x/;
/** From here on a lockdep report tells of locks that have no part in it. */
const OTHER_LOCKS = /^other info that might|^\d+ locks? held by|^stack backtrace/;
/** The RCU thread's own stack, and that of the CPU it last ran on, stand before those of the CPUs that stall. */
const BYSTANDER = /RCU grace-period kthread stack dump:|Stack dump where RCU GP kthread last ran:/;
/** What stands for a trace when that CPU has nothing to do. */
const NO_TRACE = /NMI backtrace for cpu \d+ skipped/;
const HEADER = /^CPU: (\d+) (?:UID: \d+ )?PID: \d+/;

/** A report that is being read. */
export class Report {
  readonly kind: SplatKind;
  readonly line: number;
  lastLine: number;
  #title: string;
  #named: string | undefined;
  readonly traced: boolean;
  #frames: Frame[] = [];
  #counter: Frame | undefined;
  #lockers: string[] = [];
  #lockersDone = false;
  #lines: string[] = [];
  #count = 0;
  #trace: 'before' | 'inside' | 'after' = 'before';
  #cpu: string | undefined;
  /** The next trace is one of a bystander. */
  #bystander = false;
  #corrupted: string | undefined;
  #fatal = false;
  /** No further line is its own. */
  closed = false;

  constructor({row, title, frame}: Opening, line: number, text: readonly string[]) {
    this.kind = row.kind;
    this.line = line - text.length + 1;
    this.lastLine = line;
    this.#title = title;
    this.#named = frame;
    this.traced = row.traced === true || factsOf(row.kind).trace;
    this.#lines.push(...text);
    if (factsOf(row.kind).depth === 0) this.closed = true;
  }

  get hasTrace(): boolean {
    return this.#trace !== 'before';
  }

  /** A line that says more about the same: `Internal error:` after `Unable to handle`. */
  goOn({row, frame}: Opening, line: number, text: string): void {
    this.#named ??= frame;
    if (row.kind === 'panic') {
      this.#fatal = true;
      // A second trace is that of the panic.
      if (this.hasTrace) this.#trace = 'after';
    }
    this.#keep(line, text);
  }

  corrupt(why: string): void {
    this.#corrupted ??= why;
    this.closed = true;
  }

  /** Takes the next line; a line that is not its own closes it. */
  take(line: number, text: string): void {
    const header = HEADER.exec(text)?.[1];
    if (header !== undefined && this.#trace === 'before') {
      if (this.#cpu !== undefined && this.#cpu !== header) this.#corrupted ??= 'mixed with the report of another CPU';
      this.#cpu = header;
    }
    if (this.kind === 'lockdep') this.#addLocker(text);
    this.#follow(text);
    if (this.closed) return;
    this.#keep(line, text);
    if (END.test(text) || (RULER.test(text) && this.#trace === 'after')) this.closed = true;
    if (this.#count >= MAX_LINES || (this.#trace === 'before' && this.#count >= MAX_WAIT)) this.closed = true;
  }

  finish(cut: boolean): Splat {
    const frames = this.#counter === undefined ? this.#frames : [this.#counter, ...this.#frames];
    const missing = this.traced && this.#frames.length === 0;
    const why =
      this.#corrupted ?? (missing ? (cut && !this.closed ? 'cut: the log ends here' : 'no call trace') : undefined);
    const {kind, line, lastLine} = this;
    const found = {kind, title: this.#title, lockers: this.#lockers, frames, ...(this.#named && {named: this.#named})};
    return {
      ...{kind, ...identify(found), line, lastLine, frames: [...frames], times: 1, report: this.#lines},
      ...(why === undefined ? {} : {corrupted: why}),
      ...(this.#fatal ? {fatal: true as const} : {}),
    };
  }

  #follow(text: string): void {
    if (this.#trace === 'before') {
      if (!this.#bystander) this.#counter ??= parseCounter(text);
      if (BYSTANDER.test(text)) this.#bystander = true;
      else if (isTrace(text) && !this.#bystander) this.#trace = 'inside';
      else if (isTrace(text) || NO_TRACE.test(text)) this.#bystander = false;
      return;
    }
    if (this.#trace === 'inside') {
      const frame = parseFrame(text);
      if (frame === 'unsure' || INSIDE.test(text)) return;
      if (frame !== undefined) {
        // A return address at a function's first byte is behind a call that never returns, in the function before it:
        // which one, arm64 does not print. A trace may begin with a function's own address.
        const isBehind = frame.offset === 0 && this.#frames.length > 0;
        if (!isBehind && this.#frames.length < MAX_FRAMES) this.#frames.push(frame);
        return;
      }
      this.#trace = 'after';
    }
    const own = isTrace(text) || parseFrame(text) !== undefined || INSIDE.test(text) || GOES_ON.test(text);
    if (!own && !END.test(text) && !RULER.test(text) && text !== '') this.closed = true;
  }

  #addLocker(text: string): void {
    if (OTHER_LOCKS.test(text)) this.#lockersDone = true;
    const name = this.#lockersDone || this.#lockers.length >= 2 ? undefined : LOCKER.exec(text)?.[1];
    if (name !== undefined) this.#lockers.push(name);
  }

  #keep(line: number, text: string): void {
    this.lastLine = line;
    this.#count++;
    if (this.#lines.length < MAX_REPORT) this.#lines.push(text);
  }
}
