// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import {rmSync, symlinkSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {openTree} from '../../tree/open-tree.js';
import {tryResolve} from '../../tree/resolve.js';
import {commitAll, git, makeLab, write, writeRepository, writeSource} from './fake-linux.js';

t.test('names are what git calls them in the repository itself', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  const first = git(user, 'rev-parse', 'HEAD');
  git(user, 'update-ref', 'refs/remotes/kernel-"x"/next', first);
  git(user, 'config', 'remote.kernel-"x".fetch', '+refs/heads/*:refs/remotes/kernel-"x"/*');
  git(user, 'checkout', '-q', '-b', 'topic');
  git(user, 'config', 'branch.topic.remote', 'kernel-"x"');
  git(user, 'config', 'branch.topic.merge', 'refs/heads/next');
  write(user, {'mm/rmap.c': 'int two;\n', '.git/FETCH_HEAD': `${first}\t\tbranch 'x' of y\n`});
  commitAll(user, 'two');
  git(user, 'pack-refs', '--all');
  const tree = await openTree(lab, {tree: user});
  for (const rev of ['HEAD', '@', '@{u}', '@{-1}', 'HEAD@{1}', 'topic@{1}', 'FETCH_HEAD', 'v6.12.7']) {
    const found = await tryResolve(lab, tree, rev);
    t.same(found, {commit: git(user, 'rev-parse', `${rev}^{commit}`)}, rev);
  }
  rmSync(join(user, '.git/HEAD'));
  symlinkSync('refs/heads/master', join(user, '.git/HEAD'));
  t.equal((await openTree(lab, {tree: user})).head, first, 'a HEAD of the old kind');
});

t.test('a split index still tells what was edited', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  git(user, 'update-index', '--split-index');
  write(user, {'mm/memory.c': 'int edited;\n'});
  utimesSync(join(user, 'mm/rmap.c'), new Date(), new Date());
  await openTree(lab, {tree: user});
  t.same(lab.notes(), [`1 file differs from HEAD in ${user}: what is not committed is not built`]);
});

t.test('attributes and excludes of the user do not change what is built', async (t) => {
  const lab = makeLab(t);
  const source = writeSource(join(lab.root, 'plain'));
  const before = await openTree(lab, {tree: source});
  const {HOME, XDG_CONFIG_HOME} = process.env;
  t.teardown(() => {
    Object.assign(process.env, {HOME});
    if (XDG_CONFIG_HOME !== undefined) Object.assign(process.env, {XDG_CONFIG_HOME});
  });
  process.env.HOME = join(lab.root, 'home');
  delete process.env.XDG_CONFIG_HOME;
  write(process.env.HOME, {'.config/git/attributes': '*.c text eol=crlf\n', '.config/git/ignore': '*.c\n'});
  rmSync(lab.paths.cache, {recursive: true});
  t.equal((await openTree(lab, {tree: source})).head, before.head);
});

t.test('a repository whose parts are no files is refused, not waited for', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  for (const name of ['shallow', 'index', 'ORIG_HEAD']) {
    rmSync(join(user, '.git', name), {force: true});
    execFileSync('mkfifo', [join(user, '.git', name)]);
  }
  t.equal((await openTree(lab, {tree: user})).kernelVersion, '6.12.7');
  const source = join(lab.root, 'plain');
  writeSource(source);
  rmSync(join(source, 'Makefile'));
  execFileSync('mkfifo', [join(source, 'Makefile')]);
  await t.rejects(openTree(lab, {tree: source}), {
    name: 'UserError',
    message: /Makefile`, a tree.s Makefile, to be a regular file, got a FIFO$/,
  });
});
