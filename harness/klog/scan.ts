// SPDX-License-Identifier: MIT
/** Finds what the kernel complained about in its console. Both arches; a guest may live on after most of these. */
import {cleanText, clip} from '../lib/text.js';
import {SPLATS, type SplatKind} from './patterns.js';

export interface Splat {
  /** One line that stays the same between two runs: no addresses, numbers of CPUs or processes. */
  title: string;
  kind: SplatKind;
  /** 1-based line of the console. */
  line: number;
  /** The function it happened in, or was reported from. */
  frame?: string;
}

export interface ConsoleScan {
  /** Lines of kernel panics, cleaned; any of them means the guest is gone. */
  panics: string[];
  /** In the order of the console; a panic that follows an Oops is one of its own. */
  splats: Splat[];
  /** Nothing but blanks: the console says nothing, which is not the same as a clean log. */
  empty: boolean;
  /** More splats came than were kept. */
  dropped: number;
}

export const MAX_SPLATS = 200;
/** Lines after a splat's first that may hold its function: registers and code of an Oops take about 40. */
const FRAME_WINDOW = 60;

const PRINTK = /^(?:<\d{1,3}>)?(?:\[ *\d+\.\d{1,9}\] ?)?(?:\[ *[TC]\d+\] ?)?/;

/** Scans a whole console. Never throws, whatever bytes it held. */
export function scanConsole(text: string): ConsoleScan {
  const lines = text.split('\n').map((line) => cleanText(line.replace(/\r+$/, '')).replace(PRINTK, ''));
  const found: ConsoleScan = {panics: [], splats: [], empty: text.trim() === '', dropped: 0};
  for (const [index, line] of lines.entries()) {
    const match = matchSplat(line);
    if (match === undefined) continue;
    if (match.kind === 'panic') found.panics.push(clip(line.trim(), 300));
    if (found.splats.length >= MAX_SPLATS) {
      found.dropped++;
      continue;
    }
    const frame = match.frame ?? findFrame(lines, index);
    const opened = found.splats.at(-1);
    if (match.continues && opened?.kind === match.kind && index + 1 - opened.line < FRAME_WINDOW) {
      if (opened.frame === undefined && frame !== undefined) {
        opened.frame = frame;
        opened.title = clip(`${opened.title} in ${frame}`, 200);
      }
      continue;
    }
    const title = withoutNumbers(match.title);
    const named = frame === undefined || title.includes(frame) ? title : `${title} in ${frame}`;
    found.splats.push({
      title: clip(named, 200),
      kind: match.kind,
      line: index + 1,
      ...(frame === undefined ? {} : {frame}),
    });
  }
  return found;
}

function matchSplat(line: string): {kind: SplatKind; title: string; continues: boolean; frame?: string} | undefined {
  for (const {kind, pattern, title, frame, continues = false} of SPLATS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const at = frame === undefined ? undefined : match.groups?.[frame];
    return {kind, title: title(match), continues, ...(at === undefined ? {} : {frame: at})};
  }
  return undefined;
}

/** x86_64: `RIP: 0010:func+0x1/0x2`; arm64: `pc : func+0x1/0x2`. Else the first function of the call trace. */
const PROGRAM_COUNTER = /^(?:RIP: [0-9a-f]{4}:|pc : )([A-Za-z_][\w.]*)\+0x/;
/** x86_64 writes `Call Trace:` and a tag line, arm64 `Call trace:`. */
const TRACE = /^\s*Call [Tt]race:/;
const FRAME = /^\s*(?:\[<[0-9a-f]+>\] )?(\?)?\s*([A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x/;
/** How the report itself was made: never where it happened. */
const REPORTING =
  /^(?:dump_stack|show_stack|dump_backtrace|print_|kasan_|__kasan|__asan|kfence_|ubsan_|__ubsan|__warn|warn_slow|panic|die|schedule|__schedule|lock_acquire|report_|lockdep_|check_|__lock_acquire|__might_)/;

function findFrame(lines: readonly string[], from: number): string | undefined {
  let inTrace = false;
  for (const line of lines.slice(from + 1, from + FRAME_WINDOW)) {
    if (line.includes('[ end trace') || (!inTrace && matchSplat(line) !== undefined)) return undefined;
    const counter = PROGRAM_COUNTER.exec(line)?.[1];
    if (counter !== undefined) return counter;
    if (TRACE.test(line)) inTrace = true;
    const [, unsure, name] = inTrace ? (FRAME.exec(line) ?? []) : [];
    if (name !== undefined && unsure === undefined && !REPORTING.test(name)) return name;
  }
  return undefined;
}

function withoutNumbers(title: string): string {
  return title
    .replace(/\b0x[0-9a-f]+\b|\b[0-9a-f]{12,16}\b/gi, 'ADDR')
    .replace(/#\d+/g, '#N')
    .replace(/\s+/g, ' ')
    .trim();
}
