// SPDX-License-Identifier: MIT
import type {Mail} from './mail.js';

/** What `git format-patch --base` and b4 append to a cover letter or to the first patch. */
export interface BaseTrailers {
  baseCommit?: string;
  prerequisites: string[];
  notes: string[];
}

const BASE = /^base-commit:[ \t]*([0-9a-f]{7,64})[ \t\r]*$/gim;
const PREREQUISITE = /^prerequisite-patch-id:[ \t]*([0-9a-f]{40,64})[ \t\r]*$/gim;
const OTHER = /^(prerequisite-(?:message|change)-id):[ \t]*(\S+)/gim;

/** Pure. The first `base-commit:` wins, cover letter first; a quoted one (`> `) does not count. */
export function readBaseTrailers(mails: readonly Mail[]): BaseTrailers {
  const texts = mails.map((mail) => `${mail.message}\n${mail.diff}`);
  const all = (pattern: RegExp): string[] =>
    texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => (match[1] ?? '').toLowerCase()));
  const bases = [...new Set(all(BASE))];
  const notes = bases.slice(1).map((other) => `base-commit: ${other} in a later mail is ignored for ${bases[0]}`);
  for (const text of texts) {
    for (const match of text.matchAll(OTHER)) notes.push(`${match[1]}: ${match[2]} is not fetched`);
  }
  return {
    ...(bases[0] === undefined ? {} : {baseCommit: bases[0]}),
    prerequisites: [...new Set(all(PREREQUISITE))],
    notes,
  };
}
