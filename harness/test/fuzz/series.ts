// SPDX-License-Identifier: MIT
/**
 * Mailboxes out of a grammar, whose truth is known: every spelling of a prefix, versions, rerolls, reposts, talk. What
 * must hold of what is chosen from them; git is not called.
 */
import fc from 'fast-check';
import {UserError} from '../../lib/errors.js';
import {readDiff} from '../../series/diff.js';
import type {Mail} from '../../series/mail.js';
import {selectSeries} from '../../series/select.js';
import {parseSubject} from '../../series/subject.js';

export interface Letter {
  version: number;
  number: number;
  total: number;
  /** Which spelling of the prefix; what stands around it. */
  spelling: number;
  tag: number;
  title: number;
  change: number;
  author: number;
  reply: boolean;
  hasId: boolean;
  parent: number;
}

const NUMBERS = [
  (letter: Letter) => `${letter.number}/${letter.total}`,
  (letter: Letter) => `${String(letter.number).padStart(2, '0')}/${String(letter.total).padStart(2, '0')}`,
  (letter: Letter) => `${letter.number} of ${letter.total}`,
];
const SPELLINGS: readonly ((version: string, numbers: string) => string)[] = [
  (version, numbers) => `[PATCH ${version} ${numbers}]`,
  (version, numbers) => `[${version} PATCH ${numbers}]`,
  (version, numbers) => `[PATCH ${numbers} ${version}]`,
  (version, numbers) => `[PATCH${version} ${numbers}]`,
  (version, numbers) => `[RFC PATCH ${version}, ${numbers}]`,
  (version, numbers) => `[PATCH][${version}][${numbers}]`,
  (version, numbers) => `[${version},${numbers}]`,
  (version, numbers) => `[PATCHSET ${version} ${numbers}]:`,
  (version, numbers) => `[PATCH/RFC ${version.toUpperCase()} ${numbers}]`,
];
const TAGS = ['', '[linux-mm] ', '[dev] [topic] ', '[net-next] ', '[x86] '];
const TITLES = ['mm: one', 'fs: two', 'net: [tag] three'];
const PATHS = ['mm/one.c', 'fs/two.c', 'net/three.c'];

const letter: fc.Arbitrary<Letter> = fc
  .record({
    version: fc.integer({min: 1, max: 3}),
    number: fc.oneof({weight: 60, arbitrary: fc.integer({min: 0, max: 3})}, {weight: 1, arbitrary: fc.nat()}),
    total: fc.oneof({weight: 60, arbitrary: fc.integer({min: 1, max: 3})}, {weight: 1, arbitrary: fc.nat()}),
    spelling: fc.nat({max: SPELLINGS.length * NUMBERS.length - 1}),
    tag: fc.nat({max: TAGS.length - 1}),
    title: fc.nat({max: TITLES.length - 1}),
    change: fc.nat({max: 2}),
    author: fc.nat({max: 1}),
    reply: fc.nat({max: 5}).map((draw) => draw === 0),
    hasId: fc.boolean(),
    parent: fc.nat({max: 6}),
    beyond: fc.nat({max: 40}),
  })
  .map(({beyond, ...drawn}) => (beyond === 0 ? drawn : {...drawn, number: Math.min(drawn.number, drawn.total)}));

export const letters: fc.Arbitrary<Letter[]> = fc.array(letter, {minLength: 1, maxLength: 7});

/** The subject of a letter, as somebody's mail program writes it. */
export function subjectOf(letter: Letter): string {
  const numbers = NUMBERS[letter.spelling % NUMBERS.length]?.(letter) ?? '';
  const spell = SPELLINGS[Math.floor(letter.spelling / NUMBERS.length)];
  const prefix = spell?.(letter.version === 1 ? 'v1' : `v${letter.version}`, numbers) ?? '';
  return `${letter.reply ? 'Re: ' : ''}${TAGS[letter.tag]}${prefix} ${TITLES[letter.title]}`;
}

/** What is wrong; undefined: everything that must hold does. */
export function badSelection(given: readonly Letter[]): string | undefined {
  const mails = given.map((letter, at) => mailOf(letter, at));
  for (const [at, {subject}] of mails.entries()) {
    const letter = given[at] as Letter;
    const read = [subject.version, subject.number, subject.total, subject.reply, subject.patch].join();
    const truth = [letter.version, letter.number, letter.total, letter.reply, true].join();
    if (read !== truth) return `${subjectOf(letter)} is read as ${read}`;
    if (subject.text !== TITLES[letter.title]) return `${subjectOf(letter)} has the title ${subject.text}`;
  }
  let chosen: ReturnType<typeof selectSeries>;
  try {
    chosen = selectSeries(mails, 'box');
  } catch (error) {
    return error instanceof UserError && error.message.length < 4000 ? undefined : `threw ${error}`;
  }
  const {patches, notes} = chosen;
  const [first] = patches;
  if (first === undefined) return 'a series of no patches is taken';
  const {number, total} = first.subject;
  if (number !== undefined && patches.some(({subject}, at) => subject.number !== at + 1)) return 'a number is missing';
  if (number !== undefined && patches.length !== total) return `${patches.length} of ${total} are taken`;
  // A newer patch, or another one of the same number, is never dropped without a word.
  const diffs = new Set(patches.map(({diff}) => diff.toString()));
  const dropped = mails.filter(
    ({subject, diff, facts}) => facts.files.length > 0 && subject.number !== 0 && !diffs.has(diff.toString()),
  );
  if (dropped.length > 0 && notes.length === 0) return 'a patch is dropped, and nothing says so';
  const newer = dropped.find(
    ({subject, inReplyTo}) => !subject.reply && subject.version > chosen.version && inReplyTo === undefined,
  );
  if (newer !== undefined && number !== undefined)
    return `v${newer.subject.version} is there, v${chosen.version} is taken`;
  return undefined;
}

function mailOf(letter: Letter, at: number): Mail {
  const path = PATHS[letter.title] ?? '';
  const text =
    letter.number === 0
      ? ''
      : `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-old\n+new ${letter.change}\n-- \n2.47.0\n`;
  const parent = letter.parent < at ? `${letter.parent}@x` : undefined;
  return {
    subject: parseSubject(subjectOf(letter)),
    author: {name: `A${letter.author}`, email: `a${letter.author}@example.org`},
    ...(letter.hasId ? {messageId: `${at}@x`} : {}),
    ...(letter.hasId && parent !== undefined ? {inReplyTo: parent} : {}),
    references: [],
    message: 'Why.',
    diff: Buffer.from(text),
    facts: readDiff(Buffer.from(text)),
    contentType: '',
    flowed: false,
    alone: !letter.hasId,
    notes: [],
  };
}
