// SPDX-License-Identifier: MIT
import {clip} from '../lib/text.js';
import {type Frame, normalName} from './frames.js';
import {isHelper} from './helpers.js';
import type {SplatKind} from './kinds.js';
import {relevantFrames} from './where.js';

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
  title: string;
  /** How many functions count: of its kind, or of its pattern. */
  depth: 0 | 1 | 3;
  /** The function that the opening line names. */
  named?: string;
  /** Functions that hold or want the locks of a lockdep report. */
  lockers: readonly string[];
  frames: readonly Frame[];
}

/** Title, frame and identity of a report. Pure. */
export function identify(found: Collected): Pick<Splat, 'title' | 'identity' | 'frame'> {
  const {depth} = found;
  const [frame, ...callers] = depth === 0 && found.lockers.length === 0 ? [] : functionsOf(found);
  const bare = withoutNumbers(found.title);
  const title = clip(frame === undefined ? bare : `${bare} in ${frame}`, MAX_TITLE);
  if (frame === undefined) return {title, identity: title};
  const path = depth === 0 ? [] : callers.slice(0, depth - 1);
  return {title, frame, identity: [title, ...path].join(' <- ')};
}

/** Those that say where it happened, innermost first. */
export const functionsOf = (found: Collected): string[] =>
  relevantNames(found).filter((name, index, all) => name !== all[index - 1]);

function relevantNames({named, lockers, frames}: Collected): string[] {
  if (lockers.length > 0) return [...lockers];
  const traced = relevantFrames(frames).map(({name}) => name);
  if (named === undefined || isHelper(named)) return traced;
  // The trace begins with it, or with what reported it.
  const own = normalName(named);
  const at = traced.indexOf(own);
  return at < 0 ? [own, ...traced] : traced.slice(at);
}

function withoutNumbers(title: string): string {
  return title
    .replace(/\b([A-Za-z_][\w.$]*)\+0x[0-9a-f]+\/0x[0-9a-f]+/g, '$1')
    .replace(/\b0x[0-9a-f]{3,}\b|\b[0-9a-f]{12,16}\b/gi, 'ADDR')
    .replace(/#\d+/g, '#N')
    .replace(/\bCPU\d+\b/g, 'CPU')
    .replace(/\b(CPU|PID|pid|UID|Comm|cpu)[: ]+\d+/g, '$1 N')
    .replace(/\bin process \S+(?: pfn:\S+)?/g, 'in process')
    .replace(/\s+/g, ' ')
    .trim();
}
