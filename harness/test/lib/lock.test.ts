// SPDX-License-Identifier: MIT
import {mkdirSync, readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {acquireLock, takeLock} from '../../lib/lock.js';
import {processIdentity} from '../../lib/process-owner.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(() => ctx.remove());

t.test('taken, refused with its owner, and free again', async (t) => {
  const path = join(ctx.folder, 'a');
  const taken = await takeLock(path);
  if (!('lock' in taken)) throw new Error('it is free');
  t.same(await takeLock(path), {owner: processIdentity()});
  await taken.lock[Symbol.asyncDispose]();
  const again = await takeLock(path);
  t.ok('lock' in again);
  if ('lock' in again) await again.lock[Symbol.asyncDispose]();
});

t.test('of a process that is gone it is taken over at once', async (t) => {
  const path = join(ctx.folder, 'b');
  mkdirSync(`${path}.lock`);
  utimesSync(`${path}.lock`, new Date(), new Date());
  writeFileSync(`${path}.owner`, '999999999-1');
  await using _lock = await acquireLock(ctx, path, 'it');
  t.equal(readFileSync(`${path}.owner`, 'utf8'), processIdentity());
});
