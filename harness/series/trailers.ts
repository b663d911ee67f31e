// SPDX-License-Identifier: MIT
import {piecesOf} from './bytes.js';
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
  const found = mails.flatMap((mail) => [
    ...trailersIn(mail.message),
    ...[...piecesOf(mail.diff)].flatMap(({text}) => trailersIn(text)),
  ]);
  const of = (wanted: Trailer['kind']): string[] => [
    ...new Set(found.filter(({kind}) => kind === wanted).map(({value}) => value)),
  ];
  const [base, ...others] = of('base');
  return {
    ...(base === undefined ? {} : {baseCommit: base}),
    prerequisites: of('prerequisite'),
    notes: [
      ...others.map((other) => `base-commit: ${other} in a later mail is ignored for ${base}`),
      ...found.flatMap(({kind, value}) => (kind === 'other' ? `${value} is not fetched` : [])),
    ],
  };
}

interface Trailer {
  kind: 'base' | 'prerequisite' | 'other';
  value: string;
}

function trailersIn(text: string): Trailer[] {
  const all = (kind: Trailer['kind'], pattern: RegExp, value: (match: RegExpExecArray) => string): Trailer[] =>
    [...text.matchAll(pattern)].map((match) => ({kind, value: value(match)}));
  const hash = ([, word = '']: RegExpExecArray): string => word.toLowerCase();
  return [
    ...all('base', BASE, hash),
    ...all('prerequisite', PREREQUISITE, hash),
    ...all('other', OTHER, ([, name, word]) => `${name}: ${word}`),
  ];
}
