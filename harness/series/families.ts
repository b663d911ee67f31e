// SPDX-License-Identifier: MIT
/** Which candidates are versions of one series. Pure. */
import type {Candidate} from './candidate.js';
import type {Mail} from './mail.js';

/**
 * Candidates that something ties together: a title that both have, a mail that answers one of the other, or the same
 * author at the same files in another version. Backports to different trees are never one series.
 */
export function familiesOf(candidates: readonly Candidate[]): Candidate[][] {
  let families: Candidate[][] = [];
  for (const candidate of candidates) {
    const tied = families.filter((family) => family.some((other) => isTied(candidate, other)));
    families = [...families.filter((family) => !tied.includes(family)), [...tied.flat(), candidate]];
  }
  return families;
}

function isTied(a: Candidate, b: Candidate): boolean {
  if (a.trees !== b.trees) return false;
  const [ours, theirs] = [factsOf(a), factsOf(b)];
  const shares = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
    [...left].some((one) => right.has(one));
  if (shares(ours.titles, theirs.titles)) return true;
  if (shares(ours.answers, theirs.ids) || shares(theirs.answers, ours.ids)) return true;
  return a.version !== b.version && shares(ours.authors, theirs.authors) && shares(ours.files, theirs.files);
}

function factsOf(candidate: Candidate) {
  const letters = lettersOf(candidate);
  return {
    titles: new Set(letters.map(titleKey).filter((title) => title !== '')),
    ids: new Set(letters.flatMap(({messageId}) => (messageId === undefined ? [] : [messageId]))),
    answers: new Set(
      letters.flatMap(({inReplyTo, references}) => [...(inReplyTo === undefined ? [] : [inReplyTo]), ...references]),
    ),
    authors: new Set(letters.map(({author}) => author.email.toLowerCase())),
    files: new Set(
      letters
        .flatMap(({facts}) => facts.files.flatMap(({from, to}) => [from ?? '', to ?? '']))
        .filter((file) => file !== ''),
    ),
  };
}

export function lettersOf({cover, mails}: Candidate): Mail[] {
  return cover === undefined ? mails : [cover, ...mails];
}

/** `[next] mm: one` and `mm: One.` are one title. */
export function titleKey(mail: Mail): string {
  return mail.subject.text
    .replace(/^(?:\s*\[[^\]]*\])+/, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
