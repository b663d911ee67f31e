// SPDX-License-Identifier: MIT
import {chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {folderChecks} from '../../cli/examine-folders.js';

const root = mkdtempSync(join(tmpdir(), 'kverdict-doctor-'));
t.teardown(() => rmSync(root, {recursive: true, force: true}));
const paths = {project: root, cache: join(root, 'c/kverdict'), state: join(root, 's'), runtime: join(root, 'r')};
const isRoot = process.geteuid?.() === 0;

t.test('unsafe folders and protections that are off are named, with the command; nothing is made', (t) => {
  mkdirSync(join(root, 'c'));
  chmodSync(join(root, 'c'), 0o777);
  mkdirSync(join(root, 'fs'));
  writeFileSync(join(root, 'fs/protected_symlinks'), '0\n');
  writeFileSync(join(root, 'fs/protected_hardlinks'), '1\n');
  const user = {
    what: 'user',
    state: 'note',
    detail: 'root: makefiles, compilers and QEMU of a series run as root',
    fix: 'run kverdict as a user of its own; only scripts/setup needs root',
  };
  t.same(folderChecks(paths, join(root, 'fs')), [
    {
      what: 'folder cache',
      state: 'missing',
      detail: `not safe: ${root}/c can be written by others (mode 0777), who may exchange what is in it`,
      fix: `chmod go-w ${root}/c`,
    },
    {what: 'folder state', state: 'ok', detail: `${root}/s: yours alone`},
    {what: 'folder runtime', state: 'ok', detail: `${root}/r: yours alone`},
    {
      what: 'fs.protected_symlinks',
      state: 'note',
      detail: 'off: links that others put into /tmp are followed',
      fix: 'sysctl -w fs.protected_symlinks=1',
    },
    ...(isRoot ? [user] : []),
  ]);
  for (const folder of ['c/kverdict', 's', 'r']) t.equal(existsSync(join(root, folder)), false, folder);
  t.end();
});
