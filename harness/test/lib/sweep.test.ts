// SPDX-License-Identifier: MIT
import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import type {Context} from '../../lib/context.js';
import {noEvents} from '../../lib/events.js';
import {createExec} from '../../lib/exec.js';
import {isAlive, OWNER_VARIABLE, ownedProcesses, processIdentity} from '../../lib/process-owner.js';
import {ownRoots} from '../../lib/roots.js';
import {sweepLeftovers} from '../../lib/sweep.js';

const root = mkdtempSync(join(tmpdir(), 'kverdict-sweep-'));
t.teardown(() => rmSync(root, {recursive: true, force: true}));

const signal = new AbortController().signal;
const ctx: Context = {
  paths: {project: root, cache: join(root, 'c'), state: join(root, 's'), runtime: join(root, 'r')},
  emit: noEvents,
  signal,
  exec: createExec(noEvents, signal, join(root, 'r')),
};

/** A number that a process may have, and no process started at tick 1 after boot. */
const DEAD_OWNER = '32767-1';

t.test('an identity is a process, not only a number', (t) => {
  const mine = processIdentity() ?? '';
  t.equal(isAlive(mine), true);
  t.equal(isAlive(`${process.pid}-1`), false, 'same number, other start');
  t.equal(isAlive(DEAD_OWNER), false);
  t.end();
});

t.test("a dead run's children and sockets go; a live run's stay", async (t) => {
  const orphan = spawn('sh', ['-c', 'sleep 600 & wait'], {
    env: {...process.env, [OWNER_VARIABLE]: `${DEAD_OWNER}@${ctx.paths.runtime}`},
    detached: true,
  });
  const mine = ctx.exec.start('sleep', ['600']);
  t.teardown(() => mine.kill());
  ownRoots(ctx.paths);
  mkdirSync(join(ctx.paths.runtime, DEAD_OWNER), {recursive: true});
  mkdirSync(join(ctx.paths.runtime, processIdentity() ?? ''), {recursive: true});
  await new Promise((resolve) => setTimeout(resolve, 150));
  t.ok(ownedProcesses().filter(({owner}) => owner === DEAD_OWNER).length >= 2, 'shell and grandchild are found');
  await sweepLeftovers(ctx);
  t.equal(ownedProcesses().filter(({owner}) => owner === DEAD_OWNER).length, 0);
  t.equal(orphan.pid !== undefined && existsSync(join(ctx.paths.runtime, DEAD_OWNER)), false);
  t.equal(mine.running, true);
  t.ok(existsSync(join(ctx.paths.runtime, processIdentity() ?? '')));
});
