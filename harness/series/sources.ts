// SPDX-License-Identifier: MIT
import {constants, openSync, statSync} from 'node:fs';
import {Socket} from 'node:net';
import {basename} from 'node:path';
import {addAbortSignal} from 'node:stream';
import type {Context} from '../lib/context.js';
import {messageOf, UserError} from '../lib/errors.js';
import {namedBytes} from '../lib/intake.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {type Held, held} from './bytes.js';
import {filesOf} from './folder.js';
import {splitMailbox, writeMailbox} from './git-mail.js';
import {readText} from './input-kind.js';
import {MAIL, MAX_MAIL_BYTES, readStream, tooLarge} from './limits.js';
import {bareDiff, type Mail, readMails} from './mail.js';
import {tidyMailbox} from './mailbox.js';
import {isTextPatch, textPatchToMail} from './text-patch.js';

export interface Mails {
  mails: Mail[];
  /** What was left out of the files, or guessed. */
  notes: string[];
}

/**
 * The mails of files and directories, in the order given (in a directory: of its `series` file, else by name).
 * @throws UserError for what cannot be read, and for a directory without patches
 */
export async function readMailFiles(ctx: Context, words: readonly string[], cwd: string): Promise<Mails> {
  const read: Mails = {mails: [], notes: []};
  let bytes = 0;
  for (const word of words) {
    const {files, notes} = filesOf(word, cwd);
    read.notes.push(...notes);
    for (const file of files) {
      const given = await held(readBytes(ctx, file.path, file.word));
      bytes += given.length;
      if (bytes > MAX_MAIL_BYTES) throw tooLarge(`The files up to \`${file.word}\``);
      const {mails, notes} = await readMailBytes(ctx, given, file.word);
      const alone = mails.length === 1 && (files.length > 1 || words.length > 1 || file.listed === true);
      const own = file.listed === true && alone ? mails.map(withoutNumber) : mails;
      read.mails.push(...own.map((mail) => (alone ? {...mail, alone} : mail)));
      read.notes.push(...notes);
    }
  }
  return read;
}

/** A `series` file is the order, and may name some patches of a longer series: what they were once is no matter. */
function withoutNumber(mail: Mail): Mail {
  const {number, total: _total, minor: _minor, ...subject} = mail.subject;
  const cover = number === 0 && mail.facts.files.length === 0 ? {number} : {};
  return {...mail, subject: {...subject, ...cover, version: 1, trees: [], reply: false}};
}

/** The mails of one mailbox, single mail or bare diff; gzip (an archive's `t.mbox.gz`) is unpacked. */
export async function readMailBytes(ctx: Context, given: Held, source: string): Promise<Mails> {
  using temp = makeTempDir(ctx, 'mails');
  const {mboxrd, notes, diff} = unfold(given.take(), source, temp.path);
  if (diff !== undefined) return {mails: [diff], notes};
  const names = await splitMailbox(ctx, temp.path, mboxrd, source);
  return {mails: await readMails(ctx, temp.path, names), notes};
}

/** Writes the mailbox into the folder; a diff that is none is returned. Not async: what it holds ends with it. */
function unfold(given: Buffer, source: string, folder: string): {mboxrd: boolean; notes: string[]; diff?: Mail} {
  const text = readText(given, source);
  if (isBlank(text)) {
    throw new UserError(`\`${source}\` is empty (${text.length} bytes)`, {
      hint:
        source === '-' ? 'Nothing came on standard input: is the command before the pipe right?' : 'Fetch it again.',
    });
  }
  const {bytes, mboxrd, notes} = tidyMailbox(text, source);
  const isDiff = isTextPatch(bytes);
  const mail = isDiff ? textPatchToMail(bytes, source) : bytes;
  if (mail === undefined) {
    const name = source === '-' ? 'a diff from standard input' : basename(source);
    return {mboxrd, notes, diff: bareDiff(bytes, name)};
  }
  writeMailbox(folder, mail, source);
  return {mboxrd, notes};
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 0x20) return false;
  return true;
}

/** A file that the user named may be a link, or a pipe (`<(b4 am -o- …)`); it is waited for like standard input. */
async function readBytes({signal}: Context, path: string, word: string): Promise<Uint8Array> {
  const stat = statSync(path, {throwIfNoEntry: false});
  if (stat?.isFIFO()) {
    try {
      return await readStream(addAbortSignal(signal, openPipe(path)), `\`${word}\``);
    } finally {
      signal.throwIfAborted();
    }
  }
  if ((stat?.size ?? 0) > MAX_MAIL_BYTES) throw tooLarge(`\`${word}\``);
  try {
    return namedBytes(path, MAIL);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`Cannot read \`${word}\`: ${messageOf(cause)}`, {cause});
  }
}

/** Not blocked in open or read, so that Ctrl-C is heard. */
const openPipe = (path: string): Socket =>
  new Socket({fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false});
