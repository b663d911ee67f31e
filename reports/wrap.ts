// SPDX-License-Identifier: MIT
import {clip} from '../harness/lib/text.js';

const INDENT = '        ';
/** What is longer is for results.json, not for a screen. */
const MAX_LINES = 4;

/** One line of text as a few of at most `width` columns, broken at blanks; those after the first are indented. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= width || line === '') {
      line = joined;
      continue;
    }
    lines.push(line);
    line = INDENT + word;
  }
  lines.push(line);
  const shown = lines.slice(0, MAX_LINES).map((one) => clip(one, width));
  const last = shown.at(-1) ?? '';
  if (lines.length > MAX_LINES) {
    const room = Math.max(0, width - 2);
    shown[MAX_LINES - 1] = `${last.length > room ? clip(last, room + 1).slice(0, -1) : last} …`;
  }
  return shown.join('\n');
}
