// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';
import {searchLine} from './bytes.js';
import {type Candidate, candidateName, groupLetters, missingNumbers} from './candidate.js';
import {mailName} from './damage.js';
import {familiesOf, lettersOf} from './families.js';
import {MAX_PATCHES} from './limits.js';
import type {Mail} from './mail.js';
import {fillPartial, isUnderPatch, mergeMixed, settleVersions} from './rerolls.js';
import {incomplete, looseMails, noPatch, severalSeries} from './select-errors.js';

/** The mails of one series: the cover letter if there is one, the patches in order. */
export interface Selection {
  cover?: Mail;
  patches: readonly Mail[];
  version: number;
  notes: readonly string[];
}

/**
 * Finds the series in a mailbox or a thread: its newest version, whole. Nothing is guessed: mails of two series, or a
 * newest version that is not whole, are an error that names them.
 * @param wanted a Message-ID: the version that holds this mail, instead of the newest
 * @throws UserError when there is no patch or more than one series, a number is missing, or two mails claim one number
 */
export function selectSeries(mails: readonly Mail[], source: string, wanted?: string): Selection {
  const notes: string[] = [];
  const {letters, replies} = sortOut(mails);
  if (letters.length === 0) throw noPatch(mails, source);
  checkTotals(letters);
  const candidates = mergeMixed(groupLetters(settleVersions(letters), notes));
  const chosen = choose(candidates, replies, source, wanted);
  checkLoose(chosen, source);
  for (const other of candidates) if (!uses(chosen, other)) notes.push(leftOut(other, chosen));
  notes.push(...chosen.notes);
  if (replies.length > 0) notes.push(`${count(replies.length, 'mail')} of the thread left out: replies, no patches`);
  const {cover, version} = chosen;
  if (cover !== undefined) checkCover(cover);
  return {...(cover === undefined ? {} : {cover}), patches: inOrder(chosen), version, notes};
}

