// SPDX-License-Identifier: MIT
import {factsOf, type SplatKind} from './kinds.js';
import {RULER, type SplatPattern} from './pattern.js';
import type {Opening} from './patterns.js';
import {type Collected, functionsOf, identify, MAX_REPORT, type Splat} from './splat.js';
import {stableTitle} from './stable-title.js';
import {Trace} from './trace.js';
import {END, HEADER, IDENT, LOCKER, OF_A_REPORT, OTHER_LOCKS, TRACE_OF_ANOTHER} from './trace-lines.js';

/** Lines that may stand between a report's first line and its call trace, beside locks, chains and memory: registers. */
const MAX_WAIT = 150;
/** The same for words that anybody may use: what belongs to them follows soon. */
const MAX_LOOSE_WAIT = 16;
/** Beyond this a report is over, whatever it says: lockdep's chains have some thousand lines. */
const MAX_LINES = 8000;

/** A report that is being read. */
export class Report {
  readonly kind: SplatKind;
  readonly line: number;
  lastLine: number;
  /** No further line is its own. */
  closed = false;
  readonly #row: SplatPattern;
  readonly #trace: Trace;
  readonly #lines: string[];
  #title: string;
  #named: string | undefined;
  #lockers: string[] = [];
  #lockersDone = false;
  #count = 0;
  /** Lines since the last one that a report is made of. */
  #waited = 0;
  #cpu: string | undefined;
  #comm: string | undefined;
  /** lockdep's second line: the release, and what taints it. */
  #ident = false;
  #corrupted: string | undefined;
  #fatal = false;
  /** Its last line and length before what may be another's. */
  #own: {lastLine: number; length: number} | undefined;

  constructor({row, title, frame}: Opening, line: number, text: readonly string[]) {
    this.kind = row.kind;
    this.line = line - text.length + 1;
    this.lastLine = line;
    this.#row = row;
    this.#trace = new Trace(row.bare === true);
    this.#title = title;
    this.#named = frame;
    this.#lines = [...text];
    if (factsOf(row.kind).depth === 0 || (row.traced === 'never' && row.holders === undefined)) this.closed = true;
  }

  /** A call trace always follows. */
  get traced(): boolean {
    return this.#row.traced !== 'never' && (this.#row.traced === true || factsOf(this.kind).trace);
  }

  /** WARN() may come now, and be its own. */
  get announces(): boolean {
    return this.#row.announces === true && this.#count <= 1;
  }

  get hasTrace(): boolean {
    return this.#trace.state !== 'before';
  }

  /** WARN()'s own words may come now. */
  get hasWords(): boolean {
    return this.kind === 'warning' && this.traced && !this.hasTrace && this.#cpu === undefined;
  }

  /** It is one: words that anybody may use are none without a trace, its head, or a loss that explains why there is none. */
  get counts(): boolean {
    const begun = this.#trace.found || this.#cpu !== undefined || this.#ident || this.#corrupted !== undefined;
    return this.#row.loose !== 'trace' || begun;
  }

  /** A line that says more about the same: `Internal error:` after `Unable to handle`. */
  goOn({row, frame}: Opening, line: number, text: string): void {
    this.#named ??= frame;
    if (row.kind === 'panic') {
      this.#fatal = true;
      // A second trace is that of the panic.
      if (this.#trace.found) this.#trace.stop();
    }
    this.#keep(line, text);
  }

  /** Another report begins, of another CPU or because its own end was lost. */
  interrupt(): void {
    if (this.traced && !this.hasTrace) this.#corrupted ??= 'another report begins before its call trace';
    else if (!this.#trace.whole) this.#trace.broken = true;
    this.closed = true;
  }

  /** printk lost lines here. What is missing may be any of its own, unless all that counts has come. */
  lose(): void {
    if (this.#trace.whole) return;
    this.#corrupted ??= 'messages were dropped';
    this.#trace.stop();
  }

  /**
   * Takes the next line; a line that is not its own closes it.
   * @param foreign a program printed it
   */
  take(line: number, text: string, foreign: boolean): void {
    if (this.#row.loose === 'trace' && !this.counts && TRACE_OF_ANOTHER.test(text)) this.closed = true;
    if (this.closed) return;
    this.#readHead(text);
    const whose = this.#trace.take(text, foreign);
    if (whose === 'strange') this.#own ??= {lastLine: this.lastLine, length: this.#lines.length};
    else if (whose === 'own') this.#own = undefined;
    if (whose === 'over') this.closed = true;
    if (this.closed) return;
    this.#keep(line, text);
    if (END.test(text) || (RULER.test(text) && this.#trace.state === 'after')) this.closed = true;
    this.#waited = OF_A_REPORT.test(text) ? 0 : this.#waited + 1;
    const wait = this.#row.loose === 'trace' && this.#cpu === undefined && !this.#ident ? MAX_LOOSE_WAIT : MAX_WAIT;
    if (this.#count >= MAX_LINES || (!this.hasTrace && this.#waited >= wait)) this.closed = true;
  }

  finish(cut: boolean): Splat {
    const {kind, line} = this;
    const frames = this.#trace.frames;
    const own = this.#own ?? {lastLine: this.lastLine, length: this.#lines.length};
    const found: Collected = {
      title: this.#row.loose === undefined ? this.#title : stableTitle(this.#title, this.#comm),
      ...{depth: this.#row.depth ?? factsOf(kind).depth, lockers: this.#lockers, frames},
      ...(this.#named && {named: this.#named}),
    };
    const why = this.#corrupted ?? this.#missing(cut, found);
    return {
      ...{kind, ...identify(found), line, lastLine: own.lastLine, frames: [...frames], times: 1},
      report: this.#lines.slice(0, own.length),
      ...(why === undefined ? {} : {corrupted: why}),
      ...(this.#fatal ? {fatal: true as const} : {}),
    };
  }

  #missing(cut: boolean, found: Collected): string | undefined {
    if (this.#trace.mixed) return 'mixed with the report of another CPU';
    if (this.traced && !this.#trace.found) return cut && !this.closed ? 'cut: the log ends here' : 'no call trace';
    const enough = found.lockers.length > 0 || functionsOf(found).length >= found.depth;
    return this.#trace.torn && !enough ? 'cut: its call trace has no end' : undefined;
  }

  /** What the lines before the trace say of the report itself. */
  #readHead(text: string): void {
    if (this.#count === 0 && this.#row.more !== undefined) {
      const more = this.#row.more.exec(text)?.[1];
      if (more !== undefined) this.#title += `: ${stableTitle(more)}`;
    }
    if (this.#count === 0) this.#ident = IDENT.test(text);
    this.#named ??= this.#row.detail?.exec(text)?.groups?.frame;
    if (this.kind === 'lockdep') this.#addLocker(text);
    const [, cpu, comm] = HEADER.exec(text) ?? [];
    if (cpu === undefined || this.hasTrace) return;
    if (this.#cpu !== undefined && this.#cpu !== cpu) this.#corrupted ??= 'mixed with the report of another CPU';
    this.#cpu = cpu;
    this.#comm = comm;
  }

  #addLocker(text: string): void {
    if (OTHER_LOCKS.test(text) && this.#row.holders === undefined) this.#lockersDone = true;
    const name = this.#lockersDone || this.#lockers.length >= 2 ? undefined : LOCKER.exec(text)?.[1];
    if (name !== undefined) this.#lockers.push(name);
  }

  #keep(line: number, text: string): void {
    this.lastLine = line;
    this.#count++;
    if (this.#lines.length < MAX_REPORT) this.#lines.push(text);
  }
}
