// SPDX-License-Identifier: MIT
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {needBytes, takeHead} from '../lib/intake.js';
import {cleanLine, clip} from '../lib/text.js';
import {decode, searchLine, withoutCr} from './bytes.js';
import {type Decoded, decodeAnyway, decodeAsGit} from './charset.js';
import {type DiffFacts, readDiff} from './diff.js';
import {hasFailed, type MailInfo, readInfo, runMailInfo} from './git-mail.js';
import {type Header, readHeader} from './header.js';
import {withoutHtml} from './html-part.js';
import {HEADER_BYTES, MAIL_PART} from './limits.js';
import {parseSubject, type Subject} from './subject.js';

/** One mail of a mailbox, read but not yet judged. */
export interface Mail {
  subject: Subject;
  author: {name: string; email: string};
  date?: string;
  /** Without `<>`. */
  messageId?: string;
  inReplyTo?: string;
  references: readonly string[];
  /** Commit message without the subject. */
  message: string;
  /** Below `---`: diffstat, diff, signature. */
  diff: Buffer;
  facts: DiffFacts;
  /** As the header says: `text/html; charset=…`; empty when it says nothing. */
  contentType: string;
  /** The header says `format=flowed`: the mail program was free to wrap and stuff lines. */
  flowed: boolean;
  /** git could not decode it, nor could we. */
  error?: string;
  /** The mail is all that its file holds: whoever named the file meant it. */
  alone: boolean;
  /** Guesses that the user is told when this mail is taken. */
  notes: readonly string[];
}

