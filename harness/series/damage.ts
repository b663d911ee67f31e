// SPDX-License-Identifier: MIT
import {UserError} from '../lib/errors.js';
import {cleanLine, clip} from '../lib/text.js';
import type {DiffDamage} from './diff.js';
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
    throw new UserError(`Cannot decode ${which}: ${mail.error}`, {hint: FETCH_AGAIN});
  }
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
  const {damage} = mail.facts;
  if (damage !== undefined) throw damaged(which, damage, mail.flowed);
  checkDiffstat(mail, which);
}

/** `mail 2/3 "mm: foo"`, for messages. */
export function mailName(mail: Mail): string {
  const {number, total, version, text} = mail.subject;
  const numbers = number === undefined ? '' : ` ${number}/${total}`;
  return `mail${version > 1 ? ` v${version}` : ''}${numbers} "${clip(cleanLine(text), 80) || '(no subject)'}"`;
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
  const place = `hunk ${hunk} of \`${file}\` (${header})`;
  const line = found === undefined ? '' : ` \`${clip(cleanLine(found), 60)}\``;
  if (kind === 'torn') {
    const lacks =
      missing?.old || missing?.new
        ? `${place} promises ${missing.old} more old and ${missing.new} more new lines than follow`
        : `${place} ends in the middle of the line${line}`;
    return new UserError(`${capital(which)} is torn: ${lacks}`, {hint: FETCH_AGAIN, facts});
  }
  const why = flowed
    ? 'it was sent as format=flowed, and the mail program wrapped its lines'
    : 'a mail program wrapped its lines, or it was edited by hand';
  return new UserError(`${capital(which)} is damaged: ${place} has a line${line} that belongs to no hunk; ${why}`, {
    hint: ASK_SENDER,
    facts,
  });
}

/** A mail cut off between two files has only whole hunks: the diffstat still knows how many files there were. */
function checkDiffstat(mail: Mail, which: string): void {
  const preamble = mail.diff.slice(0, mail.diff.search(/^(?:diff --git |--- \S)/m));
  const promised = Number(/^ (\d+) files? changed/m.exec(preamble)?.[1] ?? 0);
  const found = mail.facts.files.length;
  if (found >= promised) return;
  throw new UserError(`${capital(which)} is torn: its diffstat counts ${promised} files, the diff has ${found}`, {
    hint: `${FETCH_AGAIN} If a file was left out on purpose, correct the diffstat.`,
    facts: {promised, found},
  });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
