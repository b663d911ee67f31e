// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';
import {searchLine} from './bytes.js';
import {startsWithHeader} from './header.js';

/** A patch that is no mail, as the mail that says the same; undefined: a diff with a text that names no author. */
type ToMail = (text: string, source: string) => string | undefined;

/** In order: the first that knows the text. The same formats as `git am`, and what git itself prints. */
const FORMATS: readonly {is: (text: string) => boolean; toMail: ToMail}[] = [
  {is: (text) => text.startsWith('# HG changeset patch'), toMail: fromMercurial},
  {
    is: (text) => /^(?:\S.*\n\n)?commit [0-9a-f]{7,64}(?: \(.*\))?\n(?:Merge|Author|Commit|tree)/.test(text),
    toMail: fromLog,
  },
  {is: (text) => ONE_LINE.test(text), toMail: fromOneLine},
  {is: (text) => /^[^\n]+\n[ \t]*\n(?:From|Author|Date):/.test(text), toMail: fromStgit},
  {is: isDep3, toMail: fromDep3},
];

/** As much of a file as its format is seen in. */
const HEAD = 64 * 1024;
/** `git log --oneline -p`. */
const ONE_LINE = /^[0-9a-f]{7,64} (?:\([^)]*\) )?\S.*\n\n?(?=diff --git )/;
const DIFF = /^(?:diff |--- |Index: )/m;

/**
 * Pure. The bytes of a file that begins with neither a `From ` line nor a header, as a mail; undefined: it is a mail or
 * a mailbox already, or no text above its diff says who wrote it.
 * @throws UserError for the log of several commits: newest first, it is no series
 */
export function textPatchToMail(bytes: Buffer, source: string): Buffer | undefined {
  const head = bytes.toString('latin1', 0, HEAD).replaceAll('\r\n', '\n');
  const format = FORMATS.find(({is}) => is(head));
  if (format === undefined) return undefined;
  const text = bytes.toString('latin1').replaceAll('\r\n', '\n');
  const mail = format.toMail(text, source);
  return mail === undefined ? undefined : Buffer.from(mail, 'latin1');
}

/** True when it begins with neither a `From ` line nor the header of a mail, and holds a diff. */
export function isTextPatch(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, HEAD).trimStart();
  if (/^>?From /.test(head) || startsWithHeader(head)) return false;
  return DIFF.test(head) || searchLine(bytes, DIFF) !== -1;
}

/** `hg export`: `# User`, `# Date SECONDS OFFSET` with the offset west of Greenwich, `# Node ID`, then the text. */
function fromMercurial(text: string, source: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const head = lines.slice(0, end);
  const field = (name: string): string | undefined =>
    head.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3);
  const [seconds, west] = (field('Date') ?? '').split(' ').map(Number);
  const date = seconds === undefined || Number.isNaN(seconds) ? [] : [`Date: ${rfcDate(seconds, -(west ?? 0))}`];
  const more = text.indexOf('\n# HG changeset patch', 1);
  const body = lines.slice(end).join('\n');
  if (more !== -1) throw several(source, 'hg export', text.split(/^# HG changeset patch$/m).length - 1, 'changesets');
  const {title, rest} = firstLine(body);
  return compose([`From: ${field('User') ?? ''}`, ...date, `Subject: ${title}`], rest);
}

/** `git show`, `git log -p`: the text is indented by four. */
function fromLog(text: string, source: string): string {
  const commits = text.match(/^commit [0-9a-f]{7,64}(?: \(.*\))?$/gm)?.length ?? 0;
  if (commits > 1) throw several(source, 'git log -p', commits, 'commits, newest first');
  const start = Math.max(0, text.search(DIFF));
  const above = text.slice(0, start);
  const author = /^Author: *(.*)$/m.exec(above)?.[1] ?? '';
  const written = /^(?:AuthorDate|Date): *(.*)$/m.exec(above)?.[1] ?? '';
  const indented = above.split('\n').filter((line) => line.startsWith('    ') || line === '');
  const {title, rest} = firstLine(indented.map((line) => line.slice(4)).join('\n'));
  const date = mailDate(written);
  return compose(
    [`From: ${author}`, ...(date === undefined ? [] : [`Date: ${date}`]), `Subject: ${title}`],
    `${rest.trimEnd()}\n---\n${text.slice(start)}`,
  );
}

/** Who wrote it is not said: a diff with a title, where there is one commit. */
function fromOneLine(text: string, source: string): undefined {
  const commits = text.match(new RegExp(ONE_LINE, 'gm'))?.length ?? 0;
  if (commits > 1) throw several(source, 'git log --oneline -p', commits, 'commits, newest first');
  return undefined;
}

/** `stg export`, quilt's own mails: a title, a blank line, `From:`. */
function fromStgit(text: string): string {
  const lines = text.split('\n');
  const header: string[] = [];
  let subject: string | undefined;
  let at = 0;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    if (line.startsWith('Author:')) header.push(`From:${line.slice('Author:'.length)}`);
    else if (/^(?:From|Date)/.test(line)) header.push(line);
    else if (subject === undefined) subject = line;
    else break;
  }
  return compose([...header, `Subject: ${subject}`], lines.slice(at).join('\n'));
}

