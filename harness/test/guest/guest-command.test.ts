// SPDX-License-Identifier: MIT
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import t from 'tap';
import {guestCommand, readStatus} from '../../guest/guest-command.js';

const run = promisify(execFile);
const inShell = async (script: string): Promise<{code: number; stdout: string}> => {
  try {
    return {code: 0, stdout: (await run('sh', ['-c', script])).stdout};
  } catch (error) {
    return error as {code: number; stdout: string};
  }
};

t.test('a command ends with its own status, and what it said', async (t) => {
  t.match(await inShell(guestCommand('echo out; echo err >&2; exit 3', 10)), {code: 3, stdout: 'out\nerr\n'});
});

// As run_vmtests.sh and run_kselftest.sh do it: timeout(1) makes a process group of its own.
t.test('at its limit all of its session ends, whatever process group it is in', async (t) => {
  const marker = `4242${process.pid}`;
  const started = performance.now();
  const {code} = await inShell(guestCommand(`timeout 25 sleep ${marker} & (timeout 25 sleep ${marker})`, 1));
  t.match(readStatus(code, true, 1), {code: null, timedOut: true});
  t.ok(performance.now() - started < 20_000, 'nothing holds its output');
  t.notMatch((await run('ps', ['-eo', 'args'])).stdout, `sleep ${marker}`);
});
