// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';
import {mailName} from './damage.js';
import {MAX_PATCHES} from './limits.js';
import type {Mail} from './mail.js';

/** The mails of one series: the cover letter if there is one, the patches in order. */
export interface Selection {
  cover?: Mail;
  patches: readonly Mail[];
  version: number;
  notes: readonly string[];
}

/** Numbers that are missing, by name. */
const MAX_NAMED = 20;

interface Candidate {
  version: number;
  /** Absent: patches without numbers. */
  total?: number;
  cover?: Mail;
  mails: Mail[];
}

/**
 * Finds the series in a mailbox or a thread: the newest version that is complete.
 * @param wanted a Message-ID: the version that holds this mail, instead of the newest
 * @throws UserError when there is no patch, a number is missing, or two different mails claim one number
 */
export function selectSeries(mails: readonly Mail[], source: string, wanted?: string): Selection {
  const notes: string[] = [];
  const {letters, replies} = sortOut(mails);
  if (letters.length === 0) throw noPatch(mails, source);
  let candidates = groupVersions(letters, notes);
  const asked = candidates.filter(({cover, mails: own}) =>
    [cover, ...own].some((mail) => wanted !== undefined && mail?.messageId === wanted),
  );
  if (asked.length > 0) candidates = asked;
  const complete = candidates.find((candidate) => missingNumbers(candidate).length === 0);
  if (complete === undefined) throw incomplete(candidates[0], replies, source);
  if (complete.mails.length > MAX_PATCHES) {
    throw new UserError(`\`${source}\` has ${complete.mails.length} patches; a series has at most ${MAX_PATCHES}`);
  }
  for (const other of candidates) if (other !== complete) notes.push(leftOut(other, complete));
  if (replies.length > 0) notes.push(`${count(replies.length, 'mail')} of the thread left out: replies, no patches`);
  const {cover, version} = complete;
  return {...(cover === undefined ? {} : {cover}), patches: inOrder(complete), version, notes};
}

/** Patches and cover letters on one side, talk on the other. */
function sortOut(mails: readonly Mail[]): {letters: Mail[]; replies: Mail[]} {
  const letters = mails.filter((mail) => !mail.subject.reply && isLetter(mail));
  if (letters.some((mail) => mail.facts.files.length > 0)) {
    return {letters, replies: mails.filter((mail) => !letters.includes(mail))};
  }
  // Nothing but replies: then an inline patch in one of them (below a scissors line) is what was meant.
  const inline = mails.filter((mail) => mail.subject.reply && mail.facts.files.length > 0);
  if (inline.length === 0) return {letters, replies: []};
  const alone = inline.map((mail) => ({...mail, subject: {...mail.subject, reply: false}}));
  const only = alone.length === 1 ? alone.map(withoutNumber) : alone;
  return {letters: only, replies: mails.filter((mail) => !inline.includes(mail))};
}

function isLetter(mail: Mail): boolean {
  const {patch, number} = mail.subject;
  return mail.facts.files.length > 0 || (patch && (number !== undefined || mail.error !== undefined));
}

function withoutNumber(mail: Mail): Mail {
  const {number: _number, total: _total, ...subject} = mail.subject;
  return {...mail, subject};
}

/** Newest version first; within one version the numbered series before loose patches. */
function groupVersions(letters: readonly Mail[], notes: string[]): Candidate[] {
  const groups = new Map<string, Candidate>();
  for (const mail of letters) {
    const {version, number, total} = mail.subject;
    const key = `${version}/${total ?? ''}`;
    const group = groups.get(key) ?? {version, ...(total === undefined ? {} : {total}), mails: []};
    groups.set(key, group);
    if (number === 0) group.cover ??= mail;
    else addPatch(group, mail, notes);
  }
  const numbered = letters.filter((mail) => (mail.subject.total ?? 1) > 1);
  const weight = (group: Candidate): number => (isPartialReroll(group, numbered) ? -1 : group.version);
  return [...groups.values()].sort((a, b) => weight(b) - weight(a) || (b.total ?? 0) - (a.total ?? 0));
}

/** One new mail under a patch of a longer series replaces that patch alone: it is not a series of its own. */
function isPartialReroll(group: Candidate, numbered: readonly Mail[]): boolean {
  const parents = new Set(numbered.filter((mail) => mail.subject.number !== 0).map((mail) => mail.messageId));
  return (
    (group.total ?? 1) === 1 &&
    group.mails.length > 0 &&
    group.mails.every((mail) => mail.inReplyTo !== undefined && parents.has(mail.inReplyTo))
  );
}

