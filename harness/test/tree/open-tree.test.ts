// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {UserError} from '../../lib/errors.js';
import {checkOut, lockTree} from '../../tree/check-out.js';
import {openTree} from '../../tree/open-tree.js';
import {kernelVersionAt, resolveCommit, treeHash} from '../../tree/resolve.js';
import {commitAll, git, listing, makeLab, write, writeRepository, writeSource} from './fake-linux.js';

t.test('a git tree is read through alternates and not written to', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  write(user, {'mm/memory.c': 'int later;\n', 'untracked.txt': 'mine\n'});
  const head = git(user, 'rev-parse', 'HEAD');
  const before = listing(user);
  const tree = await openTree(lab, {tree: user});
  t.match(tree, {head, kernelVersion: '6.12.7', origin: user});
  t.match(tree.id, /^linux-[0-9a-f]{10}$/);
  {
    await using _lock = await lockTree(lab, tree);
    await checkOut(lab, tree, head);
  }
  t.match(readFileSync(join(tree.sourceDir, 'mm/memory.c'), 'utf8'), /return 0/, 'the commit, not the edited file');
  t.notOk(existsSync(join(tree.sourceDir, 'untracked.txt')));
  t.same(listing(user), before, 'byte for byte, time for time');
  t.equal((await openTree(lab, {tree: join(user, 'mm')})).id, tree.id, 'a folder inside stands for its tree');
});

t.test("revisions are what the user's repository calls them", async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  const first = git(user, 'rev-parse', 'HEAD');
  write(user, {'mm/rmap.c': 'int two;\n'});
  const second = commitAll(user, 'two');
  git(user, 'branch', 'topic', first);
  const tree = await openTree(lab, {tree: user});
  for (const [rev, commit] of [
    ['HEAD', second],
    ['HEAD~1', first],
    ['topic', first],
    ['v6.12.7', first],
    [second.slice(0, 10), second],
  ] as const) {
    t.equal(await resolveCommit(lab, tree, rev), commit, rev);
  }
  t.equal((await openTree(lab, {tree: user, rev: 'topic'})).head, first);
  t.not(await treeHash(lab, tree, first), await treeHash(lab, tree, second));
  t.equal(await kernelVersionAt(lab, tree, first), '6.12.7');
  await t.rejects(resolveCommit(lab, tree, 'no-such'), {
    name: 'UserError',
    message: /has no commit `no-such`: fatal: /,
  });
});

t.test('linked worktree, bare, shallow and submodule', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  const main = await openTree(lab, {tree: user});
  git(user, 'worktree', 'add', '-q', '-b', 'wt', join(lab.root, 'wt'));
  write(join(lab.root, 'wt'), {'mm/rmap.c': 'int wt;\n'});
  const head = commitAll(join(lab.root, 'wt'), 'in the worktree');
  t.match(
    await openTree(lab, {tree: join(lab.root, 'wt')}),
    {id: main.id, head},
    'shares the source path, has its HEAD',
  );
  t.not((await openTree(lab, {tree: user})).head, head);

  git(lab.root, 'clone', '-q', '--bare', user, 'bare.git');
  t.match(await openTree(lab, {tree: join(lab.root, 'bare.git')}), {head: main.head, kernelVersion: '6.12.7'});

  git(lab.root, 'clone', '-q', '--depth=1', '-b', 'wt', `file://${user}`, 'shallow');
  const shallow = await openTree(lab, {tree: join(lab.root, 'shallow')});
  t.equal(shallow.head, head);
  t.equal(git(shallow.gitDir, 'rev-list', '--count', head), '1', 'history ends where it ends for the user');
  await checkOut(lab, shallow, head);
  t.equal(readFileSync(join(shallow.sourceDir, 'mm/rmap.c'), 'utf8'), 'int wt;\n');

  git(lab.root, 'init', '-q', 'super');
  git(join(lab.root, 'super'), 'submodule', '--quiet', 'add', `file://${user}`, 'kernel');
  t.match(await openTree(lab, {tree: join(lab.root, 'super/kernel')}), {head: main.head});
});

t.test('a plain directory is imported, and again when it changed', async (t) => {
  const lab = makeLab(t);
  const source = writeSource(join(lab.root, 'src'));
  const before = listing(source);
  const tree = await openTree(lab, {tree: source});
  t.equal(tree.kernelVersion, '6.12.7');
  t.equal(tree.imported, true);
  await checkOut(lab, tree, tree.head);
  t.equal(readFileSync(join(tree.sourceDir, 'tools/.hidden'), 'utf8'), 'kept\n', 'although .gitignore names it');
  t.same(listing(source), before);
  t.equal((await openTree(lab, {tree: source})).head, tree.head, 'unchanged: the same commit');
  write(source, {'mm/rmap.c': 'int changed;\n'});
  const changed = await openTree(lab, {tree: source});
  t.equal(changed.id, tree.id);
  t.not(changed.head, tree.head);
  write(source, {vmlinux: 'ELF', 'mm/memory.o': 'object', '.config': 'CONFIG_X=y\n'});
  const built = await openTree(lab, {tree: source});
  t.equal(await treeHash(lab, built, built.head), await treeHash(lab, changed, changed.head), 'objects are no source');
});

