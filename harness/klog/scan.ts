// SPDX-License-Identifier: MIT
/** Finds what the kernel complained about in its console, or in dmesg. Both arches, of any size, whatever bytes it holds. */
import {clip} from '../lib/text.js';
import {cleanLogLine, type LogLine, MAX_LINE} from './clean.js';
import {matchOpening, type Opening} from './patterns.js';
import {Report} from './report.js';
import type {Splat} from './splat.js';

export interface ConsoleScan {
  /** Lines of kernel panics, cleaned; any of them means the guest is gone. */
  panics: string[];
  /** Each once, in the order in which they were first seen. */
  splats: Splat[];
  /** Nothing but blanks: the console says nothing, which is not the same as a clean log. */
  empty: boolean;
  /** Reports of further kinds that came when `MAX_SPLATS` were kept. */
  dropped: number;
  /** Lines that were read. */
  lines: number;
}

/** Different ones; the same again is counted. */
export const MAX_SPLATS = 200;
const MAX_PANICS = 20;
/** With PRINTK_CALLER each caller may have one open. */
const MAX_OPEN = 16;
/** From `cut here` to the line that says what it is: WARN()'s own words stand between them. */
const CUT_WINDOW = 8;
const CUT_HERE = /^-+\[ cut here \]-+$/;
/** The CPU that stalls prints its own trace, under its own id (PRINTK_CALLER), when another one asks it. */
const ASKED = /^NMI backtrace for cpu \d+$/;
const ASKING = ['rcu-stall', 'soft-lockup', 'hard-lockup', 'hung-task'];
/** A panic or an `Internal error` this far below its cause still belongs to it. */
const CONSEQUENCE_WINDOW = 200;

/** Scans a whole console. Never throws. */
export function scanConsole(text: string): ConsoleScan {
  const scanner = new ConsoleScanner();
  scanner.write(text);
  return scanner.end();
}

/** The same for a console that comes in pieces: one line and the open reports are all that is kept of it. */
export class ConsoleScanner {
  #rest = '';
  #skipping = false;
  #line: number;
  #empty = true;
  #dropped = 0;
  #panics: string[] = [];
  readonly #splats = new Map<string, Splat>();
  /** By who prints them; without PRINTK_CALLER there is one. */
  readonly #open = new Map<string, Report>();
  /** The last one that was closed: an `Internal error` or a panic may still say more about it. */
  #last: Report | undefined;
  #sinceCut: string[] | undefined;
  /** The line above, without its prefix. */
  #above = '';
  /** printk writes times here: what has none, a program wrote. */
  #stamps = false;

  /** @param lines lines before the first one, for numbers that count from the console's begin */
  constructor(readonly lines = 0) {
    this.#line = lines;
  }

  /** A report has begun and not ended: more of it may come. */
  get open(): boolean {
    return this.#open.size > 0 || this.#rest !== '';
  }

  write(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#piece(text.slice(from, end));
      this.#take(this.#rest);
      this.#rest = '';
      this.#skipping = false;
      from = end + 1;
    }
    this.#piece(text.slice(from));
  }

  end(): ConsoleScan {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
    for (const caller of [...this.#open.keys()]) this.#close(caller, true);
    this.#settle();
    const {lines} = this;
    return {
      panics: this.#panics,
      splats: [...this.#splats.values()],
      empty: this.#empty,
      dropped: this.#dropped,
      lines: this.#line - lines,
    };
  }

  #piece(text: string): void {
    if (this.#skipping) return;
    this.#rest += text;
    if (this.#rest.length <= MAX_LINE * 2) return;
    this.#rest = this.#rest.slice(0, MAX_LINE * 2);
    this.#skipping = true;
  }

  #take(raw: string): void {
    this.#line++;
    const line = cleanLogLine(raw);
    const {text, caller = ''} = line;
    this.#stamps ||= line.stamped;
    if (this.#empty && text.trim() !== '') this.#empty = false;
    if (line.dropped) for (const open of this.#open.values()) open.lose();
    const report = this.#open.get(caller) ?? this.#answer(text, caller);
    const opening = matchOpening(text, {above: this.#above, strict: this.#isStrict(line, report)});
    if (opening !== undefined) {
      if (opening.row.kind === 'panic' && this.#panics.length < MAX_PANICS) this.#panics.push(clip(text.trim(), 300));
      this.#begin(opening, report, caller, text);
    } else if (report !== undefined && !line.dropped) {
      report.take(this.#line, text, this.#stamps && !line.stamped);
      if (report.closed) this.#close(caller, false);
    }
    this.#remember(text, opening !== undefined);
    this.#above = text;
  }

  /** Words that anybody may use are then no report's beginning: a program's, or those that WARN() was given. */
  #isStrict({stamped}: LogLine, report: Report | undefined): boolean {
    return (this.#stamps && !stamped) || this.#sinceCut !== undefined || report?.hasWords === true;
  }

  /** The report of another CPU that has asked this one for its trace: it is that report's from here on. */
  #answer(text: string, caller: string): Report | undefined {
    if (this.#open.size === 0 || !ASKED.test(text)) return undefined;
    const asking = [...this.#open.values()].find(({kind, hasTrace}) => ASKING.includes(kind) && !hasTrace);
    if (asking !== undefined) this.#open.set(caller, asking);
    return asking;
  }

  #begin(opening: Opening, report: Report | undefined, caller: string, text: string): void {
    const cause = report ?? this.#last;
    if (cause !== undefined && this.#continues(opening, cause)) {
      cause.goOn(opening, this.#line, text);
      return;
    }
    if (report !== undefined) {
      report.interrupt();
      this.#close(caller, false);
    }
    this.#settle();
    if (this.#open.size >= MAX_OPEN) for (const other of [...this.#open.keys()]) this.#close(other, false);
    const fresh = new Report(opening, this.#line, [...(this.#sinceCut ?? []), text]);
    this.#open.set(caller, fresh);
    if (fresh.closed) this.#close(caller, false);
  }

  #continues({row}: Opening, cause: Report): boolean {
    if (row.kind === 'warning' && cause.announces && !cause.closed) return true;
    if (row.continues?.includes(cause.kind) !== true || this.#line - cause.lastLine > CONSEQUENCE_WINDOW) return false;
    return row.kind === 'panic' || !cause.hasTrace;
  }

  /** WARN() prints its own words before the line that names it. */
  #remember(text: string, opened: boolean): void {
    if (CUT_HERE.test(text)) this.#sinceCut = [text];
    else if (opened || (this.#sinceCut?.length ?? 0) >= CUT_WINDOW) this.#sinceCut = undefined;
    else this.#sinceCut?.push(text);
  }

  #close(caller: string, cut: boolean): void {
    const report = this.#open.get(caller);
    if (report === undefined) return;
    for (const [other, its] of this.#open) if (its === report) this.#open.delete(other);
    this.#settle();
    this.#last = report;
    if (cut) this.#settle(true);
  }

  /** Nothing more can be said about the last one: it is counted. */
  #settle(cut = false): void {
    const report = this.#last;
    this.#last = undefined;
    if (report?.counts !== true) return;
    const splat = report.finish(cut);
    const known = this.#splats.get(splat.identity);
    if (known !== undefined) known.times++;
    else if (this.#splats.size < MAX_SPLATS) this.#splats.set(splat.identity, splat);
    else this.#dropped++;
  }
}
