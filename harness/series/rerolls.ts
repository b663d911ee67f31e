// SPDX-License-Identifier: MIT
/** Mails of several versions that are one series all the same: as b4 reads them, and said. Pure. */
import {type Candidate, emptyCandidate, missingNumbers, versionName} from './candidate.js';
import {mailName} from './damage.js';
import type {Mail} from './mail.js';

/**
 * `v6.1` is a tree, unless the mailbox has a `v6` that it could be a part of: then it is a reroll, as `v2.1` is.
 */
export function settleVersions(letters: readonly Mail[]): Mail[] {
  const whole = new Set(letters.filter(({subject}) => subject.minor === undefined).map(({subject}) => subject.version));
  return letters.map((mail) => {
    const {version, minor, trees, ...subject} = mail.subject;
    if (minor === undefined) return mail;
    const tree = `v${version}.${minor}`;
    if (!trees.includes(tree)) return mail;
    if (!whole.has(version)) return {...mail, subject: {...subject, version: 1, trees}};
    return {...mail, subject: {...subject, version, minor, trees: trees.filter((other) => other !== tree)}};
  });
}

/**
 * A cover and patches, or patches alone, that name different versions: one series when each number is there once and
 * they all answer one cover, or are files without Message-IDs. Its version is the newest of them.
 */
export function mergeMixed(candidates: readonly Candidate[]): Candidate[] {
  let merged = [...candidates];
  const letters = merged.flatMap(({cover, mails}) => [...(cover === undefined ? [] : [cover]), ...mails]);
  for (const members of threadsOf(letters)) {
    const versions = new Set(members.map(({subject}) => `${subject.version}.${subject.minor ?? 0}`));
    const whole = versions.size > 1 ? wholeOf(members) : undefined;
    if (whole === undefined) continue;
    const names = [...versions].map((version) => `v${version.replace(/\.0$/, '')}`).join(', ');
    whole.notes.push(
      `The mails of the series name the versions ${names}: taken as one, since each number is there once`,
    );
    const rest = merged
      .map((one) => without(one, members))
      .filter(({cover, mails}) => cover !== undefined || mails.length > 0);
    merged = [whole, ...rest];
  }
  return merged;
}

/**
 * The newest version has a few of the patches, each an answer to the patch of that number of an older one: the others
 * are those of the older version, which may have been put together so itself.
 */
export function fillPartial(newest: Candidate, older: readonly Candidate[]): Candidate | undefined {
  for (const [at, next] of older.entries()) {
    if (next.total !== newest.total || next.trees !== newest.trees) continue;
    if (newest.mails.length === 0 || !newest.mails.every((mail) => answersNumber(mail, older.slice(at)))) continue;
    const from = missingNumbers(next).length === 0 ? next : fillPartial(next, older.slice(at + 1));
    if (from === undefined) continue;
    const numbers = new Set(newest.mails.map((mail) => mail.subject.number));
    const kept = from.mails.filter((mail) => !numbers.has(mail.subject.number));
    const cover = newest.cover ?? from.cover;
    const news = newest.mails.map((mail) => mailName(mail)).join(', ');
    const note = `${news} ${newest.mails.length === 1 ? 'replaces its patch' : 'replace their patches'} of ${versionName(from)}; the others are those of ${versionName(from)}`;
    return {
      ...newest,
      ...(cover === undefined ? {} : {cover}),
      mails: [...kept, ...newest.mails],
      notes: [...from.notes, ...newest.notes, note],
    };
  }
  return undefined;
}

/** One new mail under a patch of a longer series replaces that patch alone: it is not a series of its own. */
export function isUnderPatch(group: Candidate, candidates: readonly Candidate[]): boolean {
  const longer = candidates.filter((other) => other !== group && (other.total ?? 1) > 1);
  const parents = new Set(longer.flatMap(({mails}) => mails.map((mail) => mail.messageId)));
  return (
    (group.total ?? 1) === 1 &&
    group.mails.length > 0 &&
    group.mails.every((mail) => mail.inReplyTo !== undefined && parents.has(mail.inReplyTo))
  );
}

function answersNumber(mail: Mail, older: readonly Candidate[]): boolean {
  const answered = [...(mail.inReplyTo === undefined ? [] : [mail.inReplyTo]), ...mail.references];
  return older
    .flatMap(({mails}) => mails)
    .some(
      ({subject, messageId}) =>
        subject.number === mail.subject.number && messageId !== undefined && answered.includes(messageId),
    );
}

/** Letters of one length by the cover that they answer, or by the first of them; files without Message-IDs are one. */
function threadsOf(letters: readonly Mail[]): Mail[][] {
  const byId = new Map(letters.filter(({messageId}) => messageId !== undefined).map((mail) => [mail.messageId, mail]));
  const threads = new Map<string, Mail[]>();
  for (const mail of letters) {
    if (mail.subject.total === undefined) continue;
    const root = rootOf(mail, byId).messageId ?? '';
    const key = JSON.stringify([root, mail.subject.total, mail.subject.trees]);
    threads.set(key, [...(threads.get(key) ?? []), mail]);
  }
  return [...threads.values()];
}

function rootOf(mail: Mail, byId: ReadonlyMap<string | undefined, Mail>): Mail {
  const seen = new Set<Mail>();
  let root = mail;
  while (root.subject.number !== 0 && root.inReplyTo !== undefined && !seen.has(root)) {
    seen.add(root);
    const parent = byId.get(root.inReplyTo);
    if (parent === undefined || parent.subject.total !== mail.subject.total) break;
    root = parent;
  }
  return root;
}

/** Undefined: a number is missing, or there twice. */
function wholeOf(members: readonly Mail[]): Candidate | undefined {
  const covers = members.filter(({subject}) => subject.number === 0);
  const mails = members.filter(({subject}) => subject.number !== 0);
  const numbers = new Set(mails.map(({subject}) => subject.number));
  const newest = members.toSorted((a, b) => b.subject.version - a.subject.version)[0];
  if (newest === undefined || covers.length > 1 || numbers.size !== mails.length) return undefined;
  const [cover] = covers;
  const whole = {...emptyCandidate(newest), ...(cover === undefined ? {} : {cover}), mails};
  return mails.length > 0 && missingNumbers(whole).length === 0 ? whole : undefined;
}

function without(candidate: Candidate, members: readonly Mail[]): Candidate {
  const {cover, ...rest} = candidate;
  const kept = cover === undefined || members.includes(cover) ? {} : {cover};
  return {...rest, ...kept, mails: candidate.mails.filter((mail) => !members.includes(mail))};
}
