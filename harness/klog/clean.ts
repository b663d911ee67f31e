// SPDX-License-Identifier: MIT
import {cleanText, clip} from '../lib/text.js';

/** A console's line without what printk and the serial line put around it. */
export interface LogLine {
  text: string;
  /** `T123` or `C1` (PRINTK_CALLER): who printed it, so that two CPUs' reports can be told apart. */
  caller?: string;
  /** printk's time stands before it, so the kernel said it. */
  stamped: boolean;
  /** printk says that lines are missing here: the console was too slow for them. */
  dropped: boolean;
}

/** Characters of one line that are looked at. The longest real one, a `Modules linked in:`, has some thousand. */
export const MAX_LINE = 4096;

const PRINTK = /^(?:<\d{1,3}>)?(\[ *\d+\.\d{1,9}\] ?)?(?:\[ *([TC]\d+)\] ?)?/;
/** `[%5lu.%06lu] ` behind what user space left without a newline: a prompt, half a line of a test. */
const BEHIND_TEXT = /\[(?=[ \d]{5,}\.) *\d+\.\d{6}\](?:\[ *[TC]\d+\])? /y;
const DROPPED = /\*\* \d+ printk messages dropped \*\*/;

/** Never throws, whatever bytes the line held. Every line of a console passes here, so what few have is asked for first. */
export function cleanLogLine(raw: string): LogLine {
  const clipped = clip(raw, MAX_LINE);
  const line = cleanText(clipped.endsWith('\r') ? clipped.replace(/\r+$/, '') : clipped);
  const prefix = prefixOf(line);
  const text = prefix === undefined ? line : line.slice(prefix.end);
  // Behind what user space left open, too; of a line that begins with a time, only its text can say so.
  const says = line.startsWith('[') ? text.startsWith('** ') : line.includes('** ');
  const dropped = says && DROPPED.test(line);
  const stamped = prefix?.time !== undefined;
  return prefix?.caller === undefined ? {text, stamped, dropped} : {text, stamped, dropped, caller: prefix.caller};
}

interface Prefix {
  end: number;
  time: string | undefined;
  caller: string | undefined;
}

/** Of printk, at the line's begin or behind what user space left there. */
function prefixOf(line: string): Prefix | undefined {
  const begin = line.startsWith('[') || line.startsWith('<') ? PRINTK.exec(line) : null;
  if (begin === null || begin[0] === '') return behindText(line, 0);
  const prefix = {end: begin[0].length, time: begin[1], caller: begin[2]};
  const behind = behindText(line, prefix.end);
  // What a program wrote may have had a time, too. An older one is quoted: of a line that was printed before.
  return behind !== undefined && secondsOf(behind.time) >= secondsOf(prefix.time) ? behind : prefix;
}

function behindText(line: string, from: number): Prefix | undefined {
  for (let at = line.indexOf('[', from); at >= 0; at = line.indexOf('[', at + 1)) {
    // A blank or a digit; a look at one character is cheaper than a pattern.
    if (line.charCodeAt(at + 1) > 0x39) continue;
    BEHIND_TEXT.lastIndex = at;
    if (!BEHIND_TEXT.test(line)) continue;
    const [whole = '', time, caller] = PRINTK.exec(line.slice(at)) ?? [];
    return {end: at + whole.length, time, caller};
  }
  return undefined;
}

const secondsOf = (time: string | undefined): number => Number(time?.replace(/[[\] ]/g, '') ?? 0);
