// SPDX-License-Identifier: MIT
import type {Description} from '../directive.js';
import {createKtapReader} from '../parse.js';
import type {ResultReader} from '../result.js';

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
  return createKtapReader({
    note: (text) => {
      name = RUN.exec(text)?.[1] ?? name;
    },
    describe: (said) => {
      const run = name;
      name = undefined;
      return run === undefined ? said : {name: run, ...reasonOf(said)};
    },
  });
}

function reasonOf({name: words, reason, status, behind}: Description): {reason?: string} {
  if (behind) return words === '' ? {} : {reason: words};
  if (reason !== undefined || (status !== 'pass' && status !== 'fail')) {
    return {reason: [reason ?? '', words === '' ? '' : `(${words})`].join(' ').trim()};
  }
  return status === 'pass' || words === '' ? {} : {reason: `it said: ${words}`};
}