/** Debian's header of a patch: https://dep-team.pages.debian.net/deps/dep3/ */
function isDep3(text: string): boolean {
  const header = text.slice(0, Math.max(0, text.search(/\n(?:\n|---|diff |Index: )/)));
  return /^(?:Description|Subject):/m.test(header) && /^(?:Author|From):/m.test(header);
}

function fromDep3(text: string): string {
  const end = text.search(/\n(?:\n|---|diff |Index: )/);
  const header = text.slice(0, end);
  const field = (name: string): string | undefined =>
    new RegExp(`^(?:${name}):[ \\t]*((?:.*)(?:\\n[ \\t].*)*)`, 'mi').exec(header)?.[1];
  const about = (field('Description|Subject') ?? '').split('\n').map((line) => line.trim());
  const written = mailDate(field('Last-Update|Date') ?? '');
  const date = written === undefined ? [] : [`Date: ${written}`];
  const long = about.slice(1).map((line) => (line === '.' ? '' : line));
  return compose(
    [`From: ${field('Author|From')}`, ...date, `Subject: ${about[0]}`],
    `${long.join('\n')}\n${text.slice(end)}`,
  );
}

function firstLine(body: string): {title: string; rest: string} {
  const lines = body.replace(/^\s*\n/, '').split('\n');
  return {title: lines[0] ?? '', rest: lines.slice(1).join('\n')};
}

/** A title in other than ASCII is UTF-8 without saying so, as git reads a header; `[…]` in front is no prefix here. */
function compose(header: readonly string[], body: string): string {
  const kind = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', 'MIME-Version: 1.0'];
  const fields = header.map((line) => line.replace(/\n/g, ' '));
  return `${[...fields, ...kind].join('\n')}\n\n${body.replace(/^\n+/, '')}`;
}

/** `Mon Nov 2 11:00:00 2026 +0100`, `2026-11-02`, RFC 2822; undefined: none of them. */
function mailDate(written: string): string | undefined {
  const log = /^(\w{3}) (\w{3}) +(\d+) ([\d:]+) (\d{4}) ([+-]\d{4})$/.exec(written.trim());
  if (log !== null) return `${log[1]}, ${log[3]} ${log[2]} ${log[5]} ${log[4]} ${log[6]}`;
  const ms = Date.parse(written);
  return Number.isNaN(ms) ? undefined : rfcDate(ms / 1000, 0);
}

function rfcDate(seconds: number, east: number): string {
  const local = new Date((seconds + east) * 1000);
  if (Number.isNaN(local.getTime())) return '';
  const zone = Math.abs(Math.trunc(east / 60));
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = east < 0 ? '-' : '+';
  return local.toUTCString().replace('GMT', `${sign}${two(Math.floor(zone / 60))}${two(zone % 60)}`);
}

function several(source: string, what: string, found: number, noun: string): UserError {
  return new UserError(`\`${source}\` is the output of \`${what}\` with ${found} ${noun}: not a series`, {
    hint: '`git format-patch BASE..` writes patches; in a tree, give the range: `A..B`.',
    facts: {found},
  });
}
