// SPDX-License-Identifier: MIT
import {execFileSync} from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {KernelError, type KverdictError, UserError} from '../../lib/errors.js';
import {
  hasFile,
  type IntakeRule,
  isOneName,
  needBytes,
  putBelow,
  sameBytes,
  takeBytes,
  takeCopy,
  takeHead,
  takeText,
} from '../../lib/intake.js';

const folder = mkdtempSync(join(tmpdir(), 'kverdict-intake-'));
t.teardown(() => rmSync(folder, {recursive: true, force: true}));
const root = join(folder, 'left');
mkdirSync(join(root, 'mm'), {recursive: true});
writeFileSync(join(folder, 'secret'), 'of the user');
writeFileSync(join(root, 'mm/plain'), 'text');
const rule: IntakeRule = {what: 'a test', blame: 'kernel', maxBytes: 1000};
const below: IntakeRule = {...rule, links: 'below'};

/** The error's own words, with its place left out. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message.replaceAll(root, 'LEFT').replaceAll(folder, 'OUT');
  }
  return 'it was taken';
}

t.test('a regular file is taken, whole', async (t) => {
  t.equal(takeText(root, 'mm/plain', rule), 'text');
  t.equal(hasFile(root, 'mm/plain', rule), true);
  t.equal(takeHead(root, 'mm/plain', 2, rule)?.head.toString(), 'te');
  t.ok(takeCopy(root, 'mm/plain', join(folder, 'copy'), rule));
  t.equal(readFileSync(join(folder, 'copy'), 'utf8'), 'text');
  t.equal(takeText('/proc', 'self/comm', {...rule, links: 'below'})?.endsWith('\n'), true, 'of no told size');
});

t.test('what is not there is undefined, or an error that names it', async (t) => {
  t.equal(takeBytes(root, 'mm/none', rule), undefined);
  t.equal(takeBytes(root, 'none/plain', rule), undefined);
  t.equal(takeBytes(root, 'mm/plain/x', rule), undefined);
  t.equal(takeCopy(root, 'mm/none', join(folder, 'none'), rule), false);
  t.equal(
    refusal(() => needBytes(root, 'mm/none', rule)),
    'There is no `LEFT/mm/none`, a test',
  );
});

t.test('a link, a FIFO, a socket, a folder: refused by name, at once', async (t) => {
  symlinkSync(join(folder, 'secret'), join(root, 'link'));
  symlinkSync('mm', join(root, 'folder-link'));
  symlinkSync('nowhere', join(root, 'dangling'));
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const server = createServer().listen(join(root, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  const expected = 'Expected `LEFT/NAME`, a test, to be a regular file, got ';
  const got: Record<string, string> = {
    link: 'a link to `OUT/secret`',
    'folder-link/plain': 'a link',
    dangling: 'a link to `nowhere`',
    fifo: 'a FIFO',
    socket: 'a socket',
    mm: 'a directory',
  };
  for (const [name, kind] of Object.entries(got)) {
    for (const take of [
      () => takeBytes(root, name, rule),
      () => takeCopy(root, name, join(folder, 'taken'), rule),
      () => takeHead(root, name, 16, rule),
      () => hasFile(root, name, rule),
    ]) {
      t.equal(refusal(take), expected.replace('NAME', name) + kind);
    }
    t.notOk(existsSync(join(folder, 'taken')), name);
  }
  server.close();
});

t.test('a device is not even opened', async (t) => {
  t.equal(
    refusal(() => takeBytes('/dev', 'zero', rule)),
    'Expected `/dev/zero`, a test, to be a regular file, got a device',
  );
});

t.test('too large: refused before it is read, with the limit', async (t) => {
  writeFileSync(join(root, 'sparse'), '');
  truncateSync(join(root, 'sparse'), 3 * 2 ** 30);
  const words = 'Expected `LEFT/sparse`, a test, to have at most 1000 bytes, got 3221225472 or more';
  t.equal(
    refusal(() => takeBytes(root, 'sparse', rule)),
    words,
  );
  t.equal(
    refusal(() => takeCopy(root, 'sparse', join(folder, 'big'), rule)),
    words,
  );
  t.equal(takeHead(root, 'sparse', 4, rule)?.head.length, 4, 'the head of a large one is small');
  t.equal(
    refusal(() => takeBytes('/proc', 'self/maps', below)).includes('at most 1000 bytes'),
    true,
    'by what is read',
  );
});

t.test('links are followed where that is asked for, and only below', async (t) => {
  symlinkSync('../mm/plain', join(root, 'mm/inner'));
  symlinkSync('/etc/hostname', join(root, 'mm/absolute'));
  symlinkSync('../../secret', join(root, 'mm/out'));
  symlinkSync('round', join(root, 'mm/round'));
  t.equal(takeText(root, 'mm/inner', below), 'text');
  t.equal(takeText(root, 'folder-link/plain', below), 'text');
  for (const name of ['mm/absolute', 'mm/out', '../secret']) {
    t.equal(
      refusal(() => takeBytes(root, name, below)).replace(/`[^`]*`/, 'IT'),
      'Expected IT, a test, to be a regular file, got a link that leads out of its folder',
    );
  }
  t.ok(refusal(() => takeBytes(root, 'mm/round', below)).includes('got a link'));
});

t.test('a copy takes the place of nothing', async (t) => {
  symlinkSync(join(folder, 'secret'), join(folder, 'target'));
  t.throws(() => takeCopy(root, 'mm/plain', join(folder, 'target'), rule), {code: 'EEXIST'});
  t.equal(readFileSync(join(folder, 'secret'), 'utf8'), 'of the user');
});

t.test('writing replaces a link and leaves what it led to', async (t) => {
  symlinkSync(join(folder, 'secret'), join(root, 'mm/stand-in'));
  symlinkSync(join(folder, 'fresh'), join(root, 'mm/dangling'));
  for (const name of ['stand-in', 'dangling']) {
    putBelow(root, `mm/${name}`, 'ours', 0o755);
    t.ok(lstatSync(join(root, 'mm', name)).isFile());
    t.equal(readFileSync(join(root, 'mm', name), 'utf8'), 'ours');
    t.equal(statSync(join(root, 'mm', name)).mode & 0o777, 0o755);
  }
  t.equal(readFileSync(join(folder, 'secret'), 'utf8'), 'of the user');
  t.notOk(existsSync(join(folder, 'fresh')));
  t.equal(
    refusal(() => putBelow(root, 'folder-link/x', 'ours', 0o755)),
    'Cannot write `LEFT/folder-link/x`: there is a link',
  );
  t.match(
    refusal(() => putBelow(root, 'mm', 'ours', 0o755)),
    /^Cannot write `LEFT\/mm`: there is an error \(EISDIR|EPERM/,
  );
});

t.test('blame is what the rule says', async (t) => {
  const thrown = (blame: IntakeRule['blame']): KverdictError | undefined => {
    try {
      needBytes(root, 'link', {...rule, blame});
    } catch (error) {
      return error as KverdictError;
    }
    return undefined;
  };
  t.ok(thrown('kernel') instanceof KernelError);
  t.ok(thrown('user') instanceof UserError);
  t.equal(thrown('user')?.hint, 'Give a plain file: `cp --dereference` makes one of a link, `cat` one of a pipe.');
});

t.test('two files are compared without holding them', async (t) => {
  writeFileSync(join(root, 'a'), 'x'.repeat(900));
  writeFileSync(join(root, 'b'), 'x'.repeat(900));
  writeFileSync(join(root, 'c'), `${'x'.repeat(899)}y`);
  t.equal(sameBytes(join(root, 'a'), join(root, 'b'), rule), true);
  t.equal(sameBytes(join(root, 'a'), join(root, 'c'), rule), false);
  t.equal(sameBytes(join(root, 'a'), join(root, 'none'), rule), false);
});

t.test('one name is one component', async (t) => {
  for (const name of ['mremap_test', 'run_vmtests.sh', 'a+b', '...']) t.equal(isOneName(name), true, name);
  for (const name of ['', '.', '..', '../x', 'a/b', '/etc/x', 'a b', 'a\n', '\u001b[2J', 'x'.repeat(300)]) {
    t.equal(isOneName(name), false, JSON.stringify(name));
  }
});
