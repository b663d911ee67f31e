// SPDX-License-Identifier: MIT
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import t from 'tap';
import {acquireLock, takeLock} from '../../lib/lock.js';
import {isAlive, OWNER_VARIABLE, ownedProcesses, processIdentity} from '../../lib/process-owner.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(() => ctx.remove());
const LONG_AGO = new Date(0);

t.test('taken, refused with its owner, and free again', async (t) => {
  const path = join(ctx.folder, 'a');
  const taken = await takeLock(ctx, path);
  if (!('lock' in taken)) throw new Error('it is free');
  t.same(await takeLock(ctx, path), {owner: processIdentity()});
  await taken.lock[Symbol.asyncDispose]();
  t.notOk(existsSync(`${path}.flock`), 'nothing is left of it');
  await using again = await acquireLock(ctx, path, 'it');
  t.ok(again);
});

t.test('a holder that gives no sign of life keeps it', async (t) => {
  const path = join(ctx.folder, 'b');
  await using _lock = await acquireLock(ctx, path, 'it');
  utimesSync(`${path}.flock`, LONG_AGO, LONG_AGO);
  t.same(await takeLock(ctx, path), {owner: processIdentity()});
});

t.test('who waits is told for whom, and gets it when it is let go', async (t) => {
  const path = join(ctx.folder, 'c');
  const held = await acquireLock(ctx, path, 'the tree');
  let second = false;
  const waiting = acquireLock(ctx, path, 'the tree').then((lock) => {
    second = true;
    return lock;
  });
  await sleep(200);
  t.notOk(second);
  t.match(ctx.events.at(-1), {type: 'note', message: `Waiting for the tree: process ${processIdentity()} has it`});
  await held[Symbol.asyncDispose]();
  await (await waiting)[Symbol.asyncDispose]();
  t.notOk(existsSync(`${path}.flock`));
});

t.test('of many that want it one has it at a time, also when its last holder died', async (t) => {
  const path = join(ctx.folder, 'd');
  writeFileSync(`${path}.flock`, '999999999-1');
  let inside = 0;
  const seen: number[] = [];
  const one = async (): Promise<void> => {
    await using _lock = await acquireLock(ctx, path, 'it');
    seen.push(++inside);
    await sleep(3);
    inside--;
  };
  await Promise.all(Array.from({length: 9}, one));
  t.same(
    seen,
    Array.from({length: 9}, () => 1),
  );
});

t.test('a killed holder has lost it at once, and what it started is ended first', async (t) => {
  const path = join(ctx.folder, 'e');
  // Locks as kverdict does, names itself, starts what a make would be (without descriptor 3: the lock), and is killed.
  const script = `printf %s "$$-$(cut -d' ' -f22 /proc/$$/stat)" > "$1"; export ${OWNER_VARIABLE}="$(cat "$1")@realm"
    sleep 600 3>&- & echo $!; wait`;
  const holder = spawn('flock', ['--no-fork', `${path}.flock`, 'sh', '-c', script, 'sh', `${path}.flock`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  const orphan = processIdentity(Number.parseInt(said.toString(), 10)) ?? '';
  t.ok(isAlive(orphan));
  // Until the shell's child has become `sleep` it carries the shell's own environment, which names no owner.
  const pid = Number.parseInt(orphan, 10);
  for (let tries = 0; tries < 500 && !ownedProcesses().some((one) => one.pid === pid); tries++) await sleep(20);
  t.match(await takeLock(ctx, path), {owner: `${holder.pid}-`});
  const waiting = acquireLock(ctx, path, 'it');
  await sleep(50);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await using _lock = await Promise.race([waiting, sleep(5000).then(() => Promise.reject(new Error('still waiting')))]);
  t.notOk(isAlive(orphan), 'ended');
  t.equal(readFileSync(`${path}.flock`, 'utf8'), processIdentity());
});

t.test('who lets go of a file that was deleted leaves the next one its own', async (t) => {
  const path = join(ctx.folder, 'h');
  const first = await acquireLock(ctx, path, 'it');
  rmSync(`${path}.flock`);
  const second = await acquireLock(ctx, path, 'it');
  await first[Symbol.asyncDispose]();
  t.same(await takeLock(ctx, path), {owner: processIdentity()});
  await second[Symbol.asyncDispose]();
});

t.test('a link in its place is not followed: what it leads to keeps its text', async (t) => {
  const folder = join(ctx.folder, 'links');
  mkdirSync(folder);
  const mine = join(folder, 'mine.txt');
  writeFileSync(mine, 'mine');
  symlinkSync(mine, join(folder, 'x.flock'));
  await t.rejects(acquireLock(ctx, join(folder, 'x'), 'it'), {name: 'InfraError', message: /^Cannot lock .*ELOOP/});
  t.equal(readFileSync(mine, 'utf8'), 'mine');
});

t.test('a file that cannot be made says which', async (t) => {
  writeFileSync(join(ctx.folder, 'plain'), '');
  await t.rejects(acquireLock(ctx, join(ctx.folder, 'plain/g'), 'it'), {
    name: 'InfraError',
    message: /^Cannot lock `.*plain\/g\.flock`: E(NOTDIR|EXIST)/,
  });
});

t.test('who is interrupted while it waits has nothing', async (t) => {
  const path = join(ctx.folder, 'f');
  const other = testContext();
  t.teardown(() => other.remove());
  const held = await acquireLock(ctx, path, 'it');
  const waiting = acquireLock(other, path, 'it');
  await sleep(50);
  other.abort.abort(new Error('interrupted'));
  await t.rejects(waiting, /interrupted/);
  await held[Symbol.asyncDispose]();
  const taken = await takeLock(ctx, path);
  t.ok('lock' in taken);
  if ('lock' in taken) await taken.lock[Symbol.asyncDispose]();
});
