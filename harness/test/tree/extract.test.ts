// SPDX-License-Identifier: MIT
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {isConfInput} from '../../kernel/kconfig-record.js';
import {extract} from '../../tree/extract.js';
import {openTree} from '../../tree/open-tree.js';
import {commitAll, makeLab, write, writeRepository} from './fake-linux.js';

t.test('the files that conf reads, of a commit, and no others', async (t) => {
  const lab = makeLab(t);
  const top = writeRepository(join(lab.root, 'linux'));
  write(top, {'mm/Kconfig.debug': '', 'scripts/a*b': '', 'arch/x86/Makefile': '', 'arch/x86/mm/Makefile': ''});
  write(top, {'arch/x86/configs/tiny.config': '', 'kernel/configs/tiny-base.config': '', 'kernel/configs/other': ''});
  commitAll(top, 'files');
  const tree = await openTree(lab, {tree: top});
  write(top, {'mm/Kconfig.new': ''});
  const to = join(lab.root, 'to');
  await extract(lab, tree, tree.head, isConfInput, to);
  const files = readdirSync(to, {recursive: true, withFileTypes: true}).filter((one) => one.isFile());
  t.same(files.map(({parentPath, name}) => join(parentPath, name).slice(to.length + 1)).sort(), [
    ...['Kconfig', 'Makefile', 'arch/x86/Makefile', 'arch/x86/configs/tiny.config', 'kernel/configs/tiny-base.config'],
    ...['mm/Kconfig.debug', 'scripts/a*b'],
  ]);
});
