// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, UserError} from '../lib/errors.js';
import {needBytes} from '../lib/intake.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {MAIL} from './limits.js';

/** Fetching one thread; b4 itself has no limit when the archive does not answer. */
const FETCH_SECONDS = 180;
const MAILBOX = 'thread.mbox';

/** Archives whose address ends in a Message-ID. */
const ARCHIVE =
  /^https?:\/\/(?:(?:www\.)?lore\.kernel\.org\/[^/]+|lkml\.kernel\.org\/r|patch\.msgid\.link|msgid\.link|(?:lkml|linux-mm)\.lore\.kernel\.org\/[^/]+)\/([^/?#]+@[^/?#]+)/;

/** The Message-ID that a word of the command line names (`<x@y>`, `x@y`, an archive's address); undefined: none. */
export function messageIdOf(word: string): string | undefined {
  const url = ARCHIVE.exec(word);
  if (url?.[1] !== undefined) return decodeURIComponent(url[1]);
  const id = /^(?:id:|msgid:)?<?([^\s<>/@]+@[^\s<>/@]+)>?$/.exec(word);
  return id?.[1];
}

/**
 * The whole thread of a mail as a mailbox, with `b4 mbox`.
 * @throws UserError when b4 is not installed or does not find the mail
 */
export async function fetchThread(ctx: Context, messageId: string): Promise<Uint8Array> {
  using temp = makeTempDir(ctx, 'b4');
  const mailbox = join(temp.path, MAILBOX);
  const step = ctx.exec.run('b4', ['mbox', '-o', '-', messageId], {
    stdoutFile: mailbox,
    timeoutSeconds: FETCH_SECONDS,
  });
  const fetched = await step.catch((cause) => {
    if (!(cause instanceof InfraError)) throw cause;
    throw new UserError(`Cannot fetch <${messageId}>: b4 is not installed`, {
      hint: 'Install it (`apt install b4` or `pipx install b4`), or download the thread as an mbox and give that file.',
      cause,
    });
  });
  const bytes = needBytes(temp.path, MAILBOX, MAIL);
  if (fetched.exitCode === 0 && bytes.length > 0) return bytes;
  const why = fetched.timedOut ? `no answer within ${FETCH_SECONDS} s` : fetched.stderr.trim() || 'b4 gave no mail';
  throw new UserError(`b4 cannot fetch <${messageId}>: ${why}`, {
    hint: `Is the Message-ID right, and is it in the archive? Try \`b4 mbox ${messageId}\`.`,
  });
}
