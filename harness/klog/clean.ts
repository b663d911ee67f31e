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
const BEHIND_TEXT = /\[(?=[ \d]{5,}\.) *\d+\.\d{6}\](?:\[ *[TC]\d+\])? /;
const DROPPED = /^\*\* \d+ printk messages dropped \*\*/;

/** Never throws, whatever bytes the line held. */
export function cleanLogLine(raw: string): LogLine {
  const line = cleanText(clip(raw, MAX_LINE).replace(/\r+$/, ''));
  const begin = PRINTK.exec(line)?.[0] === '' ? Math.max(0, line.search(BEHIND_TEXT)) : 0;
  const own = line.slice(begin);
  const [prefix = '', time, caller] = PRINTK.exec(own) ?? [];
  const text = own.slice(prefix.length);
  const dropped = DROPPED.test(text) || DROPPED.test(line);
  return {text, stamped: time !== undefined, dropped, ...(caller === undefined ? {} : {caller})};
}
