// SPDX-License-Identifier: MIT
import {createKtapReader} from '../parse.js';
import type {ResultReader} from '../result.js';

/** Says what the next result is about: `# [RUN] vmsplice() after fork ... with THP (2048 kB)`. */
const RUN = /^#\s*\[RUN\]\s*(.*\S)\s*$/;
const RESULT = /^(not ok|ok) (\d+)(?:\s+(.*))?$/;
/** What the program said, and its directive. */
const WORDS = /^(.*?)\s*(?:(?:^|\s)#\s*(.*))?$/;

/**
 * KTAP whose results are named by what came out (`No leak from parent into child`, `Should have worked`) and not by
 * what was tested, as in mm/cow and mm/gup_longterm: hundreds of them have the same name, and a test that fails has
 * another one than when it passes. Here the `[RUN]` line before a result is its name; what came out is its reason.
 */
export function createKtapRunReader(): ResultReader {
  const reader = createKtapReader();
  let name: string | undefined;
  return {
    line: (text, end) => {
      const result = RESULT.exec(text);
      const named = result !== null && name !== undefined ? rename(result, name) : text;
      if (result !== null) name = undefined;
      else name = RUN.exec(text)?.[1] ?? name;
      reader.line(named, end);
    },
    end: (exit) => reader.end(exit),
  };
}

function rename([, ok = '', number = '', rest = '']: RegExpExecArray, name: string): string {
  const [, said = '', directive] = WORDS.exec(rest) ?? [];
  const line = `${ok} ${number} ${name.replaceAll('#', '\\#')}`;
  if (directive !== undefined) return `${line} # ${directive}${said === '' ? '' : ` (${said})`}`;
  // Behind other words, or a text like "error in …" would be taken for a directive.
  return ok === 'ok' || said === '' ? line : `${line} # it said: ${said}`;
}
