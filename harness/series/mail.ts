// SPDX-License-Identifier: MIT
import PostalMime, {type Email} from 'postal-mime';
import type {Context} from '../lib/context.js';
import {type DiffFacts, readDiff} from './diff.js';
import {readMailInfo} from './git-mail.js';
import {parseSubject, type Subject} from './subject.js';

/** One mail of a mailbox, read but not yet judged. */
export interface Mail {
  subject: Subject;
  author: {name: string; email: string};
  date?: string;
  /** Without `<>`. */
  messageId?: string;
  inReplyTo?: string;
  /** Commit message without the subject. */
  message: string;
  /** Below `---`: diffstat, diff, signature. */
  diff: string;
  diffEncoding?: 'latin1';
  facts: DiffFacts;
  /** The header says `format=flowed`: the mail program was free to wrap and stuff lines. */
  flowed: boolean;
  /** git could not decode it. */
  error?: string;
}

/** A mail in the bytes of a mailbox. Never throws for what the mail says: whoever uses it judges. */
export async function readMail(ctx: Context, bytes: Uint8Array): Promise<Mail> {
  const email = await readHeader(bytes);
  const flowed = FLOWED.test(email.headers.find(({key}) => key === 'content-type')?.value ?? '');
  let {info, text, encoding, facts} = await readParts(ctx, bytes);
  if (flowed && facts.damage !== undefined) {
    // git undoes RFC 3676; a mail program that says so and did not do so loses the first space of each line by it.
    ({info, text, encoding, facts} = await readParts(ctx, withoutFlowed(bytes)));
  }
  // The header names the series (vN, k/N, Re:); a `Subject:` in the body only replaces the text.
  const header = parseSubject(email.subject ?? '');
  const inBody = parseSubject(info.subject);
  const messageId = withoutBrackets(email.messageId);
  const inReplyTo = withoutBrackets(email.inReplyTo);
  return {
    subject: {...(header.patch || !inBody.patch ? header : inBody), text: inBody.text || header.text},
    author: info.author,
    ...(info.date === undefined ? {} : {date: info.date}),
    ...(messageId === undefined ? {} : {messageId}),
    ...(inReplyTo === undefined ? {} : {inReplyTo}),
    message: info.message.replaceAll('\r\n', '\n').trim(),
    diff: text,
    ...(encoding === undefined ? {} : {diffEncoding: encoding}),
    facts,
    flowed,
    ...(info.error === undefined ? {} : {error: info.error}),
  };
}

/** Bytes of a header; the lists' own limit is far below. */
const MAX_HEADER = 256 * 1024;

/**
 * The header alone: what is below it git reads, and a body may be nested as deep as somebody likes. One that is no
 * header is one with nothing in it.
 */
async function readHeader(bytes: Uint8Array): Promise<Pick<Email, 'headers' | 'subject' | 'messageId' | 'inReplyTo'>> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_HEADER));
  const end = /\r?\n\r?\n/.exec(text.toString('latin1'));
  try {
    return await PostalMime.parse(text.subarray(0, end === null ? text.length : end.index + end[0].length));
  } catch {
    return {headers: []};
  }
}

const FLOWED = /format\s*=\s*"?flowed"?/i;

async function readParts(ctx: Context, bytes: Uint8Array) {
  const info = await readMailInfo(ctx, bytes);
  const {text, encoding} = decode(withoutCr(info.patch));
  return {info, text, encoding, facts: readDiff(text)};
}

/** The first mention only: it is in the header, above all text. */
function withoutFlowed(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replace(FLOWED, 'format=fixed'), 'latin1');
}

/**
 * A diff that is no mail (`git diff > fix.patch`, quilt), as a mail of its own: the text above it is the message.
 * @param name stands in for the subject that it lacks
 */
export function bareDiff(bytes: Uint8Array, name: string): Mail {
  const {text, encoding} = decode(withoutCr(Buffer.from(bytes)));
  const start = text.search(/^(?:diff --git |--- |Index: )/m);
  return {
    subject: {text: name, reply: false, patch: true, version: 1},
    author: {name: 'kverdict', email: 'kverdict@localhost'},
    message: text.slice(0, Math.max(0, start)).trim(),
    diff: text.slice(Math.max(0, start)),
    ...(encoding === undefined ? {} : {diffEncoding: encoding}),
    facts: readDiff(text),
    flowed: false,
  };
}

/** True when the first line is neither a `From ` line nor a header: a bare diff, perhaps with a text above it. */
export function isBareDiff(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1').trimStart();
  if (/^(?:From |>From |(?!Index:)[!-9;-~]+:[ \t])/.test(text)) return false;
  return readDiff(text).files.length > 0;
}

/** A base64 body keeps CR LF. When git's own header lines have it, the mail program added it to every line. */
function withoutCr(patch: Buffer): Buffer {
  const text = patch.toString('latin1');
  if (!/^(?:diff --git |\+\+\+ |@@ ).*\r$/m.test(text)) return patch;
  return Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1');
}

function decode(bytes: Buffer): {text: string; encoding?: 'latin1'} {
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return {text};
  return {text: bytes.toString('latin1'), encoding: 'latin1'};
}

function withoutBrackets(id: string | undefined): string | undefined {
  return id === undefined ? undefined : (/<([^>]+)>/.exec(id)?.[1] ?? (id.trim() || undefined));
}
