// SPDX-License-Identifier: MIT
import t from 'tap';
import {runFile} from '../../../scripts/run-file.js';

const run = (script: string, seconds = 30) =>
  runFile(['/bin/sh', '-c', script], {cwd: '/', showStderr: false, seconds, env: {PATH: process.env.PATH}});

t.test('a file that ends is as it ends', async (t) => {
  t.same(await run('echo ok 1; echo told >&2; exit 3'), {code: 3, output: 'ok 1\ntold\n'});
});

t.test('a file that hangs is ended with what it started, and named so', async (t) => {
  const {code, output} = await run('echo ok 1; sleep 600 & sleep 600', 1);
  t.equal(code, null);
  t.equal(output, 'ok 1\n\nnot ok - it did not end within 1 s: ended by the runner\n');
});

t.test('a file that leaves a process fails, and does not hold the runner', async (t) => {
  const started = performance.now();
  const {code, output} = await run('echo ok 1; sleep 600 & exit 0');
  t.equal(code, 0);
  t.match(output, /^ok 1\n\nnot ok - it ended and left running: sleep \(\d+\): ended by the runner\n$/);
  t.ok(performance.now() - started < 20_000, 'not until the left-over ends');
});

t.test('a program that is not there is a failure', async (t) => {
  const {code, output} = await runFile(['/nonexistent/program'], {cwd: '/', showStderr: false, seconds: 5, env: {}});
  t.equal(code, null);
  t.match(output, /^\nnot ok - cannot be started: .*ENOENT/);
});
