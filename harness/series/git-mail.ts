// SPDX-License-Identifier: MIT
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {noGit} from '../lib/git-command.js';
import {needBytes, takeBytes} from '../lib/intake.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {MAIL_PART, MAIL_SECONDS, MAX_MAILS} from './limits.js';

/** What `git mailinfo` makes of one mail: the parts of a commit, decoded. */
export interface MailInfo {
  author: {name: string; email: string};
  /** As in the mail or in its body (`Subject:` there wins), prefix included. */
  subject: string;
  date?: string;
  /** Text above `---`. */
  message: string;
  /** All below: diffstat, diff, signature; in the bytes of the file, not converted. */
  patch: Buffer;
  /** git's own words when it could not decode the mail (an unknown charset). */
  error?: string;
}

/**
 * One mailbox (or one mail without a `From ` line) into its mails, with `git mailsplit`: it knows a `From ` line from
 * a sentence that starts with "From".
 * @throws UserError naming `source` when git cannot read it
 */
export async function splitMailbox(ctx: Context, mailbox: Uint8Array, source: string): Promise<Buffer[]> {
  if (countMails(mailbox) > MAX_MAILS) {
    throw new UserError(`\`${source}\` has more than ${MAX_MAILS} mails: not a thread`, {
      hint: 'Give the thread of the series alone: `b4 mbox MESSAGE-ID`.',
    });
  }
  using temp = makeTempDir(ctx, 'mailsplit');
  const file = join(temp.path, 'mbox');
  writeFileSync(file, mailbox);
  const {command, args, env} = noGit(['mailsplit', '-b', '-d6', `-o${temp.path}`, file], temp.path);
  const split = await ctx.exec.run(command, args, {cwd: temp.path, env, timeoutSeconds: MAIL_SECONDS});
  if (split.exitCode !== 0) {
    throw new UserError(
      `Cannot read \`${source}\` as a mailbox: ${split.timedOut ? `not done within ${MAIL_SECONDS} s` : split.stderr.trim()}`,
      {
        hint: 'Give an mbox (`b4 mbox`, `git format-patch --stdout`), single mails, or `*.patch` files.',
      },
    );
  }
  const names = readdirSync(temp.path).filter((name) => /^\d{6}$/.test(name));
  return names.sort().map((name) => needBytes(temp.path, name, MAIL_PART));
}

/**
 * One mail into the parts of a commit, with `git mailinfo`: RFC 2047 headers, quoted-printable and base64 bodies,
 * `From:` in the body, scissors.
 */
export async function readMailInfo(ctx: Context, mail: Uint8Array): Promise<MailInfo> {
  using temp = makeTempDir(ctx, 'mailinfo');
  const message = join(temp.path, 'message');
  const patch = join(temp.path, 'patch');
  // -k: the prefix is ours to read. quoted-cr: a base64 body may hold CR LF on purpose; `readMail` decides.
  const words = ['mailinfo', '-k', '--scissors', '--encoding=UTF-8', '--quoted-cr=nowarn', message, patch];
  const {command, args, env} = noGit(words, temp.path);
  const info = await ctx.exec.run(command, args, {cwd: temp.path, env, input: mail, timeoutSeconds: MAIL_SECONDS});
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(info.stdout)?.[1]?.trim() ?? '';
  // mailinfo writes nothing for a mail without a body.
  const part = (name: string): Buffer => takeBytes(temp.path, name, MAIL_PART) ?? Buffer.alloc(0);
  const date = field('Date');
  return {
    author: {name: field('Author'), email: field('Email')},
    subject: field('Subject'),
    ...(date === '' ? {} : {date}),
    message: part('message').toString('utf8'),
    patch: part('patch'),
    ...(info.exitCode === 0 ? {} : {error: info.stderr.trim() || `git mailinfo exited ${info.exitCode}`}),
  };
}

/** An upper bound, without taking them apart: what looks like the line that begins a mail. */
function countMails(mailbox: Uint8Array): number {
  const bytes = Buffer.from(mailbox.buffer, mailbox.byteOffset, mailbox.length);
  let count = 0;
  for (let at = bytes.indexOf('\nFrom '); at !== -1 && count <= MAX_MAILS; at = bytes.indexOf('\nFrom ', at + 1))
    count++;
  return count;
}
