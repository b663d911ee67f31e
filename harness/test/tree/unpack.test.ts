// SPDX-License-Identifier: MIT
/** Tarballs that hold more than a source: nothing of them is written anywhere else, and nothing else becomes ours. */
import {execFileSync} from 'node:child_process';
import {existsSync, linkSync, lstatSync, mkdirSync, symlinkSync} from 'node:fs';
import {dirname, join} from 'node:path';
import t, {type Test} from 'tap';
import {checkOut} from '../../tree/check-out.js';
import {openTree} from '../../tree/open-tree.js';
import type {SourceTree} from '../../tree/source-tree.js';
import {unpackTarball} from '../../tree/unpack.js';
import {git, type Lab, listing, makeLab, write, writeRepository, writeSource} from './fake-linux.js';

/** A tarball of what is below `from`; further words are tar's. */
function tarball(lab: Lab, from: string, ...words: string[]): string {
  const file = join(lab.root, 'x.tar');
  execFileSync('tar', ['-cf', file, '-C', from, ...words], {stdio: 'pipe'});
  return file;
}

const refuses = async (t: Test, lab: Lab, file: string, message: string | RegExp): Promise<void> => {
  const error = await openTree(lab, {tree: file}).then(
    (tree: SourceTree) => new Error(`it was opened: ${tree.id}`),
    (thrown: unknown) => thrown as Error,
  );
  t.equal(error.name, 'UserError');
  if (typeof message === 'string') t.equal(error.message, `The tarball \`${file}\` holds ${message}`);
  else t.match(error.message, message);
};

t.test('of one link to the tree of its user', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'home/linux'));
  write(user, {'mine.txt': 'mine\n', 'mm/memory.c': 'int edited;\n'});
  mkdirSync(join(user, 'nested'));
  git(join(user, 'nested'), 'init', '-q');
  const before = listing(user);
  mkdirSync(join(lab.root, 'here'));
  symlinkSync(user, join(lab.root, 'here/linux'));
  await refuses(t, lab, tarball(lab, join(lab.root, 'here'), 'linux'), `a link out of it: linux -> ${user}`);
  t.same(listing(user), before);
});

for (const [name, target] of [
  ['absolute', '/etc/passwd'],
  ['up', '../../outside'],
  ['mm/up', '../../outside'],
  ['through', 'mm/../../outside'],
] as const) {
  t.test(`with a link out of it: ${target}`, async (t) => {
    const lab = makeLab(t);
    const source = writeSource(join(lab.root, 'here/linux'));
    symlinkSync(target, join(source, name));
    const file = tarball(lab, join(lab.root, 'here'), 'linux');
    await refuses(t, lab, file, `a link out of it: ${name} -> ${target}`);
  });
}

t.test('with links inside of it, as the kernel has them', async (t) => {
  const lab = makeLab(t);
  const source = writeSource(join(lab.root, 'here/linux'));
  mkdirSync(join(source, 'scripts/dtc/include-prefixes'), {recursive: true});
  symlinkSync('../../../mm', join(source, 'scripts/dtc/include-prefixes/mm'));
  symlinkSync('.././../mm/./memory.c', join(source, 'scripts/dtc/memory.c'));
  symlinkSync('nowhere', join(source, 'dangling'));
  const tree = await openTree(lab, {tree: tarball(lab, join(lab.root, 'here'), 'linux')});
  t.equal(lstatSync(join(tree.sourceDir, 'scripts/dtc/include-prefixes/mm')).isSymbolicLink(), true);
});

t.test('with a FIFO, a socket or a device', async (t) => {
  const lab = makeLab(t);
  const source = writeSource(join(lab.root, 'here/linux'));
  execFileSync('mkfifo', [join(source, 'mm/pipe')]);
  await refuses(t, lab, tarball(lab, join(lab.root, 'here'), 'linux'), 'a FIFO: mm/pipe');
  if (process.geteuid?.() !== 0) return;
  execFileSync('rm', [join(source, 'mm/pipe')]);
  execFileSync('mknod', [join(source, 'mm/zero'), 'c', '1', '5']);
  await refuses(t, lab, tarball(lab, join(lab.root, 'here'), 'linux'), 'a device: mm/zero');
});

