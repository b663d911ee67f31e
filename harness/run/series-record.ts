// SPDX-License-Identifier: MIT
/** What results.json says of what was compared with the base: a series, or a later commit. Pure. */
import {createHash} from 'node:crypto';
import type {Series} from '../series/series.js';
import type {CommitsBetween} from '../tree/commits-between.js';
import type {Results} from '../verdict/results.js';

/** A commit of a history that is compared with another. */
export interface ComparedCommit extends CommitsBetween {
  commit: string;
  /** As `git describe` says it. */
  name: string;
}

export function seriesRecord(series: Series | undefined): Results['series'] {
  if (series === undefined) return null;
  const {title, version, source, messageId, patches} = series;
  return {
    ...{title, version, source},
    ...(messageId === undefined ? {} : {messageId}),
    patchsetHash: patchsetHash(series),
    patches: patches.map((patch) => ({
      number: patch.number,
      subject: patch.subject,
      files: [...patch.files],
      author: patch.author,
      ...(patch.messageId === undefined ? {} : {messageId: patch.messageId}),
    })),
  };
}

/** The commits that the base lacks stand where the patches of a series would. */
export function historyRecord({commit, name, count, commits}: ComparedCommit, base = ''): Results['series'] {
  return {
    title: `${base} to ${name}`,
    version: 1,
    source: `${base}..${commit}`,
    history: {commit, name, commits: count},
    patches: commits.map(({subject, author, files}, at) => ({
      ...{number: count - commits.length + at + 1, subject, author, files},
    })),
  };
}

/** KCIDB's: sha256 over the newline-terminated sha256 of each patch, as `git apply` gets it. */
function patchsetHash({patches}: Series): string {
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const hashes = patches.map(({diff}) => `${sha256(diff)}\n`);
  return sha256(Buffer.from(hashes.join('')));
}
