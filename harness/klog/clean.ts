// SPDX-License-Identifier: MIT
import {cleanText, clip} from '../lib/text.js';

/** A console's line without what printk and the serial line put around it. */
export interface LogLine {
  text: string;
  /** `T123` or `C1` (PRINTK_CALLER): who printed it, so that two CPUs' reports can be told apart. */
  caller?: string;
}

/** Characters of one line that are looked at. The longest real one, a `Modules linked in:`, has some thousand. */
export const MAX_LINE = 4096;

const PRINTK = /^(?:<\d{1,3}>)?(?:\[ *\d+\.\d{1,9}\] ?)?(?:\[ *([TC]\d+)\] ?)?/;

/** Never throws, whatever bytes the line held. */
export function cleanLogLine(raw: string): LogLine {
  const line = cleanText(clip(raw, MAX_LINE).replace(/\r+$/, ''));
  const prefix = PRINTK.exec(line);
  const text = line.slice(prefix?.[0].length ?? 0);
  return prefix?.[1] === undefined ? {text} : {text, caller: prefix[1]};
}
