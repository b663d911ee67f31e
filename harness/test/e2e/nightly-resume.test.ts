// SPDX-License-Identifier: MIT
/** Nights that are killed, stopped, or begun twice. */
import {type ChildProcess, spawnSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {bisectsOf, listNights, listRuns} from '../../history/read.js';
import {Journal} from '../../lib/journal.js';
import {ownedProcesses} from '../../lib/process-owner.js';
import type {BisectLine} from '../../run/bisect-journal.js';
import {NightlyStage} from './nightly-stage.js';
import {finish} from './support.js';

const stage = new NightlyStage();
await stage.seed();
t.teardown(() => stage.remove());
// A night is several builds and guests.
t.setTimeout(600_000);

const nights = join(stage.env.XDG_STATE_HOME, 'kverdict/runs/nightly-toy');

/** Every line that bisects of any night have written. find(1) minds no folder that goes away while it looks. */
function bisectLines(): BisectLine[] {
  if (!existsSync(nights)) return [];
  const {stdout} = spawnSync('find', [nights, '-name', 'bisect.jsonl'], {encoding: 'utf8'});
  return stdout.split('\n').flatMap((file) => (file === '' ? [] : Journal.read<BisectLine>(file)));
}

/** A night that has come so far. */
async function until(reached: (said: string) => boolean): Promise<ChildProcess> {
  const child = stage.start('nightly', stage.config);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  while (!reached(said)) {
    if (child.exitCode !== null) throw new Error(`ended early: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return child;
}

const booted = (said: string): boolean => /boot g\d/.test(said);

t.test('SIGKILL in a bisect: what is judged stays, the bisect goes on; meanwhile nobody else may', async (t) => {
  stage.configure('trees:', '  - url: remote.git', '    branches: [master, other]');
  stage.push();
  stage.push('other');
  t.equal((await stage.night()).code, 0);
  stage.write('scenario/50-note.txt', '# one\n');
  stage.commit('mm: before');
  stage.scenario('test toy-steady fail');
  const culprit = stage.commit('mm: be careless');
  stage.push();
  const child = await until(() => bisectLines().length >= 3);
  const second = await stage.night();
  t.equal(second.code, 128);
  t.match(second.stderr, new RegExp(`A night is under way: process ${child.pid} has it \\(nightly \`toy\`, begun 2`));
  child.kill('SIGKILL');
  await finish(child);
  const before = bisectLines();
  t.notOk(
    before.some(({type}) => type === 'end'),
    'it was in the middle',
  );
  const resumed = await stage.night();
  t.equal(resumed.code, 1, resumed.stderr);
  t.match(resumed.stderr, /Going on with the night of 2/);
  t.match(resumed.stderr, /is judged already: bad/);
  t.match(resumed.stderr, /Going on after \d+ findings of an earlier call/);
  const after = bisectLines();
  t.same(after.slice(0, before.length), before, 'what was known stands');
  const built = after.flatMap((line) => (line.type === 'kernel' || line.type === 'skip' ? [line.commit] : []));
  t.equal(new Set(built).size, built.length, 'no kernel twice');
  await using history = await stage.history();
  const runs = await listRuns(history);
  t.equal(runs.length, 3, 'two branches, and one commit');
  t.match(await bisectsOf(history, runs[0]?.id ?? 0), [{state: 'found', culprit}]);
  t.equal((await listNights(history)).length, 2, 'it is the same night');
});

t.test('Ctrl-C and SIGKILL in the middle of a test: nothing is left, nothing is judged twice', async (t) => {
  stage.scenario('test toy-steady pass after 60000');
  stage.commit('mm: slow');
  stage.push();
  const stopped = await until(booted);
  stopped.kill('SIGINT');
  t.equal((await finish(stopped)).code, 130);
  t.same(
    ownedProcesses().filter(({owner}) => owner.startsWith(`${stopped.pid}-`)),
    [],
  );
  const killed = await until(booted);
  killed.kill('SIGKILL');
  await finish(killed);
  stage.scenario('test toy-steady pass');
  const fixed = stage.commit('mm: quick again');
  stage.push();
  const {code, stderr} = await stage.night();
  t.equal(code, 0, stderr);
  t.match(stderr, /Ended \d+ process/);
  await using history = await stage.history();
  const runs = await listRuns(history);
  t.match(runs[0], {commit: fixed, verdict: 'good'});
  t.equal(runs.length, 4);
  t.equal((await listNights(history)).length, 3);
  const own = join(nights, readdirSync(nights).sort().at(-1) ?? '');
  t.match(readFileSync(join(own, 'events.jsonl'), 'utf8'), /Going on with the night of/);
});
