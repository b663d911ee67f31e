// SPDX-License-Identifier: MIT
/** How much of a series is read: a mail can name any size, and several copies of it are held at once. */
import {UserError} from '../lib/errors.js';
import type {IntakeRule} from '../lib/intake.js';

/** All mails of a series together, unpacked. The largest mailboxes of the lists' archives had 112 MB. */
export const MAX_MAIL_BYTES = 128 * 1024 * 1024;
/** Mails of a mailbox; the longest threads of the lists have some hundreds. */
export const MAX_MAILS = 5000;
/** Above this it is not a series any more, but a merge window. */
export const MAX_PATCHES = 1000;
/** For git to take one mailbox or one mail apart. */
export const MAIL_SECONDS = 60;
/** Of a mail, where its header is looked for. */
export const HEADER_BYTES = 1024 * 1024;
/** Bytes of a header line, with its continuations, that are looked at; git itself has no limit. */
export const MAX_FIELD_BYTES = 64 * 1024;

export const MAIL: IntakeRule = {what: 'with mails', blame: 'user', maxBytes: MAX_MAIL_BYTES};

/** What git wrote into a folder of ours out of a mail. */
export const MAIL_PART: IntakeRule = {what: 'a part of a mail', blame: 'infra', maxBytes: 2 * MAX_MAIL_BYTES};

/** @param what begins the sentence */
export function tooLarge(what: string): UserError {
  return new UserError(`${what} has more than ${MAX_MAIL_BYTES} bytes: not a series of mails`, {
    hint: 'Commits of any size are given as a range: `A..B`.',
    facts: {limit: MAX_MAIL_BYTES},
  });
}

/** All that a stream gives. @throws UserError when that is more than a series, and does not wait for the rest */
export async function readStream(stream: AsyncIterable<unknown>, what: string): Promise<Uint8Array> {
  // Of memory that is asked for the kernel gives what is written to: nothing is held twice while pieces are joined.
  const all = Buffer.allocUnsafe(MAX_MAIL_BYTES);
  let size = 0;
  for await (const chunk of stream) {
    if (size + (chunk as Buffer).length > MAX_MAIL_BYTES) throw tooLarge(what);
    size += (chunk as Buffer).copy(all, size);
  }
  return all.subarray(0, size);
}