function addPatch(group: Candidate, mail: Mail, notes: string[]): void {
  const {number} = mail.subject;
  const twin = group.mails.find(
    (other) =>
      (number !== undefined && other.subject.number === number) ||
      (mail.messageId !== undefined && other.messageId === mail.messageId),
  );
  if (twin === undefined) {
    group.mails.push(mail);
  } else if (twin.messageId === mail.messageId || sameChange(twin, mail)) {
    // A mailbox saved from two lists holds a mail twice; a RESEND has another Message-ID and the same change.
    notes.push(`${mailName(mail)} is there twice: the second was ignored`);
  } else {
    throw new UserError(`Two different mails claim one number: ${mailName(twin)} and ${mailName(mail)}`, {
      hint: 'The mailbox holds two series: give each its own file, or name one by its Message-ID (needs b4).',
    });
  }
}

/** Below the diffstat, without line numbers of a signature. */
function sameChange(a: Mail, b: Mail): boolean {
  const body = (mail: Mail): string =>
    mail.diff.slice(mail.diff.search(/^(?:diff --git |--- \S)/m)).replace(/^-- ?\n.*/ms, '');
  return body(a) === body(b);
}

/** The first of them: a subject may name any total, and nobody reads more. */
function missingNumbers({total, mails}: Candidate): number[] {
  if (total === undefined) return mails.length === 0 ? [1] : [];
  const found = new Set(mails.map((mail) => mail.subject.number));
  const missing: number[] = [];
  for (let number = 1; number <= total && missing.length < MAX_NAMED; number++) {
    if (!found.has(number)) missing.push(number);
  }
  return missing;
}

/** `2/9, 3/9`; of many the first, and how many there are. */
function namesOf({total = 1, mails}: Candidate, missing: readonly number[]): string {
  const names = missing.map((number) => `${number}/${total}`).join(', ');
  const found = new Set(
    mails.map((mail) => mail.subject.number).filter((number) => (number ?? 0) >= 1 && (number ?? 0) <= total),
  );
  const left = total - found.size - missing.length;
  return left > 0 ? `${names} and ${left} more` : names;
}

function inOrder({total, mails}: Candidate): Mail[] {
  const late = mails.find((mail) => total !== undefined && (mail.subject.number ?? 0) > total);
  if (late !== undefined) throw new UserError(`${mailName(late)} has a number beyond its own total`);
  return total === undefined ? mails : mails.toSorted((a, b) => (a.subject.number ?? 0) - (b.subject.number ?? 0));
}

function leftOut(other: Candidate, taken: Candidate): string {
  const size = other.total ?? other.mails.length;
  const name = `v${other.version} (${count(size, 'patch')})`;
  const missing = missingNumbers(other);
  if (missing.length > 0) {
    return `${name} left out: ${namesOf(other, missing)} missing; taken: v${taken.version}`;
  }
  return other.version < taken.version
    ? `${name} left out: v${taken.version} is newer`
    : `${name} left out: ${other.mails[0] === undefined ? 'a cover letter alone' : mailName(other.mails[0])}`;
}

function incomplete(candidate: Candidate | undefined, replies: readonly Mail[], source: string): UserError {
  const size = candidate?.total ?? 1;
  const missing = candidate === undefined ? [] : missingNumbers(candidate);
  const names = candidate === undefined ? '' : namesOf(candidate, missing);
  const version = (candidate?.version ?? 1) > 1 ? ` of v${candidate?.version}` : '';
  const inline = replies.some((mail) => mail.facts.files.length > 0 && missing.includes(mail.subject.number ?? -1));
  return new UserError(`The series in \`${source}\` is not complete: ${names}${version} missing`, {
    hint: inline
      ? 'A reply in the thread holds a diff for it; when that is meant, save it as a mail of its own without `Re:`.'
      : 'Fetch the whole thread: `b4 mbox MESSAGE-ID`, or give all files of `git format-patch`.',
    facts: {missing, total: size, version: candidate?.version ?? 1},
  });
}

function noPatch(mails: readonly Mail[], source: string): UserError {
  const quoted =
    mails.length === 1 ? `${mailName(mails[0] as Mail)} has no diff` : 'none of them has a diff of its own';
  return new UserError(`No patch in \`${source}\`: ${count(mails.length, 'mail')}, ${quoted}`, {
    hint: 'Quoted diffs (`> `) in replies do not count. `git format-patch BASE..` writes patches.',
  });
}

function count(number: number, noun: string): string {
  const plural = noun === 'patch' ? 'patches' : `${noun}s`;
  return `${number} ${number === 1 ? noun : plural}`;
}
