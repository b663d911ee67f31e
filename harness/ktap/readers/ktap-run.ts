// SPDX-License-Identifier: MIT
import {cleanLine, cleanText, keep} from '../../lib/text.js';
import {Announced} from '../announced.js';
import {Diagnostics} from '../diagnostics.js';
import {type Description, MAX_NAME} from '../directive.js';
import {createKtapReader} from '../parse.js';
import type {ResultReader} from '../result.js';
import {unreadOutput} from '../unread.js';

/** Says what the next result is about: `# [RUN] vmsplice() after fork ... with THP (2048 kB)`. */
const RUN = /^#\s*\[RUN\]\s*(.*\S)\s*$/;

/**
 * KTAP whose results are named by what came out (`No leak from parent into child`, `Should have worked`) and not by
 * what was tested, as in mm/cow and mm/gup_longterm: hundreds of them have the same name, and a test that fails has
 * another one than when it passes. Here the `[RUN]` line before a result is its name; what came out is its reason. A
 * result is renamed when it was read, and what is glued to it was found: what it said holds nothing any more.
 */
export function createKtapRunReader(): ResultReader {
  let name: string | undefined;
  const reader = createKtapReader({
    note: (text) => {
      name = RUN.exec(text)?.[1] ?? name;
    },
    describe: (said) => {
      const run = name;
      name = undefined;
      return run === undefined ? said : {name: keep(cleanLine(run), MAX_NAME), ...reasonOf(said)};
    },
  });
  const announced = new Announced();
  const printed = new Diagnostics();
  return {
    line: (text, end) => {
      announced.line(text);
      printed.add(cleanText(text));
      reader.line(text, end);
    },
    end: (exit) => {
      const report = reader.end(exit);
      const silent = report.results.every(({path}) => path.length === 0) && announced.lines.length === 0;
      return (silent ? unreadOutput('ktap-run', exit, printed) : undefined) ?? report;
    },
  };
}

function reasonOf({name: words, reason, status, behind}: Description): {reason?: string} {
  if (behind) return words === '' ? {} : {reason: words};
  if (reason !== undefined || (status !== 'pass' && status !== 'fail')) {
    return {reason: [reason ?? '', words === '' ? '' : `(${words})`].join(' ').trim()};
  }
  return status === 'pass' || words === '' ? {} : {reason: `it said: ${words}`};
}
