// SPDX-License-Identifier: MIT
/** Why no series could be chosen, and how to go on. */
import {UserError} from '../lib/errors.js';
import {type Candidate, candidateName, missingNames, missingNumbers, versionName} from './candidate.js';
import {mailName} from './damage.js';
import {noDiffReason} from './faults.js';
import type {Mail} from './mail.js';

/** Of several series, or several patches, by name. */
const MAX_LISTED = 6;

export function incomplete(
  candidate: Candidate,
  older: readonly Candidate[],
  replies: readonly Mail[],
  source: string,
): UserError {
  const missing = missingNumbers(candidate);
  const version = candidate.version > 1 || candidate.minor > 0 ? ` of ${versionName(candidate)}` : '';
  const inline = replies.some((mail) => mail.facts.files.length > 0 && missing.includes(mail.subject.number ?? -1));
  const whole = older.find((other) => missingNumbers(other).length === 0);
  const besides = whole === undefined ? '' : `; ${candidateName(whole)} is complete, and older`;
  const fetch = 'Fetch the whole thread: `b4 mbox MESSAGE-ID`, or give all files of `git format-patch`.';
  const hint = inline
    ? 'A reply in the thread holds a diff for it; when that is meant, save it as a mail of its own without `Re:`.'
    : fetch;
  return new UserError(
    `The series in \`${source}\` is not complete: ${missingNames(candidate)}${version} missing${besides}`,
    {
      hint: whole === undefined ? hint : `${hint} To verify ${versionName(whole)}, give its mails alone.`,
      facts: {missing, total: candidate.total ?? 1, version: candidate.version},
    },
  );
}

export function severalSeries(candidates: readonly Candidate[], source: string): UserError {
  const names = candidates.map(candidateName);
  return new UserError(`\`${source}\` holds ${candidates.length} series: ${listed(names)}`, {
    hint: 'One is verified at a time. Give the mails of one alone: a mailbox or a folder of its own, its files by name, or its Message-ID (needs b4).',
    facts: {series: names},
  });
}

export function looseMails(mails: readonly Mail[], source: string): UserError {
  return new UserError(
    `\`${source}\` holds ${mails.length} patches without numbers, and nothing says that they are one series: ${listed(mails.map(mailName))}`,
    {hint: 'Give one of them alone, or each as a file of its own, in the order in which they apply.'},
  );
}

export function noPatch(mails: readonly Mail[], source: string): UserError {
  const [only] = mails;
  const reason = mails.map((mail) => ({mail, reason: noDiffReason(mail)})).find(({reason}) => reason !== undefined);
  if (reason?.reason !== undefined) {
    const {mail} = reason;
    return new UserError(`No patch in \`${source}\`: ${mailName(mail)} ${reason.reason.what}`, {
      hint: reason.reason.hint,
    });
  }
  const quoted =
    mails.length === 1 && only !== undefined ? `${mailName(only)} has no diff` : 'none of them has a diff of its own';
  return new UserError(
    `No patch in \`${source}\`: ${mails.length} ${mails.length === 1 ? 'mail' : 'mails'}, ${quoted}`,
    {
      hint: 'Quoted diffs (`> `) in replies do not count. `git format-patch BASE..` writes patches.',
    },
  );
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_LISTED ? `; and ${names.length - MAX_LISTED} more` : '';
  return `${names.slice(0, MAX_LISTED).join('; ')}${more}`;
}
