// SPDX-License-Identifier: MIT
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {findEntry, putEntry, storeKey, sweepStore} from '../../lib/store.js';

const root = mkdtempSync(join(tmpdir(), 'kverdict-store-'));
t.teardown(() => rmSync(root, {recursive: true, force: true}));
const fill = (text: string) => async (folder: string) => writeFileSync(join(folder, 'image'), text);

t.test('what was put is found, whole', async (t) => {
  t.equal(await findEntry(root, 'kernel', 'aa'), undefined);
  const put = await putEntry(root, 'kernel', 'aa', fill('one'));
  t.equal(await findEntry(root, 'kernel', 'aa'), put);
  t.equal(readFileSync(join(put, 'image'), 'utf8'), 'one');
});

t.test('the second of two who store the same key keeps what is there', async (t) => {
  const again = await putEntry(root, 'kernel', 'aa', fill('two'));
  t.equal(readFileSync(join(again, 'image'), 'utf8'), 'one');
  t.strictSame(readdirSync(join(root, 'kernel')), ['aa']);
});

t.test('an entry is never seen half written', async (t) => {
  await t.rejects(
    putEntry(root, 'kernel', 'bb', async (folder) => {
      writeFileSync(join(folder, 'image'), 'x');
      t.equal(await findEntry(root, 'kernel', 'bb'), undefined);
      throw Object.assign(new Error('full'), {code: 'ENOSPC'});
    }),
    {code: 'ENOSPC'},
  );
  t.strictSame(readdirSync(join(root, 'kernel')), ['aa'], 'nothing is left behind');
});

t.test('a file that changed its size or its bytes makes the entry go away', async (t) => {
  for (const damage of ['on', 'onx', undefined]) {
    const path = await putEntry(root, 'kernel', 'cc', fill('one'));
    const file = join(path, 'image');
    if (damage === undefined) rmSync(file);
    else writeFileSync(file, damage);
    t.equal(await findEntry(root, 'kernel', 'cc'), undefined);
    t.notOk(existsSync(path));
  }
});

t.test('a folder without a manifest is replaced', async (t) => {
  mkdirSync(join(root, 'kernel/dd'));
  writeFileSync(join(root, 'kernel/dd/image'), 'torn');
  t.equal(await findEntry(root, 'kernel', 'dd'), undefined);
  const path = await putEntry(root, 'kernel', 'dd', fill('whole'));
  t.equal(readFileSync(join(path, 'image'), 'utf8'), 'whole');
});

t.test('the sweep takes what a dead process was writing, and nothing else', async (t) => {
  const torn = join(root, 'kernel/32767-1-ee-abcdef');
  mkdirSync(torn);
  writeFileSync(join(torn, '.kverdict'), 'kverdict temporary\n');
  mkdirSync(join(root, 'kernel/32767-1-ee-fedcba'));
  await putEntry(root, 'kernel', 'ff', async (folder) => {
    t.equal(sweepStore(root), 1);
    writeFileSync(join(folder, 'image'), 'mine');
  });
  t.strictSame(readdirSync(join(root, 'kernel')).sort(), ['32767-1-ee-fedcba', 'aa', 'dd', 'ff']);
});

t.test('a key says everything', async (t) => {
  t.equal(storeKey(['a', ['b']]), storeKey(['a', ['b']]));
  t.not(storeKey(['a', 'b']), storeKey(['ab']));
});
