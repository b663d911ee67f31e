// SPDX-License-Identifier: MIT
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError, UserError} from '../lib/errors.js';
import {noGit} from '../lib/git-command.js';
import {hasFile, takeBytes} from '../lib/intake.js';
import {shellLine} from '../lib/shell-quote.js';
import {lastLines} from '../lib/text.js';
import {MAIL_PART, MAIL_SECONDS, MAX_MAILS} from './limits.js';

/** What `git mailinfo` makes of one mail: the parts of a commit, in bytes. */
export interface MailInfo {
  /** `Author: …`, `Email: …`, `Subject: …`, `Date: …`; the prefix of the subject is kept. */
  fields: Buffer;
  /** Text above `---`. */
  message: Buffer;
  /** All below: diffstat, diff, signature; in the bytes of the file, never converted. */
  patch: Buffer;
  /** git's own words when it could not decode the mail (an unknown charset). */
  error?: string;
}

/** Shells that call git at once: each call is short, and the host may be building kernels. */
const PARALLEL = 2;

/** The mailbox that `splitMailbox` takes apart, a file of a folder of ours. */
export const MAILBOX = 'mbox';

/** @throws UserError naming `source` for a mailbox with more mails than any thread */
export function writeMailbox(folder: string, bytes: Buffer, source: string): void {
  if (countMails(bytes) > MAX_MAILS) {
    throw new UserError(`\`${source}\` has more than ${MAX_MAILS} mails: not a thread`, {
      hint: 'Give the thread of the series alone: `b4 mbox MESSAGE-ID`.',
    });
  }
  writeFileSync(join(folder, MAILBOX), bytes);
}

/**
 * One mailbox (or one mail without a `From ` line) into its mails, with `git mailsplit`: it knows a `From ` line from
 * a sentence that starts with "From". The mails are files of `folder`, whose names are returned in order.
 * @throws UserError naming `source` when git cannot read it
 */
export async function splitMailbox(ctx: Context, folder: string, mboxrd: boolean, source: string): Promise<string[]> {
  const kind = mboxrd ? ['--mboxrd'] : [];
  const words = ['mailsplit', '-b', '-d6', ...kind, `-o${folder}`, join(folder, MAILBOX)];
  const {command, args, env} = noGit(words, folder);
  const split = await ctx.exec.run(command, args, {cwd: folder, env, timeoutSeconds: MAIL_SECONDS});
  if (split.exitCode !== 0) {
    const why = split.timedOut ? `not done within ${MAIL_SECONDS} s` : lastLines(split.stderr.trim(), 4);
    throw new UserError(`Cannot read \`${source}\` as a mailbox: ${why}`, {
      hint: 'Give an mbox (`b4 mbox`, `git format-patch --stdout`), single mails, or `*.patch` files.',
    });
  }
  return readdirSync(folder)
    .filter((name) => /^\d{6}$/.test(name))
    .sort();
}

/**
 * Mails, files of `folder`, into the parts of a commit, with `git mailinfo`: RFC 2047 headers, quoted-printable and
 * base64 bodies, `From:` in the body, scissors. One shell calls git for many: a thousand starts from here would take
 * longer than git itself. `readInfo` takes the results, one by one.
 * @param charset `utf8` converts as `git am` does; `raw` keeps the bytes of the mail
 */
export async function runMailInfo(
  ctx: Context,
  folder: string,
  names: readonly string[],
  charset: 'utf8' | 'raw',
): Promise<void> {
  // -k: the prefix is ours to read. quoted-cr: a base64 body may hold CR LF on purpose; `readMail` decides.
  const words = ['-c', 'i18n.commitEncoding=UTF-8', 'mailinfo', '-k', '--scissors', '--quoted-cr=nowarn'];
  const {command, args, env} = noGit([...words, charset === 'utf8' ? '-u' : '-n'], folder);
  const git = shellLine([command, ...args]);
  const script = `for m do ${git} "$m.message" "$m.patch" <"$m" >"$m.info" 2>"$m.error" || echo >"$m.failed"; done`;
  const size = Math.ceil(names.length / PARALLEL);
  const shares = names.length < 8 ? [names] : [names.slice(0, size), names.slice(size)];
  await Promise.all(
    shares.map(async (share) => {
      const done = await ctx.exec.run('sh', ['-c', `${script}; :`, 'sh', ...share], {
        cwd: folder,
        env,
        timeoutSeconds: MAIL_SECONDS + share.length,
        quiet: true,
      });
      if (done.exitCode !== 0) {
        const what = done.timedOut ? `took more than ${MAIL_SECONDS + share.length} s` : lastLines(done.stderr, 4);
        throw new InfraError(`git mailinfo of ${share.length} mails: ${what}`);
      }
    }),
  );
}

/** git could not decode it. */
export const hasFailed = (folder: string, name: string): boolean => hasFile(folder, `${name}.failed`, MAIL_PART);

/** What `runMailInfo` left of one mail. */
export function readInfo(folder: string, name: string): MailInfo {
  // mailinfo writes nothing for a mail without a body, and no error when there is none.
  const part = (suffix: string): Buffer | undefined => takeBytes(folder, `${name}.${suffix}`, MAIL_PART);
  const error = hasFailed(folder, name) ? (part('error') ?? Buffer.alloc(0)) : undefined;
  const none = Buffer.alloc(0);
  return {
    fields: part('info') ?? none,
    message: part('message') ?? none,
    patch: part('patch') ?? none,
    ...(error === undefined ? {} : {error: lastLines(error.toString().trim(), 4) || 'git mailinfo failed'}),
  };
}

/** An upper bound, without taking them apart: what looks like the line that begins a mail. */
function countMails(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf('\nFrom '); at !== -1 && count <= MAX_MAILS; at = bytes.indexOf('\nFrom ', at + 1))
    count++;
  return count;
}