/** Patches and cover letters on one side, talk on the other. */
function sortOut(mails: readonly Mail[]): {letters: Mail[]; replies: Mail[]} {
  const all = mails.filter((mail) => !mail.subject.reply && isLetter(mail));
  // Where a mail calls itself a patch, one with a diff that does not is talk (a debug patch, a robot's report).
  const named = all.some((mail) => mail.subject.patch && mail.facts.files.length > 0);
  const letters = all.filter(
    ({subject, alone, messageId}) => !named || subject.patch || alone || messageId === undefined,
  );
  if (letters.some((mail) => mail.facts.files.length > 0)) {
    const taken = new Set(letters);
    return {letters, replies: mails.filter((mail) => !taken.has(mail))};
  }
  // Nothing but replies: then an inline patch in one of them (below a scissors line) is what was meant.
  const inline = mails.filter((mail) => mail.subject.reply && mail.facts.files.length > 0);
  if (inline.length === 0) return {letters, replies: []};
  const single = inline.map((mail) => ({...mail, subject: {...mail.subject, reply: false}}));
  const only = single.length === 1 ? single.map(withoutNumber) : single;
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

function checkTotals(letters: readonly Mail[]): void {
  for (const mail of letters) {
    const {total, number = 0} = mail.subject;
    if (total === undefined) continue;
    if (total > MAX_PATCHES) {
      throw new UserError(`${mailName(mail)} names a series of ${total} patches; a series has at most ${MAX_PATCHES}`, {
        hint: 'Is the number in its brackets right? Commits of any number are given as a range: `A..B`.',
      });
    }
    if (total === 0 || number > total) {
      const what = total === 0 ? 'is of a series of no patches' : 'has a number beyond its own total';
      throw new UserError(`${mailName(mail)} ${what}`, {
        hint: 'Correct the numbers in the brackets of its subject: `git format-patch -n` writes them.',
      });
    }
  }
}

/** The newest version of the one series that there is. */
function choose(all: readonly Candidate[], replies: readonly Mail[], source: string, wanted?: string): Candidate {
  const asked = all.find((one) => wanted !== undefined && lettersOf(one).some((mail) => mail.messageId === wanted));
  const families = familiesOf(all);
  if (asked === undefined && families.length > 1)
    throw severalSeries(
      families.map(newestFirst).flatMap(([one]) => one ?? []),
      source,
    );
  const family = families.find((one) => asked === undefined || one.includes(asked)) ?? [];
  const [newest, ...older] =
    asked === undefined ? newestFirst(family) : [asked, ...newestFirst(family).filter((one) => isOlder(one, asked))];
  if (newest === undefined) throw noPatch([], source);
  const equal = older.filter((other) => rank(other, family) === rank(newest, family));
  if (asked === undefined && equal.length > 0) throw severalSeries([newest, ...equal], source);
  if (missingNumbers(newest).length === 0) return newest;
  const filled = fillPartial(newest, older);
  if (filled !== undefined) return filled;
  if (newest.cover !== undefined) checkCover(newest.cover);
  throw incomplete(newest, older, replies, source);
}

function isOlder(one: Candidate, other: Candidate): boolean {
  return one.version < other.version || (one.version === other.version && one.minor < other.minor);
}

function newestFirst(family: readonly Candidate[]): Candidate[] {
  return family.toSorted((a, b) => rank(b, family) - rank(a, family));
}

function rank(candidate: Candidate, family: readonly Candidate[]): number {
  return isUnderPatch(candidate, family) ? -1 : candidate.version + candidate.minor / 1000;
}

/** Patches without numbers are a series when they are files in an order, `git format-patch --stdout`, or one thread. */
function checkLoose({total, mails, cover}: Candidate, source: string): void {
  if (total !== undefined || mails.length < 2) return;
  if (mails.every(({alone, messageId}) => alone || messageId === undefined)) return;
  const ids = new Set([...mails, ...(cover === undefined ? [] : [cover])].map(({messageId}) => messageId));
  const authors = new Set(mails.map(({author}) => author.email));
  const titles = new Set(mails.map(({subject}) => subject.text));
  const threaded = mails
    .slice(cover === undefined ? 1 : 0)
    .every(({inReplyTo}) => inReplyTo !== undefined && ids.has(inReplyTo));
  if (!threaded || authors.size > 1 || titles.size < mails.length) throw looseMails(mails, source);
}

/** A cover letter has no diff of its own, but for one against the version before. */
function checkCover(cover: Mail): void {
  const against = /^\s*(?:Interdiff|Range-diff)\b/im;
  if (cover.facts.files.length === 0 || against.test(cover.message) || searchLine(cover.diff, against) !== -1) return;
  throw new UserError(`${mailName(cover)} has a diff: is it a cover letter, or are the patches numbered from 0?`, {
    hint: 'Number the patches from 1 (`git format-patch -n`), or take the diff out of the cover letter.',
  });
}

function inOrder({total, mails}: Candidate): Mail[] {
  return total === undefined ? mails : mails.toSorted((a, b) => (a.subject.number ?? 0) - (b.subject.number ?? 0));
}

/** It has mails of the other one: all, or those of a version that a newer one replaces in part. */
function uses(chosen: Candidate, other: Candidate): boolean {
  const letters = lettersOf(chosen);
  return lettersOf(other).some((mail) => letters.includes(mail));
}

function leftOut(other: Candidate, taken: Candidate): string {
  const size = other.total ?? other.mails.length;
  const name = `v${other.version} (${count(size, 'patch')})`;
  if (missingNumbers(other).length > 0) return `${candidateName(other)} left out; taken: v${taken.version}`;
  return other.version < taken.version
    ? `${name} left out: v${taken.version} is newer`
    : `${name} left out: ${other.mails[0] === undefined ? 'a cover letter alone' : mailName(other.mails[0])}`;
}

function count(number: number, noun: string): string {
  const plural = noun === 'patch' ? 'patches' : `${noun}s`;
  return `${number} ${number === 1 ? noun : plural}`;
}
