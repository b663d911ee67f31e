// SPDX-License-Identifier: MIT
/** Files of a run's folder. Only runs of the history have one here, and nothing outside of it is ever opened. */
import {createReadStream} from 'node:fs';
import {extname} from 'node:path';
import {InfraError} from '../lib/errors.js';
import {takeOpen} from '../lib/intake.js';
import type {Answer} from './answer.js';
import {Refusal} from './request.js';

/** What is text to a person; anything else is saved, not shown. XML is shown as text: a browser would run what is in it. */
const TEXT = new Set([
  '',
  '.log',
  '.txt',
  '.json',
  '.jsonl',
  '.xml',
  '.tap',
  '.md',
  '.eml',
  '.html',
  '.config',
  '.yaml',
  '.c',
  '.patch',
  '.mbox',
]);

/** Logs hold what guests printed: nothing in them acts. */
const INERT = "default-src 'none'; sandbox; frame-ancestors 'none'";
/**
 * The report has a policy of its own with the hashes of its style and script. This one comes on top, as an older
 * kverdict may have written it: a sandbox without an origin, so that it cannot read other pages, and no network.
 */
const REPORT = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "script-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-scripts allow-modals allow-downloads',
].join('; ');

/**
 * @param parts of the path in the folder, as `readRequest` gives them
 * @param pages files that are shown as pages: the report that the history names
 * @throws Refusal 404 when there is no such file in it
 */
export function answerFile(folder: string, parts: readonly string[], pages: ReadonlySet<string>): Answer {
  const name = parts.join('/');
  const {fd, size} = openInside(folder, parts);
  const isPage = pages.has(name);
  const isText = TEXT.has(extname(name));
  return {
    status: 200,
    type: isPage ? 'text/html; charset=utf-8' : isText ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    policy: isPage ? REPORT : INERT,
    // Not a byte more than was promised: a log may still be growing.
    body: {stream: createReadStream('', {fd, start: 0, end: Math.max(0, size - 1)}), bytes: size},
    ...(isPage || isText ? {} : {attachment: true}),
  };
}

const IN_RUN = {what: 'a file of a run', blame: 'infra', links: 'below'} as const;

function openInside(folder: string, parts: readonly string[]): {fd: number; size: number} {
  if (parts.length === 0 || parts.some((part) => part.startsWith('.')))
    throw new Refusal(404, 'There is no such file.');
  const found = takeInside(folder, parts.join('/'));
  if (found !== undefined) return found;
  throw new Refusal(
    404,
    `There is no file \`${parts.join('/')}\` in the folder of this run; runs may have been cleaned.`,
  );
}

/** Gone, not ours to read, no file, or not in the folder: to who asks it is the same. */
function takeInside(folder: string, path: string): ReturnType<typeof takeOpen> {
  try {
    return takeOpen(folder, path, IN_RUN);
  } catch (error) {
    if (error instanceof InfraError) return undefined;
    throw error;
  }
}
