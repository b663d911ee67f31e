// SPDX-License-Identifier: MIT
import PostalMime from 'postal-mime';
import {MAX_FIELD_BYTES} from './limits.js';

/** What the header of a mail says beside the parts of a commit. */
export interface Header {
  subject: string;
  /** Of `From:`, as far as it names anybody. */
  from?: {name: string; email: string};
  /** Without `<>`. */
  messageId?: string;
  inReplyTo?: string;
  /** Of `References:`, oldest first. */
  references: readonly string[];
  /** As written: `text/plain; charset=utf-8; format=flowed`; empty when there is none. */
  contentType: string;
  /** Charsets that it names, in its words (RFC 2047) and in its content type. */
  charsets: readonly string[];
}

const WANTED = new Set(['subject', 'from', 'message-id', 'in-reply-to', 'references', 'content-type', 'mime-version']);
const CHARSET = /charset\s*=\s*"?([^\s";]+)|=\?([^?*\s]{1,60})(?:\*[^?]*)?\?[bq]\?/gi;

/**
 * The header alone, in bounded time: what is below it git reads, and a body may be nested as deep as somebody likes, a
 * line as long. One that is no header is one with nothing in it.
 */
export async function readHeader(mail: Buffer): Promise<Header> {
  const fields = wantedFields(mail);
  const raw = fields.map(({text}) => text).join('');
  const email = await PostalMime.parse(Buffer.from(`${raw}\r\n`, 'latin1')).catch(() => undefined);
  const field = (name: string): string => unfold(fields.find((one) => one.name === name)?.text ?? '');
  const charsets = [...raw.matchAll(CHARSET)].map((match) => (match[1] ?? match[2] ?? '').toLowerCase());
  const from = email?.from;
  const messageId = idsOf(field('message-id'))[0];
  const inReplyTo = idsOf(field('in-reply-to'))[0];
  return {
    subject: email?.subject ?? field('subject'),
    ...(from === undefined ? {} : {from: {name: from.name ?? '', email: from.address ?? ''}}),
    ...(messageId === undefined ? {} : {messageId}),
    ...(inReplyTo === undefined ? {} : {inReplyTo}),
    references: idsOf(field('references')),
    contentType: field('content-type'),
    charsets: [...new Set(charsets)],
  };
}

/** True when a text begins with the header of a mail: lines of fields up to a blank one, and one that only mails have. */
export function startsWithHeader(text: string): boolean {
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line) => line === '' || !/^(?:[!-9;-~]+:|[ \t]+\S)/.test(line));
  if (end === -1) return true;
  if (lines[end] !== '') return false;
  return lines
    .slice(0, end)
    .some((line) => /^(?:From|Subject|Date|Message-Id|MIME-Version|Received|Return-Path):/i.test(line));
}

/** Fields that are read, each cut at its limit; the first of a name. */
function wantedFields(mail: Buffer): {name: string; text: string}[] {
  const found: {name: string; text: string}[] = [];
  let at = 0;
  while (at < mail.length) {
    const end = fieldEnd(mail, at);
    const start = mail.toString('latin1', at, Math.min(end, at + 64));
    if (/^\r?\n/.test(start)) break;
    const name = /^([!-9;-~]+):/.exec(start)?.[1]?.toLowerCase() ?? '';
    if (WANTED.has(name) && !found.some((one) => one.name === name)) {
      const text = mail.toString('latin1', at, Math.min(end, at + MAX_FIELD_BYTES));
      found.push({name, text: text.endsWith('\n') ? text : `${text}\n`});
    }
    at = end;
  }
  return found;
}

/** Past the last continuation line. */
function fieldEnd(mail: Buffer, from: number): number {
  let at = from;
  do {
    const line = mail.indexOf(0x0a, at);
    if (line === -1) return mail.length;
    at = line + 1;
  } while (at > from + 2 && (mail[at] === 0x20 || mail[at] === 0x09));
  return at;
}

function unfold(field: string): string {
  return field
    .replace(/^[^:]*:/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function idsOf(field: string): string[] {
  const inBrackets = [...field.matchAll(/<([^<>\s]+)>/g)].map((match) => match[1] ?? '');
  if (inBrackets.length > 0) return inBrackets.slice(-100);
  return /^\S+@\S+$/.test(field) ? [field] : [];
}
