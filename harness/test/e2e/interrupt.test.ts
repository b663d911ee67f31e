// SPDX-License-Identifier: MIT
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {MARK} from '../../lib/own-mark.js';
import {ownedProcesses} from '../../lib/process-owner.js';
import {finish, Stage} from './support.js';

const stage = await new Stage().seed();
t.teardown(() => stage.remove());
// Each test is a few runs of the program.
t.setTimeout(300_000);
stage.scenario('test toy-steady pass after 60000');
stage.commit('slow');

const children = (pid: number | undefined): number =>
  ownedProcesses().filter(({owner}) => owner.startsWith(`${pid}-`)).length;
const sockets = (): string[] => {
  const runtime = join(stage.folder, 'kverdict');
  // The mark stays: it says that the folder is kverdict's.
  return existsSync(runtime) ? readdirSync(runtime).filter((name) => name !== MARK) : [];
};

/** A run that is in the middle of a test. */
async function inTheMiddle(): Promise<ReturnType<Stage['start']>> {
  const child = stage.start('run', ...stage.common(), '--profiles', 'x86_64');
  let seen = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  while (!/boot g\d/.test(seen)) {
    if (child.exitCode !== null) throw new Error(`ended early: ${seen}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  t.test(`${signal}: exits ${code} and leaves no process and no socket`, async (t) => {
    const child = await inTheMiddle();
    t.ok(children(child.pid) > 0, 'a machine is running');
    child.kill(signal);
    const {code: got} = await finish(child);
    t.equal(got, code);
    t.equal(children(child.pid), 0);
    t.same(sockets(), []);
  });
}

t.test('SIGKILL: the next start ends what was left, and its result is right', async (t) => {
  const child = await inTheMiddle();
  child.kill('SIGKILL');
  await finish(child);
  t.ok(children(child.pid) > 0, 'the machine outlives it');
  stage.scenario('test toy-steady pass');
  stage.commit('quick again');
  const {code, stderr} = await stage.run(['run', ...stage.common(), '--profiles', 'x86_64']);
  t.equal(code, 0);
  t.match(stderr, /Ended \d+ process/);
  t.equal(children(child.pid), 0);
  t.same(sockets(), []);
});
