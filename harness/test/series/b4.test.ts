// SPDX-License-Identifier: MIT
import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import t from 'tap';
import type {Context} from '../../lib/context.js';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';
import {messageIdOf} from '../../series/b4.js';
import {readSeries} from '../../series/read-series.js';

const root = mkdtempSync(join(tmpdir(), 'kverdict-test-'));
const bin = join(root, 'bin');
const {signal} = new AbortController();
const ctx: Context = {
  paths: {...resolvePaths(), cache: join(root, 'cache')},
  exec: createExec(noEvents, signal),
  emit: noEvents,
  signal,
};
const path = process.env.PATH;
t.teardown(() => rmSync(root, {recursive: true, force: true}));
t.afterEach(() => {
  process.env.PATH = path;
});
const from = {tree: undefined, stdin: async () => new Uint8Array(), cwd: root};

/** A b4 that says how it was called and prints what it is given. */
function installB4(script: string): void {
  mkdirSync(bin, {recursive: true});
  writeFileSync(join(bin, 'b4'), `#!/bin/sh\necho "$@" > ${join(root, 'called')}\n${script}\n`);
  chmodSync(join(bin, 'b4'), 0o755);
  process.env.PATH = `${bin}${delimiter}${path}`;
}

t.test('which words are a Message-ID', async (t) => {
  for (const [word, id] of [
    ['<20261102.1@example.org>', '20261102.1@example.org'],
    ['20261102.1@example.org', '20261102.1@example.org'],
    ['https://lore.kernel.org/linux-mm/20261102.1@example.org/', '20261102.1@example.org'],
    ['https://lore.kernel.org/all/20261102.1@example.org/t.mbox.gz', '20261102.1@example.org'],
    ['https://lore.kernel.org/r/a%2Fb@example.org/T/#u', 'a/b@example.org'],
    ['https://patch.msgid.link/20261102.1@example.org', '20261102.1@example.org'],
    ['https://lkml.kernel.org/r/20261102.1@example.org', '20261102.1@example.org'],
    ['https://example.org/20261102.1@example.org', undefined],
    ['HEAD~2..HEAD', undefined],
    ['some.mbox', undefined],
  ] as const) {
    t.equal(messageIdOf(word), id, word);
  }
});

t.test('the version that holds the mail is taken, not the newest', async (t) => {
  const thread = join(resolvePaths().project, 'harness/test/fixtures/series/two-versions-newest-wins/input.mbox');
  installB4(`cat ${thread}`);
  const old = await readSeries(ctx, ['<1@x>'], from);
  t.match(old, {version: 1, source: '1@x', messageId: '1@x'});
  t.equal(readFileSync(join(root, 'called'), 'utf8').trim(), 'mbox -o - 1@x');
  t.match(await readSeries(ctx, ['https://lore.kernel.org/all/1v2@x/'], from), {version: 2, messageId: '1v2@x'});
});

t.test('b4 that finds nothing is quoted', async (t) => {
  installB4('echo "From part of a thread"; echo "That message-id is not known." >&2; exit 1');
  await t.rejects(readSeries(ctx, ['<1@x>'], from), {
    name: 'UserError',
    message: 'b4 cannot fetch <1@x>: That message-id is not known.',
    hint: /b4 mbox 1@x/,
  });
});

t.test('without b4 the way to go on is named', async (t) => {
  process.env.PATH = join(root, 'empty');
  await t.rejects(readSeries(ctx, ['<1@x>'], from), {
    name: 'UserError',
    message: 'Cannot fetch <1@x>: b4 is not installed',
    hint: /apt install b4/,
  });
});

t.test('standard input, and nothing on it', async (t) => {
  const mail = join(resolvePaths().project, 'harness/test/fixtures/series/one-patch/input.mbox');
  const stdin = async (): Promise<Uint8Array> => readFileSync(mail);
  t.match(await readSeries(ctx, ['-'], {...from, stdin}), {title: 'mm: one', source: '-'});
  await t.rejects(readSeries(ctx, ['-'], from), {message: '`-` is empty (0 bytes)', hint: /standard input/});
  await t.rejects(readSeries(ctx, ['A..B'], from), {message: 'The range `A..B` needs a git tree'});
  await t.rejects(readSeries(ctx, [], from), {message: 'No series given'});
});
