// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import {appendFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {BisectLine} from '../../run/bisect-journal.js';
import {BisectStage} from './bisect-stage.js';
import {type Ended, finish} from './support.js';

const stage = await new BisectStage().seed();
t.teardown(() => stage.remove());
// Each test is many builds and guests.
t.setTimeout(600_000);

t.test('git bisect run kverdict run: the exit codes are what git wants', async (t) => {
  const commits = stage.grow(
    'plain',
    stage.steps(8, {2: stage.breakBuild, 3: stage.repair, 5: stage.does('test toy-steady fail')}),
  );
  stage.git('bisect', 'start', 'plain', 'good');
  const main = join(import.meta.dirname, '../../cli/main.js');
  const line = ['run', ...stage.places(), '-t', 'toy:steady', '-p', 'x86_64'];
  const said = execFileSync('git', ['-C', stage.tree, 'bisect', 'run', process.execPath, main, ...line], {
    encoding: 'utf8',
    env: stage.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  stage.git('bisect', 'reset');
  t.match(said, `${commits[5]} is the first bad commit`);
});

async function killedAt(args: string[], lines: number): Promise<Ended> {
  const child = stage.start(...args);
  const ended = finish(child);
  while (child.exitCode === null) {
    let seen = 0;
    try {
      seen = stage.findings().length;
    } catch {
      // Not there yet, or a line is being written.
    }
    if (seen >= lines) child.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (child.signalCode !== null) break;
  }
  return ended;
}

t.test('SIGKILL at five points: the same culprit, and no judged step again', async (t) => {
  const commits = stage.grow(
    'killed',
    stage.steps(12, {4: stage.breakBuild, 5: stage.repair, 8: stage.does('test toy-steady fail')}),
  );
  const args = stage.history('-t', 'toy:steady', '--bad', 'killed');
  t.equal((await stage.run(args)).code, 0);
  const straight = stage.findings().length;
  t.equal(stage.report().culprits[0]?.commit, commits[8]);
  stage.git('checkout', '-q', '-f', 'master');
  rmSync(stage.out, {recursive: true});
  let before: BisectLine[] = [];
  const points = [1, 3, 6, 8, straight - 3];
  t.ok(straight > 12, `${straight} findings`);
  for (const point of points) {
    const {code} = await killedAt(args, Math.max(point, before.length + 1));
    t.equal(code, null, 'it was killed');
    const after = stage.findings();
    t.same(after.slice(0, before.length), before, 'what was known stands');
    before = after;
  }
  const torn = join(stage.out, 'bisect.jsonl');
  appendFileSync(torn, '{"type":"attempt","at":');
  const resumed = await stage.run(['bisect', '--resume', stage.out]);
  t.equal(resumed.code, 0, resumed.stderr);
  t.match(resumed.stderr, /Going on after \d+ findings/);
  t.equal(stage.report().culprits[0]?.commit, commits[8]);
  // What a step costs is measured, so the way may differ a little.
  t.ok(stage.findings().length <= straight + 4, `${stage.findings().length} findings, ${straight} without a kill`);
  t.match(stage.report(), {resumed: true});
  const kernels = stage
    .findings()
    .flatMap((line) => (line.type === 'kernel' || line.type === 'skip' ? [line.commit] : []));
  t.equal(new Set(kernels).size, kernels.length, 'no kernel twice');
});

t.test('Ctrl-C: 130, and how to go on', async (t) => {
  stage.grow('stopped', stage.steps(6, {3: stage.does('test toy-steady fail')}));
  const args = stage.history('-t', 'toy:steady', '--bad', 'stopped');
  const child = stage.start(...args);
  let seen = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const ended = finish(child);
  while (!/boot g\d/.test(seen) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  const {code, stderr} = await ended;
  t.equal(code, 130);
  t.match(stderr, /To go on: kverdict bisect --resume /);
  t.equal((await stage.run(args)).code, 0, 'the same command goes on');
  t.equal(stage.report().resumed, true);
});
