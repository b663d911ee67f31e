// SPDX-License-Identifier: MIT
import {existsSync, readFileSync, rmSync, statSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {applySeries} from '../../tree/apply.js';
import {checkOut, confirmCheckOut} from '../../tree/check-out.js';
import {openTree} from '../../tree/open-tree.js';
import {MEMORY_DIFF, makeLab, patch, series, write, writeRepository} from './fake-linux.js';

t.test('only files that differ are written, leftovers go', async (t) => {
  const lab = makeLab(t);
  const tree = await openTree(lab, {tree: writeRepository(join(lab.root, 'linux'))});
  const inSource = (name: string): string => join(tree.sourceDir, name);
  await checkOut(lab, tree, tree.head);
  // Long ago, so that a write shows; the index must know these times, as after any check-out.
  const old = new Date('2020-01-01T00:00:00Z');
  for (const name of ['mm/memory.c', 'mm/rmap.c']) utimesSync(inSource(name), old, old);
  await checkOut(lab, tree, tree.head);
  const rmapTime = statSync(inSource('mm/rmap.c')).mtimeMs;

  const {commit} = await applySeries(lab, tree, series(patch(1, 'mm: one', MEMORY_DIFF, ['mm/memory.c'])), tree.head);
  write(tree.sourceDir, {'mm/memory.o': 'ignored leftover', 'left/over.c': 'x', '.tmp_x': 'x'});
  await checkOut(lab, tree, commit);
  t.match(readFileSync(inSource('mm/memory.c'), 'utf8'), /return 1/);
  t.ok(statSync(inSource('mm/memory.c')).mtimeMs > rmapTime - 1, 'make sees a new time');
  t.equal(statSync(inSource('mm/rmap.c')).mtimeMs, rmapTime, 'not touched');
  for (const name of ['mm/memory.o', 'left', '.tmp_x']) t.notOk(existsSync(inSource(name)), `${name} is gone`);

  const patchedTime = statSync(inSource('mm/memory.c')).mtimeMs;
  await checkOut(lab, tree, commit);
  t.equal(statSync(inSource('mm/memory.c')).mtimeMs, patchedTime, 'the same commit again writes nothing');
});

t.test('what a killed run left is put right', async (t) => {
  const lab = makeLab(t);
  const tree = await openTree(lab, {tree: writeRepository(join(lab.root, 'linux'))});
  await checkOut(lab, tree, tree.head);
  write(tree.gitDir, {'index.lock': 'half an index'});
  write(tree.sourceDir, {'mm/memory.c': 'half a fi'});
  rmSync(join(tree.sourceDir, 'kernel'), {recursive: true});
  await checkOut(lab, tree, tree.head);
  t.match(readFileSync(join(tree.sourceDir, 'mm/memory.c'), 'utf8'), /return 0/);
  t.ok(existsSync(join(tree.sourceDir, 'kernel/fork.c')));
  t.notOk(existsSync(join(tree.gitDir, 'index.lock')));
  rmSync(tree.sourceDir, {recursive: true});
  await checkOut(lab, tree, tree.head);
  t.ok(existsSync(join(tree.sourceDir, 'Makefile')), 'a source directory that was deleted comes back');
});

t.test('sources that are not the commit any more are named', async (t) => {
  const lab = makeLab(t);
  const tree = await openTree(lab, {tree: writeRepository(join(lab.root, 'linux'))});
  await checkOut(lab, tree, tree.head);
  await confirmCheckOut(lab, tree, tree.head);
  const path = join(tree.sourceDir, 'mm/memory.c');
  utimesSync(path, new Date(0), new Date(0));
  await confirmCheckOut(lab, tree, tree.head);
  const {commit} = await applySeries(lab, tree, series(patch(1, 'mm: one', MEMORY_DIFF, ['mm/memory.c'])), tree.head);
  await checkOut(lab, tree, commit);
  await t.rejects(confirmCheckOut(lab, tree, tree.head), {
    name: 'InfraError',
    message: new RegExp(`^The sources of ${tree.head.slice(0, 12)} changed while they were compiled: mm/memory.c$`),
  });
  rmSync(path);
  await t.rejects(confirmCheckOut(lab, tree, commit), {message: /mm\/memory\.c/});
});

t.test('a commit that is not there is our error, with the hint', async (t) => {
  const lab = makeLab(t);
  const tree = await openTree(lab, {tree: writeRepository(join(lab.root, 'linux'))});
  await t.rejects(checkOut(lab, tree, '0123456789'.repeat(4)), {
    name: 'InfraError',
    message: /Cannot check out 012345678901/,
  });
});
