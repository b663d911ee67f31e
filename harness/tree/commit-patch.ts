// SPDX-License-Identifier: MIT
import type {Patch} from '../series/series.js';
import type {Git} from './git.js';

/**
 * Commits an index on top of `parent`, as the patch's author at the patch's time; the committer is kverdict at the same
 * time, so that the same input gives the same hash. Returns undefined when the tree is that of the parent.
 */
export async function commitPatch(
  git: Git,
  indexFile: string,
  patch: Patch,
  parent: string,
): Promise<string | undefined> {
  const tree = await git.text(['write-tree'], {indexFile});
  if (tree === (await git.text(['rev-parse', `${parent}^{tree}`]))) return undefined;
  const date = gitDate(patch.date) ?? `${await git.text(['log', '-1', '--format=%ct', parent])} +0000`;
  return git.text(['commit-tree', tree, '-p', parent, '-F', '-'], {
    input: `${patch.subject}\n\n${patch.message}`.trimEnd().concat('\n'),
    env: {
      GIT_AUTHOR_NAME: identity(patch.author.name) || identity(patch.author.email.split('@')[0] ?? '') || 'unknown',
      GIT_AUTHOR_EMAIL: identity(patch.author.email) || 'unknown@localhost',
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
  });
}

/** RFC 2822 as git's own `SECONDS ZONE`; undefined for a date that a mail program made up. Pure. */
export function gitDate(date: string | undefined): string | undefined {
  const ms = Date.parse(date ?? '');
  // git refuses times before 1970.
  if (!Number.isFinite(ms) || ms < 0) return undefined;
  const zone = /[+-]\d{4}(?=\s*(?:\(.*\))?\s*$)/.exec(date ?? '')?.[0] ?? '+0000';
  return `@${Math.floor(ms / 1000)} ${zone}`;
}

/** git refuses a name of nothing but these, and cuts them off. */
function identity(text: string): string {
  return text
    .replace(/[<>\p{Cc}]/gu, ' ')
    .trim()
    .replace(/^[.,:;"'\\]+|[.,:;"'\\]+$/g, '');
}