/** Mails, files of `folder` in the bytes of a mailbox. Never throws for what a mail says: whoever uses it judges. */
export async function readMails(ctx: Context, folder: string, names: readonly string[]): Promise<Mail[]> {
  const headers = new Map<string, Header>();
  for (const name of names) {
    const header = await headerOf(folder, name);
    headers.set(name, header);
    if (/^multipart\//i.test(header.contentType)) leaveHtmlOut(folder, name);
  }
  const headerFor = (name: string): Header =>
    headers.get(name) ?? {subject: '', references: [], contentType: '', charsets: []};
  await runMailInfo(ctx, folder, names, 'utf8');
  // A charset that git's iconv does not know, or bytes that are none of it: once more, without converting.
  const failed = names.filter((name) => hasFailed(folder, name));
  const raws = await again(ctx, folder, failed, (bytes) => bytes, 'raw');
  const mails: Mail[] = [];
  const flowed: string[] = [];
  for (const name of names) {
    const mail = toMail(headerFor(name), readInfo(folder, raws.get(name) ?? name), raws.has(name));
    // git undoes RFC 3676; a mail program that says so and did not do so loses the first space of each line by it.
    if (mail.flowed && mail.facts.damage !== undefined) flowed.push(name);
    mails.push(mail);
  }
  const fixed = await again(ctx, folder, flowed, withoutFlowed, 'utf8');
  for (const [name, other] of fixed) {
    const at = names.indexOf(name);
    mails[at] = toMail(headerFor(name), readInfo(folder, other), false);
  }
  return mails;
}

const headerOf = (folder: string, name: string): Promise<Header> =>
  readHeader(takeHead(folder, name, HEADER_BYTES, MAIL_PART)?.head ?? Buffer.alloc(0));

/** In its place: git would append a web page's copy of a patch to the patch. */
function leaveHtmlOut(folder: string, name: string): void {
  const bytes = needBytes(folder, name, MAIL_PART);
  const text = withoutHtml(bytes);
  if (text !== bytes) writeFileSync(join(folder, name), text);
}

/** The same mails under other names, changed, read once more. */
async function again(
  ctx: Context,
  folder: string,
  names: readonly string[],
  change: (bytes: Buffer) => Buffer,
  charset: 'utf8' | 'raw',
): Promise<Map<string, string>> {
  const others = new Map(names.map((name) => [name, `${name}-${charset}`]));
  for (const [name, other] of others) writeFileSync(join(folder, other), change(needBytes(folder, name, MAIL_PART)));
  if (others.size > 0) await runMailInfo(ctx, folder, [...others.values()], charset);
  return others;
}

/** @param raw in the charsets of the mail, not in UTF-8 */
function toMail(header: Header, info: MailInfo, raw: boolean): Mail {
  const decoded = (bytes: Buffer): Decoded => (raw ? decodeAnyway(bytes, header.charsets) : decodeAsGit(bytes));
  const fields = decoded(info.fields);
  const message = decoded(info.message);
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(fields.text)?.[1]?.trim() ?? '';
  const diff = withoutMailCr(info.patch);
  // The header names the series (vN, k/N, Re:); a `Subject:` in the body only replaces the text.
  const ofHeader = parseSubject(header.subject);
  const inBody = parseSubject(field('Subject'));
  const lines = message.text.replaceAll('\r\n', '\n').trim().split('\n');
  // Without a subject the first line of the text is the title of the commit, as for git am.
  const own = inBody.text || ofHeader.text;
  const text = own || (lines[0] ?? '').trim();
  const subject = {...(ofHeader.patch || !inBody.patch ? ofHeader : inBody), text};
  const date = field('Date');
  const {messageId, inReplyTo} = header;
  const guess = fields.guess ?? message.guess;
  return {
    subject,
    author: authorOf(field('Author'), field('Email'), header),
    ...(date === '' ? {} : {date}),
    ...(messageId === undefined ? {} : {messageId}),
    ...(inReplyTo === undefined ? {} : {inReplyTo}),
    references: header.references,
    message: (own === '' ? lines.slice(1) : lines).join('\n').trim(),
    diff,
    facts: readDiff(diff),
    contentType: header.contentType,
    flowed: FLOWED.test(header.contentType),
    ...(info.error === undefined ? {} : {error: info.error}),
    alone: false,
    notes: [
      ...(guess === undefined ? [] : [`The text of mail "${clip(cleanLine(text), 80)}": ${guess}`]),
      ...subject.unread.map(
        (word) =>
          `\`${clip(cleanLine(word), 40)}\` in the brackets of mail "${clip(cleanLine(text), 80)}" is neither a number nor a version that is known: passed over`,
      ),
    ],
  };
}

/** git's, or the header's where a line of the text looked like `From:` and named nobody. */
function authorOf(name: string, email: string, {from}: Header): Mail['author'] {
  return name === '' && email === '' && from !== undefined ? from : {name, email};
}

const FLOWED = /format\s*=\s*"?flowed"?/i;

/** The first mention only: it is in the header, above all text. In place, with blanks behind it. */
function withoutFlowed(bytes: Buffer): Buffer {
  const said = FLOWED.exec(bytes.toString('latin1', 0, HEADER_BYTES));
  if (said !== null) bytes.write('format=fixed'.padEnd(said[0].length), said.index, 'latin1');
  return bytes;
}

/**
 * A diff that is no mail (`git diff > fix.patch`, quilt), as a mail of its own: the text above it is the message.
 * @param name stands in for the subject that it lacks
 */
export function bareDiff(bytes: Buffer, name: string): Mail {
  const whole = withoutMailCr(bytes);
  const start = Math.max(0, searchLine(whole, /^(?:diff |--- |Index: )/m));
  const diff = whole.subarray(start);
  return {
    subject: {text: name, reply: false, patch: true, version: 1, trees: [], unread: []},
    author: {name: 'kverdict', email: 'kverdict@localhost'},
    references: [],
    message: decode(whole.subarray(0, start)).trim(),
    diff,
    facts: readDiff(diff),
    contentType: '',
    flowed: false,
    alone: true,
    notes: [],
  };
}

/** A base64 body keeps CR LF. When git's own header lines have it, the mail program added it to every line. */
function withoutMailCr(patch: Buffer): Buffer {
  return searchLine(patch, /^(?:diff --git |\+\+\+ |@@ ).*\r$/m) === -1 ? patch : withoutCr(patch);
}
