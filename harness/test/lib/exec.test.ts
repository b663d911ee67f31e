// SPDX-License-Identifier: MIT
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {InfraError} from '../../lib/errors.js';
import type {RunEvent} from '../../lib/events.js';
import {noEvents} from '../../lib/events.js';
import {CommandFailed, createExec} from '../../lib/exec.js';

const folder = mkdtempSync(join(tmpdir(), 'kverdict-exec-'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));

function fresh(): {exec: ReturnType<typeof createExec>; events: RunEvent[]; abort: AbortController} {
  const events: RunEvent[] = [];
  const abort = new AbortController();
  return {exec: createExec((event) => events.push(event), abort.signal), events, abort};
}

const isRunning = (pid: string): boolean => existsSync(`/proc/${pid.trim()}/exe`) && !/\) Z/.test(stat(pid));
const stat = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid.trim()}/stat`, 'latin1');
  } catch {
    return ') Z';
  }
};

t.test('a non-zero exit is an answer to run, an error to runOk', async (t) => {
  const {exec} = fresh();
  const done = await exec.run('sh', ['-c', 'echo out; echo err >&2; exit 3']);
  t.match(done, {exitCode: 3, stdout: 'out\n', stderr: 'err\n', endedBy: null, timedOut: false});
  const error = await exec.runOk('sh', ['-c', 'echo the reason >&2; exit 3']).catch((thrown: unknown) => thrown);
  t.type(error, CommandFailed);
  t.match((error as Error).message, /exited 3:\nthe reason/);
});

t.test('a program that is not there: who, and how to go on', async (t) => {
  const {exec} = fresh();
  const error = (await exec.run('kverdict-no-such-program', []).catch((thrown: unknown) => thrown)) as InfraError;
  t.type(error, InfraError);
  t.match(error.message, /Cannot start `kverdict-no-such-program`/);
  t.match(error.hint, /kverdict doctor/);
});

t.test('every command is an event, quoted so that it can be pasted', async (t) => {
  const {exec, events} = fresh();
  await exec.run('echo', ["it's", 'a b'], {env: {LC_ALL: 'C'}});
  t.match(events[0], {type: 'command', line: `LC_ALL=C echo 'it'\\''s' 'a b'`});
});

t.test('a log holds stdout and stderr in the order written', async (t) => {
  const {exec} = fresh();
  const log = join(folder, 'order.log');
  await exec.run('sh', ['-c', 'for i in 1 2 3; do echo o$i; echo e$i >&2; done'], {log});
  t.equal(readFileSync(log, 'utf8'), 'o1\ne1\no2\ne2\no3\ne3\n');
});

t.test('a time limit ends grandchildren as well', async (t) => {
  const {exec} = fresh();
  const pidFile = join(folder, 'grandchild');
  const done = await exec.run('sh', ['-c', `sleep 60 & echo $! >${pidFile}; wait`], {timeoutSeconds: 0.3});
  t.equal(done.timedOut, true);
  t.ok(done.seconds < 5, 'it did not wait for the sleep');
  t.equal(isRunning(readFileSync(pidFile, 'utf8')), false, 'the grandchild is gone');
});

t.test('an abort ends what runs, and a command that ignores SIGTERM too', async (t) => {
  const {exec, abort} = fresh();
  const child = exec.start('sh', ['-c', 'trap "" TERM; while :; do sleep 0.05; done']);
  setTimeout(() => abort.abort(new Error('Ctrl-C')), 100);
  const done = await child.exited;
  t.equal(done.exitCode, null);
  t.equal(child.running, false);
  await t.rejects(exec.run('true', []), /Ctrl-C/, 'nothing new is started');
});

t.test('a program that prints without end, or writes such a file, is ended', async (t) => {
  const folder = t.testdir({});
  const exec = createExec(noEvents, new AbortController().signal);
  const log = join(folder, 'log');
  const limits = {timeoutSeconds: 20, maxLogBytes: 1_000_000};
  const flood = await exec.run('sh', ['-c', 'yes; yes'], {log, ...limits});
  t.equal(flood.flooded, true);
  t.equal(flood.timedOut, false);
  t.ok(flood.seconds < 10, `${flood.seconds} s`);
  const again = await exec.run('true', [], {log, ...limits});
  t.equal(again.flooded, false, 'what was there before does not count');
  const bound = {file: join(folder, 'console'), maxBytes: 1000};
  const writes = await exec.run('sh', ['-c', `yes | head -c 100000 > ${bound.file}; sleep 30`], {
    bound,
    timeoutSeconds: 20,
  });
  t.equal(writes.flooded, true);
});
