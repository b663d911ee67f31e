// SPDX-License-Identifier: MIT
import {chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {InfraError} from '../../lib/errors.js';
import {type FolderUse, folderProblems, ownFolder} from '../../lib/own-folder.js';
import {isMarked} from '../../lib/own-mark.js';
import {ownRoots} from '../../lib/roots.js';

const NOBODY = 65534;
const isRoot = process.geteuid?.() === 0;
const USE: FolderUse = {what: 'The cache', otherwise: 'Take another.'};
const root = mkdtempSync(join(tmpdir(), 'kverdict-own-'));
t.teardown(() => rmSync(root, {recursive: true, force: true}));

const at = (name: string): string => join(root, name);
const folder = (name: string, mode = 0o700): string => {
  mkdirSync(at(name), {recursive: true});
  chmodSync(at(name), mode);
  return at(name);
};

/** The error, in words. */
function refused(path: string, use = USE): {message: string; hint: string | undefined} | undefined {
  try {
    ownFolder(path, use);
    return undefined;
  } catch (error) {
    if (!(error instanceof InfraError)) throw error;
    return {message: error.message, hint: error.hint};
  }
}

t.test('what is not there is made, for us alone, with all above it', (t) => {
  t.equal(refused(at('new/deep/cache')), undefined);
  for (const name of ['new', 'new/deep', 'new/deep/cache']) t.equal(statSync(at(name)).mode & 0o7777, 0o700, name);
  t.equal(refused(at('new/deep/cache')), undefined, 'and taken again');
  t.end();
});

t.test('a link, a file, a folder that others may write in', (t) => {
  symlinkSync(folder('target'), at('link'));
  t.same(refused(at('link')), {
    message: `The cache \`${at('link')}\` is not safe: \`${at('link')}\` is a symbolic link`,
    hint: `rm ${at('link')}. Or: Take another.`,
  });
  for (const mode of [0o777, 0o702, 0o1777]) {
    const open = folder('open', mode);
    t.same(refused(open), {
      message: `The cache \`${open}\` is not safe: \`${open}\` can be written by others (mode 0${mode.toString(8)})`,
      hint: `chmod go-w ${open}. Or: Take another.`,
    });
  }
  t.equal(refused(folder('readable', 0o755)), undefined, 'reading is no harm');
  t.match(refused('/etc/passwd'), {message: /`\/etc\/passwd` is not a folder$/});
  t.end();
});

t.test('a folder above it that others may write in', (t) => {
  const above = folder('above', 0o777);
  t.same(refused(at('above/cache')), {
    message: `The cache \`${at('above/cache')}\` is not safe: \`${above}\` can be written by others (mode 0777), who may exchange what is in it`,
    hint: `chmod go-w ${above}. Or: Take another.`,
  });
  t.equal(existsSync(at('above/cache')), false, 'nothing was made there');
  t.equal(refused(join(folder('sticky', 0o1777), 'cache')), undefined, 'as /tmp: nobody can rename what is ours');
  t.equal(refused(join(folder('plain', 0o755), 'cache')), undefined);
  t.end();
});

t.test('links on the way are followed to what they lead to', (t) => {
  folder('disk/big');
  mkdirSync(at('home'));
  symlinkSync('../disk/./big', at('home/.cache'));
  t.equal(refused(at('home/.cache/kverdict')), undefined);
  t.ok(existsSync(at('disk/big/kverdict')));
  chmodSync(at('disk'), 0o777);
  t.match(refused(at('home/.cache/kverdict')), {message: /disk` can be written by others/});
  symlinkSync('loop', at('loop'));
  t.match(refused(at('loop/cache')), {message: /is a link that leads to itself/});
  t.end();
});

t.test('folders of another user', {skip: !isRoot}, (t) => {
  const theirs = folder('theirs');
  chownSync(theirs, NOBODY, NOBODY);
  t.same(refused(theirs), {
    message: `The cache \`${theirs}\` is not safe: \`${theirs}\` belongs to user ${NOBODY}`,
    hint: 'Take another.',
  });
  t.match(refused(join(theirs, 'cache')), {
    message: /theirs` belongs to user 65534, who may exchange what is in it$/,
    hint: 'Take another.',
  });
  t.same(
    folderProblems(join(theirs, 'cache'), USE).map(({path}) => path),
    [theirs],
  );
  const before = process.env.SUDO_UID;
  process.env.SUDO_UID = String(NOBODY);
  t.not(refused(join(theirs, 'cache')), undefined, 'the cache of root is not below a folder of who called sudo');
  t.equal(refused(join(theirs, 'out'), {...USE, sudoer: true}), undefined, 'what that user named may be');
  if (before === undefined) delete process.env.SUDO_UID;
  else process.env.SUDO_UID = before;
  t.end();
});

t.test('where no folder can be made: an error, at once', (t) => {
  t.match(refused('/proc/x/y'), {message: 'Cannot make the cache `/proc/x/y`: ENOENT: no such file or directory'});
  t.end();
});

t.test('the three roots are marked by what the mark says; a folder of somebody else is not', (t) => {
  const paths = {project: root, cache: at('r/cache'), state: at('r/state'), runtime: at('r/runtime')};
  mkdirSync(at('r/cache/trees'), {recursive: true});
  mkdirSync(at('r/state/thesis'), {recursive: true});
  ownRoots(paths);
  t.equal(isMarked(paths.cache, 'cache'), true, 'one of an earlier version is taken over');
  t.equal(isMarked(paths.cache, 'state'), false);
  t.equal(isMarked(paths.state, 'state'), false, 'names that are not ours');
  t.equal(isMarked(paths.runtime, 'runtime'), true);
  t.end();
});
