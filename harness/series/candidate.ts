// SPDX-License-Identifier: MIT
/** Mails that are one version of one series, as far as their subjects say. Pure. */
import {createHash} from 'node:crypto';
import {UserError} from '../lib/errors.js';
import {searchLastLine, searchLine} from './bytes.js';
import {mailName} from './damage.js';
import type {Mail} from './mail.js';

export interface Candidate {
  version: number;
  /** Of `v2.1`; 0 when there is none. */
  minor: number;
  /** Absent: patches without numbers. */
  total?: number;
  /** Versions of trees in the prefix: a backport. */
  trees: string;
  cover?: Mail;
  mails: Mail[];
  /** What was put together here, for the user. */
  notes: string[];
}

/** Numbers that are missing, by name. */
const MAX_NAMED = 20;

/** One candidate for each version, length and tree. @throws UserError when two different mails claim one number */
export function groupLetters(letters: readonly Mail[], notes: string[]): Candidate[] {
  const groups = new Map<string, Candidate>();
  const taken = new Map<string, Mail>();
  checkIds(letters);
  for (const mail of letters) {
    const {version, minor = 0, number, total, trees} = mail.subject;
    const key = JSON.stringify([version, minor, total, trees]);
    const group = groups.get(key) ?? emptyCandidate(mail);
    groups.set(key, group);
    // Without numbers the change itself is what cannot be there twice.
    const twin = taken.get(`${key} ${number ?? changeOf(mail)}`);
    if (twin === undefined) {
      taken.set(`${key} ${number ?? changeOf(mail)}`, mail);
      if (number === 0) group.cover = mail;
      else group.mails.push(mail);
    } else if (isSame(twin, mail)) {
      // A mailbox saved from two lists holds a mail twice; a RESEND has another Message-ID and the same change.
      notes.push(`${mailName(mail)} is there twice: the second was ignored`);
    } else {
      throw new UserError(`Two different mails claim one number: ${mailName(twin)} and ${mailName(mail)}`, {
        hint: 'There are two series, or two posts of one: give one of them alone, or name it by its Message-ID (needs b4).',
      });
    }
  }
  return [...groups.values()];
}

/** One Message-ID is one mail, from however many lists. */
function checkIds(letters: readonly Mail[]): void {
  const known = new Map<string, Mail>();
  for (const mail of letters) {
    const {messageId} = mail;
    // Numbers tell mails apart that a script gave one ID, and so do files in an order.
    if (messageId === undefined || mail.subject.number !== undefined || mail.alone) continue;
    const other = known.get(messageId) ?? mail;
    known.set(messageId, other);
    if (isSame(other, mail)) continue;
    throw new UserError(
      `Two different mails have the Message-ID <${messageId}>: ${mailName(other)} and ${mailName(mail)}`,
      {
        hint: 'One of them was changed on its way, or two files were given one header: give the right one alone.',
      },
    );
  }
}

export function emptyCandidate({subject: {version, minor = 0, total, trees}}: Mail): Candidate {
  return {version, minor, ...(total === undefined ? {} : {total}), trees: trees.join(' '), mails: [], notes: []};
}

/** The first of them, in order: a subject may name any total, and nobody reads more. */
export function missingNumbers({total, mails}: Candidate): number[] {
  if (total === undefined) return mails.length === 0 ? [1] : [];
  const found = new Set(mails.map((mail) => mail.subject.number));
  const missing: number[] = [];
  for (let number = 1; number <= total && missing.length < MAX_NAMED; number++) {
    if (!found.has(number)) missing.push(number);
  }
  return missing;
}

/** `2/9, 3/9`; of many the first, and how many there are. */
export function missingNames(candidate: Candidate): string {
  const {total = 1, mails} = candidate;
  const missing = missingNumbers(candidate);
  const names = missing.map((number) => `${number}/${total}`).join(', ');
  const found = new Set(
    mails.map(({subject: {number = 0}}) => number).filter((number) => number >= 1 && number <= total),
  );
  const left = total - found.size - missing.length;
  return left > 0 ? `${names} and ${left} more` : names;
}

/** `v3 "mm: cover" (2 patches, by Ann Author, for 6.1)`. */
export function candidateName(candidate: Candidate): string {
  const {version, minor, total, trees, cover, mails} = candidate;
  const first = cover ?? mails[0];
  const size = total ?? mails.length;
  const facts = [
    `${size} ${size === 1 ? 'patch' : 'patches'}`,
    ...(first?.author.name ? [`by ${first.author.name}`] : []),
    ...(trees === '' ? [] : [`for ${trees}`]),
    ...(missingNumbers(candidate).length === 0 ? [] : [`${missingNames(candidate)} missing`]),
  ];
  const title = first === undefined ? '' : ` ${mailName(first).replace(/^[^"]*/, '')}`;
  return `${versionName({version, minor})}${title} (${facts.join(', ')})`;
}

/** `v2`, `v2.1`. */
export function versionName({version, minor}: Pick<Candidate, 'version' | 'minor'>): string {
  return `v${version}${minor > 0 ? `.${minor}` : ''}`;
}

/** Covers by their titles: their text may have a list's footer. */
function isSame(a: Mail, b: Mail): boolean {
  if (a.subject.number === 0 && a.facts.files.length + b.facts.files.length === 0) {
    return a.subject.text === b.subject.text;
  }
  return changeOf(a) === changeOf(b);
}

/** A name for what a mail changes: of its diff below the diffstat, above the signature and what a list puts there. */
function changeOf(mail: Mail): string {
  const {diff, facts} = mail;
  const start = searchLine(diff, /^(?:diff |--- \S)/m);
  if (start === -1) return mail.messageId ?? hashOf(diff);
  if (facts.end !== undefined) return hashOf(diff.subarray(start, facts.end));
  const last = searchLastLine(diff, /^(?:diff |@@ )/gm);
  const end = searchLine(diff.subarray(Math.max(start, last)), /^-- ?\r?\n/m);
  return hashOf(end === -1 ? diff.subarray(start) : diff.subarray(start, Math.max(start, last) + end));
}

/** Without white space at the end: mail programs add lines there. */
function hashOf(bytes: Buffer): string {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= 0x20) end -= 1;
  return createHash('sha256').update(bytes.subarray(0, end)).digest('hex');
}
