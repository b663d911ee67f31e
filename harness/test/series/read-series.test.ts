// SPDX-License-Identifier: MIT
/** Each folder of `fixtures/series` is a case: what was given, and `expected.json`. Adding a folder adds a test. */
import {setMaxListeners} from 'node:events';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import type {Context} from '../../lib/context.js';
import {UserError} from '../../lib/errors.js';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';
import {decode} from '../../series/bytes.js';
import {readSeries} from '../../series/read-series.js';
import type {Patch, Series} from '../../series/series.js';

interface ExpectedPatch extends Partial<Omit<Patch, 'author'>> {
  author?: string;
  diffHas?: string;
}

interface Expected {
  /** Words of the command line; `input.mbox` when absent. */
  words?: string[];
  error?: string;
  /** The whole message of the error; `error` is a part of it. */
  message?: string;
  errorHas?: string[];
  hint?: string;
  baseCommit?: string | null;
  patches?: ExpectedPatch[];
}

const folder = join(resolvePaths().project, 'harness/test/fixtures/series');
const cache = mkdtempSync(join(tmpdir(), 'kverdict-test-'));
const {signal} = new AbortController();
setMaxListeners(0, signal);
const ctx: Context = {
  paths: {...resolvePaths(), cache},
  exec: createExec(noEvents, signal),
  emit: noEvents,
  signal,
};
t.teardown(() => rmSync(cache, {recursive: true, force: true}));

// Each case starts git three times, and the host may be busy.
t.setTimeout(300_000);
t.test('the cases', {jobs: 4}, async (t) => {
  for (const name of readdirSync(folder)) {
    t.test(name.replaceAll('-', ' '), async (t) => {
      const cwd = join(folder, name);
      const expected: Expected = JSON.parse(readFileSync(join(cwd, 'expected.json'), 'utf8'));
      const read = readSeries(ctx, expected.words ?? ['input.mbox'], {tree: undefined, stdin: noStdin, cwd});
      if (expected.error === undefined && expected.message === undefined) checkSeries(t, await read, expected);
      else checkError(t, await read.catch((error: unknown) => error), expected);
    });
  }
});

function checkSeries(t: Tap, series: Series, {words: _words, baseCommit, patches = [], ...facts}: Expected): void {
  for (const [key, value] of Object.entries(facts)) t.same(series[key as keyof Series], value, key);
  if (baseCommit !== undefined) t.equal(series.baseCommit ?? null, baseCommit);
  t.equal(series.patches.length, patches.length, 'as many patches');
  for (const [at, {author, diffHas, ...wanted}] of patches.entries()) {
    const patch = series.patches[at];
    for (const [key, value] of Object.entries(wanted)) t.same(patch?.[key as keyof Patch], value, key);
    if (author !== undefined) t.equal(`${patch?.author.name} <${patch?.author.email}>`, author);
    if (diffHas !== undefined)
      t.ok(decode(patch?.diff ?? Buffer.alloc(0)).includes(diffHas), `the diff has ${diffHas}`);
  }
}

function checkError(t: Tap, error: unknown, expected: Expected): void {
  t.ok(error instanceof UserError, 'the input is to blame');
  const {message, hint} = error as UserError;
  if (expected.message !== undefined) t.equal(message, expected.message);
  for (const text of [expected.error ?? '', ...(expected.errorHas ?? [])]) {
    t.ok(message.includes(text), `"${message}" has "${text}"`);
  }
  if (expected.hint !== undefined) t.ok(hint?.includes(expected.hint), `"${hint}" has "${expected.hint}"`);
}

t.test('leaves no temporary files', async (t) => {
  t.same(existsSync(join(cache, 'tmp')) ? readdirSync(join(cache, 'tmp')) : [], []);
});

type Tap = Pick<typeof t, 'ok' | 'equal' | 'same'>;

async function noStdin(): Promise<Uint8Array> {
  throw new Error('nothing is read from standard input here');
}
