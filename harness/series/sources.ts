// SPDX-License-Identifier: MIT
import {constants, openSync, readdirSync, realpathSync, statSync} from 'node:fs';
import {Socket} from 'node:net';
import {basename, dirname, join, resolve} from 'node:path';
import {addAbortSignal} from 'node:stream';
import {gunzipSync} from 'node:zlib';
import type {Context} from '../lib/context.js';
import {messageOf, UserError} from '../lib/errors.js';
import {needBytes} from '../lib/intake.js';
import {splitMailbox} from './git-mail.js';
import {MAIL, MAX_MAIL_BYTES, readStream, tooLarge} from './limits.js';
import {bareDiff, isBareDiff, type Mail, readMail} from './mail.js';

/** git mailinfo and git mailsplit at once: each is short, and the host may be building kernels. */
const PARALLEL = 4;

/**
 * The mails of files and directories, in the order given (in a directory: by name).
 * @throws UserError for what cannot be read, and for a directory without patches
 */
export async function readMailFiles(ctx: Context, words: readonly string[], cwd: string): Promise<Mail[]> {
  const files = words.flatMap((word) => filesOf(word, cwd));
  const mails: Mail[] = [];
  let bytes = 0;
  for (const {path, word} of files) {
    const given = await readBytes(ctx, path, word);
    bytes += given.length;
    if (bytes > MAX_MAIL_BYTES) throw tooLarge(`The files up to \`${word}\``);
    mails.push(...(await readMailBytes(ctx, given, word)));
  }
  return mails;
}

/** The mails of one mailbox, single mail or bare diff; gzip (an archive's `t.mbox.gz`) is unpacked. */
export async function readMailBytes(ctx: Context, given: Uint8Array, source: string): Promise<Mail[]> {
  const bytes = given[0] === 0x1f && given[1] === 0x8b ? unpack(given, source) : given;
  if (Buffer.from(bytes).toString('latin1').trim() === '') {
    throw new UserError(`\`${source}\` is empty (${bytes.length} bytes)`, {
      hint:
        source === '-' ? 'Nothing came on standard input: is the command before the pipe right?' : 'Fetch it again.',
    });
  }
  if (isBareDiff(bytes)) return [bareDiff(bytes, source === '-' ? 'a diff from standard input' : basename(source))];
  const raw = await splitMailbox(ctx, bytes, source);
  const mails: Mail[] = [];
  for (let at = 0; at < raw.length; at += PARALLEL) {
    mails.push(...(await Promise.all(raw.slice(at, at + PARALLEL).map((mail) => readMail(ctx, mail)))));
  }
  return mails;
}

function unpack(given: Uint8Array, source: string): Uint8Array {
  try {
    return gunzipSync(given, {maxOutputLength: MAX_MAIL_BYTES});
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(`\`${source}\` (unpacked)`);
    throw new UserError(`Cannot unpack \`${source}\`: ${messageOf(cause)}`, {hint: 'Fetch it again.', cause});
  }
}

function filesOf(word: string, cwd: string): Given[] {
  const path = resolve(cwd, word);
  const stat = statSync(path, {throwIfNoEntry: false});
  if (stat === undefined) throw notThere(word);
  if (!stat.isDirectory()) return [{path, word}];
  const names = readdirSync(path).filter((name) => /\.(?:patch|diff|eml|mbx|mbox|cover)$/.test(name));
  if (names.length === 0) {
    throw new UserError(`The directory \`${word}\` has no \`*.patch\` files`, {
      hint: '`git format-patch -o DIR BASE..` writes them. A kernel tree is given with `--tree`.',
    });
  }
  return names.sort().map((name) => ({path: join(path, name), word: join(word, name)}));
}

interface Given {
  path: string;
  word: string;
}

/** A file that the user named may be a link, or a pipe (`<(b4 am -o- …)`); it is waited for like standard input. */
async function readBytes({signal}: Context, path: string, word: string): Promise<Uint8Array> {
  if (statSync(path, {throwIfNoEntry: false})?.isFIFO()) {
    try {
      return await readStream(addAbortSignal(signal, openPipe(path)), `\`${word}\``);
    } finally {
      signal.throwIfAborted();
    }
  }
  try {
    const real = realpathSync(path);
    return needBytes(dirname(real), basename(real), MAIL);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`Cannot read \`${word}\`: ${messageOf(cause)}`, {cause});
  }
}

/** Not blocked in open or read, so that Ctrl-C is heard. */
const openPipe = (path: string): Socket =>
  new Socket({fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false});

function notThere(word: string): UserError {
  return new UserError(`There is no file or directory \`${word}\`, and it is no commit range or Message-ID`, {
    hint: 'SERIES is an mbox file, `-`, a directory or list of `*.patch`, a range `A..B`, a Message-ID or a lore URL.',
  });
}
