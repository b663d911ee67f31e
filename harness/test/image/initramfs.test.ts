// SPDX-License-Identifier: MIT
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {fingerprint, makeKeys} from '../../image/access.js';
import {makeCpio} from '../../image/cpio.js';
import {makeInitramfs, makeToolsArchive} from '../../image/initramfs.js';

const RECIPE = {packages: [], programs: [], applets: ['sh'], init: {}, serverOptions: ''};
const PROGRAMS = {init: Buffer.from('init'), server: Buffer.from('server')};

/** What `cpio -tv` says of an archive. */
function list(archive: Buffer): string[] {
  const {stdout, status} = spawnSync('cpio', ['-tv', '--quiet'], {input: archive, encoding: 'utf8'});
  if (status !== 0) throw new Error('cpio cannot read it');
  return stdout.trim().split('\n');
}

t.test('an archive that cpio reads: files, folders, links and devices', async (t) => {
  const archive = makeCpio([
    {kind: 'file', path: 'a/b/hello', mode: 0o755, data: Buffer.from('hello\n')},
    {kind: 'link', path: 'a/link', target: 'b/hello'},
    {kind: 'character', path: 'dev/null', mode: 0o666, major: 1, minor: 3},
  ]);
  t.match(list(archive), [
    /^drwxr-xr-x .* a$/,
    /^drwxr-xr-x .* a\/b$/,
    /^-rwxr-xr-x .* 6 Jan {2}1 {2}1970 a\/b\/hello$/,
    /^lrwxrwxrwx .* a\/link -> b\/hello$/,
    /^drwxr-xr-x .* dev$/,
    /^crw-rw-rw- .* 1, +3 .* dev\/null$/,
  ]);
});

t.test('the same entries in another order give the same bytes', async (t) => {
  const one = {kind: 'file', path: 'x/one', mode: 0o644, data: Buffer.from('1')} as const;
  const two = {kind: 'file', path: 'two', mode: 0o644, data: Buffer.from('22')} as const;
  t.ok(makeCpio([one, two]).equals(makeCpio([two, one])));
});

t.test('a program brings its libraries, from links that point to the root', async (t) => {
  const root = t.testdir();
  const lib = join(root, 'usr/lib/x86_64-linux-gnu');
  mkdirSync(lib, {recursive: true});
  mkdirSync(join(root, 'usr/sbin'), {recursive: true});
  const source = join(root, 'x.c');
  writeFileSync(source, 'int here(void){return 0;}\n');
  execFileSync('gcc', ['-shared', '-nostdlib', '-Wl,-soname,libhere.so.1', '-o', join(lib, 'libhere.so.1'), source]);
  writeFileSync(join(root, 'm.c'), 'int here(void); int _start(void){return here();}\n');
  const out = join(root, 'usr/sbin/prog');
  execFileSync('gcc', [
    '-nostdlib',
    '-no-pie',
    '-o',
    out,
    join(root, 'm.c'),
    join(lib, 'libhere.so.1'),
    '-Wl,--dynamic-linker=/lib64/loader',
  ]);
  const recipe = {...RECIPE, programs: ['usr/sbin/prog']};

  t.throws(() => makeInitramfs(root, recipe, PROGRAMS, makeKeys()), {message: /hold no `lib64\/loader`/});
  mkdirSync(join(root, 'lib64'));
  execFileSync('ln', ['-s', '/usr/lib/x86_64-linux-gnu/libhere.so.1', join(root, 'lib64/loader')]);
  const names = list(makeInitramfs(root, recipe, PROGRAMS, makeKeys())).map((line) => line.split(/\s+/).at(-1));
  t.ok(names.includes('usr/lib/x86_64-linux-gnu/libhere.so.1'));
  t.ok(names.includes('lib64/loader'));
  t.ok(names.includes('usr/sbin/prog'));
  t.notOk(names.includes('x.c'), 'nothing else of the packages');

  const tools = list(makeToolsArchive(root, [{path: 'usr/sbin/prog', links: ['bin/tool']}]));
  t.same(
    tools.filter((line) => !line.startsWith('d')).map((line) => line.split(/\s+/).slice(8).join(' ')),
    ['bin/tool -> /usr/sbin/prog', 'lib64/loader', 'usr/lib/x86_64-linux-gnu/libhere.so.1', 'usr/sbin/prog'],
    'tools: links and libraries, and nothing that the image has by itself',
  );
});

t.test('keys: as ssh-keygen reads them, new each time, and secret files closed', async (t) => {
  const keys = makeKeys();
  const file = join(t.testdir(), 'key');
  writeFileSync(file, keys.clientKey, {mode: 0o600});
  const line = execFileSync('ssh-keygen', ['-y', '-P', '', '-f', file], {encoding: 'utf8'});
  t.equal(line.trim().split(' ')[1], keys.clientPublic.split(' ')[1]);
  const printed = execFileSync('ssh-keygen', ['-l', '-f', file], {encoding: 'utf8'});
  t.ok(printed.includes(fingerprint(keys.clientPublic.split(' ')[1] ?? '')));
  t.not(makeKeys().clientKey, keys.clientKey);
  const entries = list(makeInitramfs(t.testdir(), RECIPE, PROGRAMS, keys));
  t.match(
    entries.find((entry) => entry.endsWith('host_key')),
    /^-rw------- /,
  );
  t.match(
    entries.find((entry) => entry.endsWith('authorized_keys')),
    /^-rw------- /,
  );
});
