// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';
import {cleanLine, clip} from '../lib/text.js';
import {decode, searchLine} from './bytes.js';
import type {DiffDamage, DiffFile} from './diff.js';
import {partsTooMany} from './diff-names.js';
import {isDashEscaped, isHtml, noDiffReason} from './faults.js';
import type {Mail} from './mail.js';

const FETCH_AGAIN = 'Fetch the mail again from its archive (`b4 mbox MESSAGE-ID`), or take it from `git format-patch`.';
const ASK_SENDER = 'It cannot be repaired here: ask for it as sent by `git send-email`, or for a branch to pull.';

/**
 * Checks that a patch mail can be applied at all, before any tree is asked.
 * @throws UserError naming the mail, and the file and hunk where there is one
 */
export function checkPatchMail(mail: Mail, source: string): void {
  const which = `${mailName(mail)} in \`${source}\``;
  if (mail.error !== undefined) {
    const fault = noDiffReason(mail);
    throw new UserError(`Cannot decode ${which}: ${fault === undefined ? mail.error : `it ${fault.what}`}`, {
      hint: fault?.hint ?? FETCH_AGAIN,
    });
  }
  const text = [mail.subject.text, mail.author.name, mail.author.email, mail.message].find((part) =>
    part.includes('\0'),
  );
  if (text !== undefined) {
    throw new UserError(`${capital(which)} has a NUL byte in its text, which no commit message can hold`, {
      hint: ASK_SENDER,
    });
  }
  if (isDashEscaped(mail)) {
    throw new UserError(`${capital(which)} is signed inside its text (PGP), which changes the lines of its diff`, {
      hint: 'Ask for it as `git send-email` sends it, with the signature as an attachment (PGP/MIME).',
    });
  }
  const fault = mail.facts.files.length === 0 || isHtml(mail) ? noDiffReason(mail) : undefined;
  if (fault !== undefined) throw new UserError(`${capital(which)} ${fault.what}`, {hint: fault.hint});
  if (mail.facts.files.length === 0) {
    throw new UserError(`${capital(which)} has no diff`, {
      hint: 'A patch mail holds a unified diff in its text; a pull request or an attachment of another type is not read.',
    });
  }
  const bare = mail.facts.files.find((file) => file.noPrefix);
  if (bare !== undefined) {
    throw new UserError(`${capital(which)} names \`${bare.to ?? bare.from}\` without the prefixes a/ and b/`, {
      hint: 'It was made with diff.noprefix=true: make it again with `git -c diff.noprefix=false format-patch …`.',
    });
  }
  const leading = partsTooMany(mail.facts.files);
  if (leading !== undefined) {
    throw new UserError(`${capital(which)} names files below \`${leading}\`, a folder that no kernel tree has`, {
      hint: 'Make it again from the top of the tree: `git format-patch`, or `diff -u a/FILE b/FILE`.',
    });
  }
  const {damage} = mail.facts;
  if (damage !== undefined) throw damaged(which, damage, mail.flowed);
  checkDiffstat(mail, which);
}

/** `mail 2/3 "mm: foo"`, for messages. */
export function mailName(mail: Mail): string {
  const {number, total, version, minor, text} = mail.subject;
  const numbers = number === undefined || total === undefined ? '' : ` ${number}/${total}`;
  return `mail${version > 1 || minor !== undefined ? ` v${version}${minor === undefined ? '' : `.${minor}`}` : ''}${numbers} "${clip(cleanLine(text), 80) || '(no subject)'}"`;
}

function damaged(which: string, damage: DiffDamage, flowed: boolean): UserError {
  const {kind, file, hunk, header, missing, found} = damage;
  const facts = {...damage};
  if (kind === 'binary-without-data') {
    return new UserError(`${capital(which)} says that the binary file \`${file}\` differs, but not how`, {
      hint: 'Make it again with `git format-patch --binary`.',
      facts,
    });
  }
  if (kind === 'deleted-without-content') {
    return new UserError(`${capital(which)} deletes \`${file}\` without its content: it was made to be looked at`, {
      hint: 'It was made with `--irreversible-delete` (`-D`): make it again without.',
      facts,
    });
  }
  if (kind === 'from-the-top') {
    return new UserError(
      `${capital(which)} names \`${file}\` from the top of the tree, without a/ and b/ (it needs \`-p0\`)`,
      {
        hint: 'Make it again with `git format-patch`, or with `diff -u a/FILE b/FILE`.',
        facts,
      },
    );
  }
  if (kind === 'no-hunk') {
    const line = found === '' || found === undefined ? 'nothing' : `the line \`${clip(cleanLine(found), 60)}\``;
    return new UserError(`${capital(which)} is damaged: behind the names of \`${file}\` is ${line} and no hunk`, {
      hint: FETCH_AGAIN,
      facts,
    });
  }
  const place = `hunk ${hunk} of \`${file}\` (${header})`;
  const line = found === undefined ? '' : ` \`${clip(cleanLine(found), 60)}\``;
  if (kind === 'torn') {
    const lacks =
      missing?.old || missing?.new
        ? `${place} promises ${missing.old} more old and ${missing.new} more new lines than follow`
        : `${place} ends in the middle of the line${line}`;
    return new UserError(`${capital(which)} is torn: ${lacks}`, {hint: FETCH_AGAIN, facts});
  }
  const why = found?.startsWith('\u00a0')
    ? 'a mail program put no-break spaces where blanks were'
    : flowed
      ? 'it was sent as format=flowed, and the mail program wrapped its lines'
      : 'a mail program wrapped its lines, or it was edited by hand';
  return new UserError(`${capital(which)} is damaged: ${place} has a line${line} that belongs to no hunk; ${why}`, {
    hint: ASK_SENDER,
    facts,
  });
}

/**
 * A mail cut off between two files has only whole hunks: the diffstat still knows which files there were. The last one
 * above the diff counts. With git's signature at its end nothing was cut off, and one of other files is of another diff:
 * git am takes both.
 */
function checkDiffstat(mail: Mail, which: string): void {
  const start = Math.max(0, searchLine(mail.diff, /^(?:diff --git |--- \S)/m));
  const above = decode(mail.diff.subarray(0, start)).split('\n');
  const last = above.findLastIndex((line) => /^ \d+ files? changed/.test(line));
  const promised = Number(/^ (\d+)/.exec(above[last] ?? '')?.[1] ?? 0);
  const found = mail.facts.files.length;
  if (found >= promised || /^-- ?\r?$/m.test(decode(mail.diff.subarray(start).subarray(-4096)))) return;
  const first = above.slice(0, last).findLastIndex((line) => !/^ \S.*\|/.test(line)) + 1;
  const listed = above.slice(first, last).map((line) => line.slice(1, line.indexOf('|')).trim());
  if (listed.length > 0 && !mail.facts.files.every((file) => listed.some((name) => isNamed(file, name)))) return;
  throw new UserError(`${capital(which)} is torn: its diffstat counts ${promised} files, the diff has ${found}`, {
    hint: `${FETCH_AGAIN} If a file was left out on purpose, correct the diffstat.`,
    facts: {promised, found},
  });
}

/** A long name is cut in front (`.../mm/one.c`); a rename has both (`mm/{one.c => two.c}`). */
function isNamed({from, to}: DiffFile, name: string): boolean {
  const end = name.replace(/^\.{3}/, '').replace(/^b\//, '');
  if (name.includes(' => ')) return true;
  return (from ?? '').endsWith(end) || (to ?? '').endsWith(end);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
