// SPDX-License-Identifier: MIT
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {writeWhole} from '../../lib/write-whole.js';

const root = mkdtempSync(join(tmpdir(), 'kverdict-whole-'));
t.teardown(() => rmSync(root, {recursive: true, force: true}));
const mine = join(root, 'mine');

t.beforeEach(() => writeFileSync(mine, 'mine'));

t.test('it is made, replaced, and left alone when it says the same', async (t) => {
  const file = join(root, 'plain');
  writeWhole(file, 'one');
  t.equal(statSync(file).mode & 0o777, 0o666 & ~process.umask());
  writeWhole(file, 'two');
  t.equal(readFileSync(file, 'utf8'), 'two');
  const {ino} = statSync(file);
  writeWhole(file, 'two');
  t.equal(statSync(file).ino, ino);
  writeWhole(join(root, 'secret'), 'x', {mode: 0o600});
  t.equal(statSync(join(root, 'secret')).mode & 0o777, 0o600);
});

t.test('nothing is written through a link, whichever name it has', async (t) => {
  for (const [name, options] of [
    ['direct', {}],
    ['same', {}],
    ['direct.new', {}],
    ['direct.part', {draft: join(root, 'direct.part')}],
  ] as const) {
    const link = join(root, name);
    symlinkSync(mine, link);
    writeWhole(join(root, name.split('.')[0] ?? ''), name === 'same' ? 'mine' : 'ours', options);
    t.equal(readFileSync(mine, 'utf8'), 'mine', name);
    t.notOk(lstatSync(link, {throwIfNoEntry: false})?.isSymbolicLink(), `${name} is no link any more`);
    rmSync(join(root, 'direct'), {force: true});
  }
});

t.test('where a folder has the name: an error, and no draft is left', async (t) => {
  mkdirSync(join(root, 'folder/inside'), {recursive: true});
  t.throws(() => writeWhole(join(root, 'folder'), 'x'), {code: 'EISDIR'});
  t.same(
    readdirSync(root).filter((name) => name.endsWith('.new')),
    [],
  );
  t.throws(() => writeWhole(join(root, 'none/file'), 'x'), {code: 'ENOENT'});
});
