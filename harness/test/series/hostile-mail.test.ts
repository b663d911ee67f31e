// SPDX-License-Identifier: MIT
/** Mails that would end or fill the process: each is an error about the input, with a bound on what was read. */
import {execFileSync, spawn} from 'node:child_process';
import {setMaxListeners} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {gzipSync} from 'node:zlib';
import t from 'tap';
import type {Context} from '../../lib/context.js';
import {UserError} from '../../lib/errors.js';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';
import {readStdin} from '../../run/stdin.js';
import {readSeries} from '../../series/read-series.js';

const folder = mkdtempSync(join(tmpdir(), 'kverdict-mail-'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
const {signal} = new AbortController();
setMaxListeners(0, signal);
const ctx: Context = {
  paths: {...resolvePaths(), cache: join(folder, 'cache')},
  exec: createExec(noEvents, signal),
  emit: noEvents,
  signal,
};

const DIFF = 'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+y\n';
const mail = (subject: string, header = '', body = `text\n---\n${DIFF}`): string =>
  `From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: ${subject}\n${header}\n${body}\n`;

/** The error's words, or the series' title. */
async function read(name: string): Promise<string> {
  const from = {tree: undefined, stdin: () => Promise.reject(new Error('no stdin')), cwd: folder};
  try {
    return `title: ${(await readSeries(ctx, [name], from)).title}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
async function readText(content: string | Uint8Array): Promise<string> {
  writeFileSync(join(folder, 'mbox'), content);
  return read('mbox');
}

t.test('a total that no memory holds is an error, not a list', async (t) => {
  const many = /names a series of \S+ patches; a series has at most 1000$/;
  t.match(await readText(mail('[PATCH 1/400000000] x')), many);
  t.match(await readText(mail(`[PATCH 1/${'9'.repeat(400)}] x`)), many);
});

t.test('gzip: one that unpacks to too much, one that is cut, one that is none', async (t) => {
  const limit = 'has more than 134217728 bytes: not a series of mails';
  t.equal(await readText(gzipSync(Buffer.alloc(140 * 1024 * 1024))), `\`mbox\` (unpacked) ${limit}`);
  const whole = gzipSync(mail('[PATCH] x'));
  t.equal(await readText(whole), 'title: x');
  t.equal(await readText(whole.subarray(0, 60)), 'Cannot unpack `mbox`: unexpected end of file');
  t.match(await readText(Buffer.from([0x1f, 0x8b, 1, 2, 3])), /^Cannot unpack `mbox`: /);
});

t.test('too large, too many', async (t) => {
  writeFileSync(join(folder, 'large'), '');
  truncateSync(join(folder, 'large'), 200 * 1024 * 1024);
  t.equal(await read('large'), '`large` has more than 134217728 bytes: not a series of mails');
  t.equal(await readText('From x\n\n\n'.repeat(6000)), '`mbox` has more than 5000 mails: not a thread');
});

t.test('what is no file', async (t) => {
  mkdirSync(join(folder, 'series'));
  symlinkSync('/dev/zero', join(folder, 'series/1.patch'));
  t.equal(await read('/dev/zero'), 'Expected `/dev/zero`, with mails, to be a regular file, got a device');
  t.equal(await read('series'), 'Expected `/dev/zero`, with mails, to be a regular file, got a device');
});

t.test('a pipe that nobody writes to is waited for, and Ctrl-C is heard', async (t) => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('Ctrl-C')), 100);
  const from = {tree: undefined, stdin: () => Promise.reject(), cwd: folder};
  await t.rejects(readSeries({...ctx, signal: abort.signal}, ['pipe'], from), {message: 'Ctrl-C'});
});

t.test('a pipe that somebody writes to is a mailbox', async (t) => {
  writeFileSync(join(folder, 'one'), mail('[PATCH] by a pipe'));
  const writer = spawn('sh', ['-c', `cat one > pipe`], {cwd: folder});
  await new Promise((resolve) => setTimeout(resolve, 200));
  t.equal(await read('pipe'), 'title: by a pipe');
  writer.kill();
});

t.test('nested without end, cut in a header, no header at all: what git says, or a clear error', async (t) => {
  const depth = 3000;
  const open = Array.from(
    {length: depth},
    (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
  );
  const nested = mail(
    '[PATCH] nested',
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n',
    open.join(''),
  );
  t.match(await readText(nested), /^(?:Mail|mail|No patch in `mbox`|Cannot)/);
  t.match(await readText(mail('[PATCH] x').slice(0, 90)), /^No patch in `mbox`|^Cannot read/);
  t.match(await readText(`Subject: ${'x'.repeat(3_000_000)}`), /^No patch in `mbox`|^Cannot read/);
  t.match(await readText(`X: y\n${'A: b\n'.repeat(400_000)}\n\nbody`), /^No patch in `mbox`|^Cannot read/);
});

t.test('standard input ends at the limit', async (t) => {
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(1024 * 1024, 'x'));
    },
  });
  const {stdin} = process;
  Object.defineProperty(process, 'stdin', {value: endless, configurable: true});
  t.teardown(() => Object.defineProperty(process, 'stdin', {value: stdin, configurable: true}));
  await t.rejects(readStdin(), {message: 'Standard input has more than 134217728 bytes: not a series of mails'});
});
