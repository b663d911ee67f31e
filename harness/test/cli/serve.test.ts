// SPDX-License-Identifier: MIT
/** The command as it is typed: its errors, and that Ctrl-C is its end. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {openHistory, sql} from '../../history/database.js';
import {resolvePaths} from '../../lib/paths.js';

const MAIN = join(resolvePaths().project, 'dist/harness/cli/main.js');
const home = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(home, {recursive: true}));
const state = join(home, 'kverdict');

interface Running {
  child: ChildProcess;
  said: {out: string; err: string};
  ended: Promise<{code: number | null; out: string; err: string}>;
}

function start(...words: string[]): Running {
  const env = {...process.env, XDG_STATE_HOME: home};
  const child = spawn(process.execPath, [MAIN, 'serve', ...words], {env, stdio: ['ignore', 'pipe', 'pipe']});
  t.teardown(() => child.kill('SIGKILL'));
  const said = {out: '', err: ''};
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
  const ended = once(child, 'close').then(([code]) => ({code: code as number | null, ...said}));
  return {child, said, ended};
}

/** The first line: where it is. */
async function addressOf({child, said}: Running): Promise<string> {
  while (!said.out.includes('\n')) await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
  return said.out.split('\n', 1)[0] ?? '';
}

t.test('no history yet: how to make one, and nothing is made', async (t) => {
  const {code, out, err} = await start().ended;
  t.equal(code, 128);
  t.equal(out, '');
  t.match(err, /your input: There is no history yet: `.*history\.sqlite` is not there/);
  t.match(err, /hint: `kverdict nightly CONFIG` makes one/);
  t.notOk(existsSync(state));
});

t.test('words that make no sense', async (t) => {
  for (const [words, message] of [
    [['--host', '0.0.0.0'], /Expected --host to be 127\.0\.0\.1, localhost, ::1, got `0\.0\.0\.0`/],
    [['--port', '99999'], /Expected a port from 0 to 65535/],
    [['--socket', 's', '--port', '1'], /--socket and --port exclude each other/],
  ] as const) {
    const {code, err} = await start(...words).ended;
    t.equal(code, 129, words.join(' '));
    t.match(err, message);
  }
});

t.test('it serves until Ctrl-C, which is no failure', async (t) => {
  await (await openHistory({state}))[Symbol.asyncDispose]();
  const running = start('--port', '0');
  const address = await addressOf(running);
  const page = await fetch(address);
  t.equal(page.status, 200);
  t.match(await page.text(), /Nothing yet/);
  const port = new URL(address).port;
  const second = await start('--port', port).ended;
  t.equal(second.code, 128);
  t.match(second.err, new RegExp(`your input: Port ${port} of 127\\.0\\.0\\.1 is taken`));
  running.child.kill('SIGINT');
  const {code, err} = await running.ended;
  t.same([code, err], [0, '']);
  await t.rejects(fetch(address), 'nobody answers any more');
  t.notOk(existsSync(join(state, 'history.sqlite-wal')), 'the history is closed');
});

t.test('a socket is gone afterwards', async (t) => {
  const socket = join(home, 'pages.sock');
  const running = start('--socket', socket);
  t.equal(await addressOf(running), socket);
  t.ok(existsSync(socket));
  running.child.kill('SIGTERM');
  t.equal((await running.ended).code, 0);
  t.notOk(existsSync(socket));
});

t.test('a history of a newer kverdict is not touched', async (t) => {
  const history = await openHistory({state});
  await sql`PRAGMA user_version = 99`.execute(history.db);
  await history[Symbol.asyncDispose]();
  const {code, err} = await start('--port', '0').ended;
  t.equal(code, 128);
  t.match(err, /was written by a newer kverdict: its schema is 99/);
});