t.test('a source inside some other repository is plain source', async (t) => {
  const lab = makeLab(t);
  git(lab.root, 'init', '-q');
  const tree = await openTree(lab, {tree: writeSource(join(lab.root, 'home/linux'))});
  t.equal(tree.imported, true);
  t.equal(tree.kernelVersion, '6.12.7');
});

t.test('a tarball is imported once; a torn import is made again', async (t) => {
  const lab = makeLab(t);
  writeSource(join(lab.root, 'linux-source-6.12'));
  for (const [name, how] of [
    ['linux.tar', []],
    ['linux.tar.gz', ['-z']],
    ['linux.tar.xz', ['-J']],
    ['linux.tar.zst', ['--zstd']],
  ] as const) {
    execFileSync('tar', ['-c', ...how, '-f', join(lab.root, name), '-C', lab.root, 'linux-source-6.12']);
    const tree = await openTree(lab, {tree: join(lab.root, name)});
    t.equal(tree.kernelVersion, '6.12.7', name);
    t.match(readFileSync(join(tree.sourceDir, 'mm/memory.c'), 'utf8'), /return 0/, 'the source is there already');
    t.equal(readFileSync(join(tree.sourceDir, 'tools/.hidden'), 'utf8'), 'kept\n');
  }
  const tarball = join(lab.root, 'linux.tar');
  const imports = (): number =>
    lab.events.filter((event) => event.type === 'step-start' && event.label === 'import linux.tar').length;
  const tree = await openTree(lab, {tree: tarball});
  t.equal(imports(), 1, 'the second opening imports nothing');

  // As SIGKILL in the middle of `git add` leaves it: half a pack, a lock, no word that it is complete.
  const folder = join(lab.paths.cache, 'trees', tree.id);
  rmSync(join(folder, 'imported.json'));
  const pack = readdirSync(join(tree.gitDir, 'objects/pack')).find((name) => name.endsWith('.pack')) ?? '';
  truncateSync(join(tree.gitDir, 'objects/pack', pack), 40);
  write(tree.gitDir, {'index.lock': ''});
  rmSync(join(tree.sourceDir, 'mm'), {recursive: true});
  mkdirSync(join(folder, 'unpack/half'), {recursive: true});
  const again = await openTree(lab, {tree: tarball});
  t.equal(imports(), 2);
  t.equal(again.head, tree.head, 'the same source is the same commit');
  await checkOut(lab, again, again.head);
  t.ok(existsSync(join(again.sourceDir, 'mm/memory.c')));
  t.ok(existsSync(join(again.sourceDir, 'tools/.hidden')), 'stored although .gitignore names it');
  t.notOk(existsSync(join(folder, 'unpack')));

  writeSource(join(lab.root, 'linux-source-6.12'));
  write(join(lab.root, 'linux-source-6.12'), {'mm/rmap.c': 'int newer;\n'});
  execFileSync('tar', ['-cf', tarball, '-C', lab.root, 'linux-source-6.12']);
  t.not((await openTree(lab, {tree: tarball})).id, tree.id, 'another tarball under the same name');
});

t.test('what is no kernel source is said to be none', async (t) => {
  const lab = makeLab(t);
  const fails = async (tree: string, message: RegExp): Promise<void> => {
    const error: unknown = await openTree(lab, {tree}).catch((thrown: unknown) => thrown);
    t.ok(error instanceof UserError, `${tree} is an error of the user`);
    t.match((error as UserError).message, message);
  };
  const looked = /is not a Linux source tree: looked at its top for a Makefile with VERSION and PATCHLEVEL/;
  write(lab.root, {'plain/Makefile': 'all:\n', 'repo/README': 'x\n', 'notes.txt': 'x\n', 'cut.tar.gz': 'no gzip\n'});
  git(join(lab.root, 'repo'), 'init', '-q');
  await fails(join(lab.root, 'plain'), looked);
  await fails(join(lab.root, 'repo'), /has no commit at HEAD/);
  commitAll(join(lab.root, 'repo'), 'x');
  await fails(join(lab.root, 'repo'), looked);
  await fails(join(lab.root, 'nowhere'), /There is no kernel source at/);
  await fails(join(lab.root, 'notes.txt'), /neither a directory nor a tarball/);
  await fails(join(lab.root, 'cut.tar.gz'), /Cannot import .*: .*gzip/s);
  execFileSync('tar', ['-cf', join(lab.root, 'other.tar'), '-C', lab.root, 'plain']);
  await fails(join(lab.root, 'other.tar'), looked);
});

t.test('a moved repository is followed when it is opened again', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  await openTree(lab, {tree: user});
  renameSync(user, join(lab.root, 'moved'));
  t.equal((await openTree(lab, {tree: join(lab.root, 'moved')})).kernelVersion, '6.12.7');
  cpSync(join(lab.root, 'moved'), user, {recursive: true});
  t.equal((await openTree(lab, {tree: user})).kernelVersion, '6.12.7');
});