t.test('with names that lead out of it', async (t) => {
  const lab = makeLab(t);
  writeSource(join(lab.root, 'here/linux'));
  write(lab.root, {'here/evil': 'evil\n'});
  const here = join(lab.root, 'here');
  const outside = join(lab.root, 'outside');
  const up = tarball(lab, here, '--absolute-names', '--transform=s,^evil,../../../../outside,', 'linux', 'evil');
  await refuses(t, lab, up, /Member name contains '\.\.'/);
  await openTree(lab, {
    tree: tarball(lab, here, '--absolute-names', `--transform=s,^evil,linux${outside},`, 'linux', 'evil'),
  });
  const absolute = tarball(lab, here, '--absolute-names', `--transform=s,^evil,${outside},`, 'linux', 'evil');
  await openTree(lab, {tree: absolute}).catch(() => {});
  t.equal(existsSync(outside), false);
});

t.test('with hard links and members that go through a link', async (t) => {
  const lab = makeLab(t);
  const source = writeSource(join(lab.root, 'here/linux'));
  write(lab.root, {'victim/secret': 'secret\n'});
  const victim = listing(join(lab.root, 'victim'));
  linkSync(join(source, 'mm/memory.c'), join(source, 'mm/same.c'));
  const file = tarball(lab, join(lab.root, 'here'), 'linux');
  const good = await openTree(lab, {tree: file});
  t.equal(existsSync(join(good.sourceDir, 'mm/same.c')), true, 'inside it is only a second name');
  // A link to the victim's folder, then a file through it.
  symlinkSync(join(lab.root, 'victim'), join(source, 'door'));
  execFileSync('tar', ['-rf', file, '-C', join(lab.root, 'here'), 'linux/door']);
  execFileSync('tar', ['-rf', file, '-C', lab.root, '--transform=s,^victim,linux/door,', 'victim/secret']);
  write(lab.root, {'victim/secret': 'secret\n'});
  await openTree(lab, {tree: file}).catch(() => {});
  t.equal(listing(join(lab.root, 'victim')).length, victim.length);
});

t.test('a source folder that is a link is not checked out into', async (t) => {
  const lab = makeLab(t);
  const user = writeRepository(join(lab.root, 'linux'));
  const tree = await openTree(lab, {tree: user});
  const mine = join(lab.root, 'mine');
  write(mine, {'thesis.txt': 'x\n'});
  const before = listing(mine);
  mkdirSync(dirname(tree.sourceDir), {recursive: true});
  symlinkSync(mine, tree.sourceDir);
  await t.rejects(checkOut(lab, tree, tree.head), {name: 'InfraError', message: /is a symbolic link/});
  t.same(listing(mine), before);
});

t.test('with more than a kernel has: a limit for one file, and one for all of it', async (t) => {
  const lab = makeLab(t);
  const source = writeSource(join(lab.root, 'here/linux'));
  write(source, {'mm/big.c': 'x'.repeat(300_000)});
  const file = tarball(lab, join(lab.root, 'here'), 'linux');
  const unpack = async (name: string, limits: {fileBytes: number; allBytes: number}): Promise<string> => {
    const into = join(lab.root, name);
    mkdirSync(into);
    return unpackTarball(lab, 'x.tar', file, into, limits).catch((error: Error) => error.message);
  };
  const [small, large] = [100 * 1024, 1024 * 1024];
  const refusal = 'The tarball `x.tar` holds WHAT: it is no kernel source';
  const say = (what: string): string => refusal.replace('WHAT', what);
  t.equal(await unpack('one', {fileBytes: small, allBytes: large}), say(`a file of more than ${100 / 1024} MiB`));
  t.equal(await unpack('all', {fileBytes: large, allBytes: small}), say(`more than ${100 / 1024} MiB`));
  t.equal(await unpack('good', {fileBytes: large, allBytes: large}), join(lab.root, 'good/linux'));
});
