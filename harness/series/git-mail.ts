// SPDX-License-Identifier: MIT
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {noGit} from '../lib/git-command.js';
import {makeTempDir} from '../lib/temp-dir.js';

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
  using temp = makeTempDir(ctx, 'mailsplit');
  const file = join(temp.path, 'mbox');
  writeFileSync(file, mailbox);
  const {command, args, env} = noGit(['mailsplit', '-b', '-d6', `-o${temp.path}`, file], temp.path);
  const split = await ctx.exec.run(command, args, {cwd: temp.path, env});
  if (split.exitCode !== 0) {
    throw new UserError(`Cannot read \`${source}\` as a mailbox: ${split.stderr.trim()}`, {
      hint: 'Give an mbox (`b4 mbox`, `git format-patch --stdout`), single mails, or `*.patch` files.',
    });
  }
  const names = readdirSync(temp.path).filter((name) => /^\d{6}$/.test(name));
  return names.sort().map((name) => readFileSync(join(temp.path, name)));
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
  const info = await ctx.exec.run(command, args, {cwd: temp.path, env, input: mail});
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(info.stdout)?.[1]?.trim() ?? '';
  const date = field('Date');
  return {
    author: {name: field('Author'), email: field('Email')},
    subject: field('Subject'),
    ...(date === '' ? {} : {date}),
    message: readOr(message, 'utf8'),
    patch: readBytesOr(patch),
    ...(info.exitCode === 0 ? {} : {error: info.stderr.trim() || `git mailinfo exited ${info.exitCode}`}),
  };
}

/** mailinfo writes nothing for a mail without a body. */
function readOr(path: string, encoding: BufferEncoding): string {
  return readBytesOr(path).toString(encoding);
}

function readBytesOr(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
