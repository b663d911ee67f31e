// SPDX-License-Identifier: MIT
import type {CommitRecord} from './report.js';

/** Who reports, and where; absent: a placeholder to fill in. */
export interface Reporter {
  /** `Name <mail>` */
  who?: string;
  /** Of the report on the list. */
  link?: string;
}

/** As submitting-patches.rst asks for: at least twelve digits. */
const DIGITS = 12;

/**
 * Lines for the fix and for the report: trailers as in submitting-patches.rst, and regzbot's command. A patch that is
 * not in any tree has no hash to name: its fix is the next version of the series.
 */
export function draftLines(culprit: CommitRecord, {who, link}: Reporter): string[] {
  const people = [`Reported-by: ${who ?? '<your name and mail>'}`, `Closes: ${link ?? '<link to your report>'}`];
  if (culprit.patch !== undefined) return people;
  const short = culprit.commit.slice(0, DIGITS);
  return [`Fixes: ${short} ("${culprit.subject}")`, ...people, `#regzbot introduced: ${short}`];
}
