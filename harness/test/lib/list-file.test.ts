// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import t from 'tap';
import {readListFile} from '../../lib/list-file.js';

t.test('comments and empty lines are left out', async (t) => {
  const folder = t.testdir({list: '# about\n\n  one\ntwo words # why\n'});
  t.same(readListFile(join(folder, 'list')), ['one', 'two words']);
});
