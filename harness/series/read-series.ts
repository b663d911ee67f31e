// SPDX-License-Identifier: MIT
import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {fetchThread, messageIdOf} from './b4.js';
import {held} from './bytes.js';
import {checkPatchMail, mailName} from './damage.js';
import {pathsOf} from './diff.js';
import type {Mail} from './mail.js';
import {parseRange, type RangeTree, readRange} from './range.js';
import {selectSeries} from './select.js';
import type {Patch, Series} from './series.js';
import {type Mails, readMailBytes, readMailFiles} from './sources.js';
import {readBaseTrailers} from './trailers.js';

export interface SeriesSource {
  /** For a commit range. */
  tree: RangeTree | undefined;
  stdin: () => Promise<Uint8Array>;
  /** Relative paths start here. */
  cwd: string;
}

/**
 * Reads the series that the words of a command line name: an mbox, `-`, a directory or list of `*.patch`, a commit
 * range `A..B`, a Message-ID or an archive's address.
 * @throws UserError for anything that is not a whole series, with what is missing or damaged
 */
export async function readSeries(ctx: Context, words: readonly string[], from: SeriesSource): Promise<Series> {
  const [word] = words;
  if (word === undefined)
    throw new UserError('No series given', {hint: 'Name an mbox, `-`, `*.patch` files or `A..B`.'});
  const source = words.length === 1 ? word : `${word} and ${words.length - 1} more`;
  if (words.length === 1 && word === '-')
    return assemble(await readMailBytes(ctx, await held(from.stdin()), '-'), source);
  if (words.length === 1 && !existsSync(resolve(from.cwd, word))) {
    const messageId = messageIdOf(word);
    if (messageId !== undefined) {
      const thread = await held(fetchThread(ctx, messageId));
      return assemble(await readMailBytes(ctx, thread, word), messageId, messageId);
    }
    if (parseRange(word) !== undefined || /\S\.\.\.\S/.test(word)) {
      if (from.tree !== undefined) return readRange(ctx, word, from.tree);
      throw new UserError(`The range \`${word}\` needs a git tree`, {hint: 'Name it with `--tree DIR`.'});
    }
  }
  return assemble(await readMailFiles(ctx, words, from.cwd), source);
}

function assemble({mails, notes: read}: Mails, source: string, wanted?: string): Series {
  const {cover, patches: chosen, version, notes} = selectSeries(mails, source, wanted);
  for (const mail of chosen) checkPatchMail(mail, source);
  const letters = cover === undefined ? chosen : [cover, ...chosen];
  const trailers = readBaseTrailers(letters);
  const patches = chosen.map(toPatch);
  const messageId = letters.find((mail) => mail.messageId !== undefined)?.messageId;
  return {
    title: cover?.subject.text || patches[0]?.subject || source,
    version,
    patches,
    ...(trailers.baseCommit === undefined ? {} : {baseCommit: trailers.baseCommit}),
    prerequisites: trailers.prerequisites,
    ...(messageId === undefined ? {} : {messageId}),
    source,
    notes: [
      ...read,
      ...notes,
      ...letters.flatMap((mail) => mail.notes),
      ...trailers.notes,
      ...chosen
        .filter((mail) => mail.flowed)
        .map((mail) => `${mailName(mail)} was sent as format=flowed: its diff is whole again`),
    ],
  };
}

function toPatch(mail: Mail, at: number): Patch {
  return {
    number: at + 1,
    subject: mail.subject.text || '(no subject)',
    author: mail.author,
    ...(mail.date === undefined ? {} : {date: mail.date}),
    ...(mail.messageId === undefined ? {} : {messageId: mail.messageId}),
    message: mail.message,
    diff: mail.diff,
    files: pathsOf(mail.facts.files),
  };
}
