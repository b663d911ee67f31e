// SPDX-License-Identifier: MIT
import {clip} from '../lib/text.js';
import {type Frame, isReporting, normalName, relevantFrames} from './frames.js';
import {factsOf, type SplatKind} from './kinds.js';

/** One report that the kernel printed about itself. It may live on after most of them. */
export interface Splat {
  kind: SplatKind;
  /** One line that stays the same between two runs: no addresses, lines of source, numbers of CPUs or processes. */
  title: string;
  /**
   * What makes two reports the same one: the title, and the functions that led there. Readable, so that it can name a
   * row of the results and be looked for in a list of allowed ones.
   */
  identity: string;
  /** Lines of what was scanned, 1-based, with both. */
  line: number;
  lastLine: number;
  /** The function it happened in. */
  frame?: string;
  /** Of the first call trace, innermost first, the program counter before it. */
  frames: Frame[];
  /** Why its identity is not to be trusted: it is cut, or mixed with another one. */
  corrupted?: string;
  /** A panic ended it. */
  fatal?: true;
  /** How often it was seen; where it lies is the first time's. */
  times: number;
  /** The report itself, cleaned, its first `MAX_REPORT` lines. */
  report: string[];
}

export const MAX_REPORT = 120;
export const MAX_FRAMES = 32;
const MAX_TITLE = 200;

export interface Collected {
  kind: SplatKind;
  title: string;
  /** The function that the opening line names. */
  named?: string;
  /** Functions that hold or want the locks of a lockdep report. */
  lockers: readonly string[];
  frames: readonly Frame[];
}

/** Title, frame and identity of a report. Pure. */
export function identify(found: Collected): Pick<Splat, 'title' | 'identity' | 'frame'> {
  const {depth} = factsOf(found.kind);
  const names = relevantNames(found).filter((name, index, all) => name !== all[index - 1]);
  const [frame, ...callers] = names;
  const bare = withoutNumbers(found.title);
  const title = clip(frame === undefined ? bare : `${bare} in ${frame}`, MAX_TITLE);
  if (frame === undefined) return {title, identity: title};
  const path = depth === 0 ? [] : callers.slice(0, depth - 1);
  return {title, frame, identity: [title, ...path].join(' <- ')};
}

function relevantNames({named, lockers, frames}: Collected): string[] {
  if (lockers.length > 0) return [...lockers];
  const traced = relevantFrames(frames).map(({name}) => name);
  if (named === undefined || isReporting(named)) return traced;
  // The trace begins with it, or with what reported it.
  const own = normalName(named);
  const at = traced.indexOf(own);
  return at < 0 ? [own, ...traced] : traced.slice(at);
}

function withoutNumbers(title: string): string {
  return title
    .replace(/\b0x[0-9a-f]{3,}\b|\b[0-9a-f]{12,16}\b/gi, 'ADDR')
    .replace(/#\d+/g, '#N')
    .replace(/\b(CPU|PID|pid|UID|Comm|cpu)[: ]+\d+/g, '$1 N')
    .replace(/\bin process \S+(?: pfn:\S+)?/g, 'in process')
    .replace(/\s+/g, ' ')
    .trim();
}
