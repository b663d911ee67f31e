// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {openTree} from '../../tree/open-tree.js';
import {listAt, readAllAt} from '../../tree/read-at.js';
import {commitAll, makeLab, write, writeRepository} from './fake-linux.js';

t.test('many files of a commit at once, whatever is in them', async (t) => {
  const lab = makeLab(t);
  const top = writeRepository(join(lab.root, 'linux'));
  const odd = 'file-0 blob 0\nmissing\n\nno newline at the end';
  write(top, {'a/Kconfig': odd, 'b/Kconfig': '', 'c d/Kconfig': 'x'});
  commitAll(top, 'files');
  const tree = await openTree(lab, {tree: top});
  write(top, {'a/Kconfig': 'not committed'});
  const paths = ['a/Kconfig', 'gone/Kconfig', 'b/Kconfig', 'a', 'c d/Kconfig', 'Kconfig'];
  const texts = await readAllAt(lab, tree, tree.head, paths);
  t.same(
    Object.fromEntries(texts),
    {'a/Kconfig': odd, 'b/Kconfig': '', Kconfig: 'mainmenu "Toy"\n'},
    'no folder, nothing that is not there, no name with a blank',
  );
  t.same(await readAllAt(lab, tree, tree.head, []), new Map());
});

t.test('the files below a folder', async (t) => {
  const lab = makeLab(t);
  const top = writeRepository(join(lab.root, 'linux'));
  write(top, {'tools/x/a b.c': '', 'toolsmith/y.c': ''});
  commitAll(top, 'files');
  const tree = await openTree(lab, {tree: top});
  t.same(await listAt(lab, tree, tree.head, 'tools'), ['tools/.hidden', 'tools/x/a b.c']);
  t.same(await listAt(lab, tree, tree.head, 'nowhere'), []);
  t.ok((await listAt(lab, tree, tree.head)).includes('mm/memory.c'));
});
