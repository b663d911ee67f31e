// SPDX-License-Identifier: MIT
/** Who may ask, and for which files: over real HTTP, with addresses that no browser would make. */
import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {get, serveSynthetic} from './fixture.js';

const served = await serveSynthetic({nights: 3, steady: 2});
t.teardown(served.remove);
const {address, state, history} = served;
const run = await history.db.selectFrom('runs').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow();
const FILES = `/runs/${run.id}/files`;

t.test('only under a name of this computer', async (t) => {
  for (const host of ['localhost:1', '127.0.0.1', '[::1]:8642', 'LOCALHOST']) {
    t.equal((await get(address, '/', {host})).status, 200, host);
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8642', '10.0.0.1']) {
    const got = await get(address, '/', {host});
    t.equal(got.status, 403, `${host}: a website that names us its own`);
    t.notMatch(got.body, 'mm-unstable');
  }
});

t.test('only reading', async (t) => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    t.equal((await get(address, '/', {method})).status, 405, method);
  }
  const whole = await get(address, '/');
  const head = await get(address, '/', {method: 'HEAD'});
  t.equal(head.body, '');
  t.equal(head.headers['content-length'], String(Buffer.byteLength(whole.body)));
  const file = await get(address, `${FILES}/results.json`, {method: 'HEAD'});
  t.same([file.status, file.body], [200, '']);
});

t.test('every answer keeps others away', async (t) => {
  for (const path of ['/', '/nowhere', `${FILES}/report.html`, `${FILES}/results.json`]) {
    const {headers} = await get(address, path);
    t.match(
      headers,
      {
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
      },
      path,
    );
    t.notOk('access-control-allow-origin' in headers);
  }
});

t.test('files of the run, each as what it is', async (t) => {
  const report = await get(address, `${FILES}/report.html`);
  t.equal(report.body, readFileSync(join(run.folder, 'report.html'), 'utf8'));
  t.equal(report.headers['content-type'], 'text/html; charset=utf-8');
  t.match(String(report.headers['content-security-policy']), /sandbox allow-scripts/);
  t.notMatch(String(report.headers['content-security-policy']), /allow-same-origin/);
  const log = await get(address, `${FILES}/attempts/x86_64/base-1.log`);
  t.same([log.status, log.headers['content-type']], [200, 'text/plain; charset=utf-8']);
  t.match(String(log.headers['content-security-policy']), /^default-src 'none'; sandbox;/);
  writeFileSync(join(run.folder, 'forged.html'), '<script>window.alarm=1</script>');
  t.equal((await get(address, `${FILES}/forged.html`)).headers['content-type'], 'text/plain; charset=utf-8');
  writeFileSync(join(run.folder, 'memory.elf'), Buffer.alloc(3));
  const dump = await get(address, `${FILES}/memory.elf`);
  t.same(
    [dump.headers['content-type'], dump.headers['content-disposition']],
    ['application/octet-stream', 'attachment'],
  );
  writeFileSync(join(run.folder, 'empty.log'), '');
  t.same((await get(address, `${FILES}/empty.log`)).body, '');
  writeFileSync(join(run.folder, 'a b#ü.log'), 'odd');
  t.equal((await get(address, `${FILES}/${encodeURIComponent('a b#ü.log')}`)).body, 'odd');
});

t.test('nothing outside of the folder, whatever the address', async (t) => {
  writeFileSync(join(state, 'secret'), 'secret');
  mkdirSync(join(run.folder, '.hidden'));
  writeFileSync(join(run.folder, '.hidden/key'), 'secret');
  writeFileSync(`${run.folder}-beside`, 'secret');
  symlinkSync(join(state, 'secret'), join(run.folder, 'link.log'));
  symlinkSync(state, join(run.folder, 'up'));
  symlinkSync('results.json', join(run.folder, 'inside.json'));
  symlinkSync(join(run.folder, 'results.json'), join(run.folder, 'by-its-whole-path.json'));
  execFileSync('mkfifo', [join(run.folder, 'fifo.log')]);
  const name = run.folder.split('/').at(-1);
  for (const path of [
    '',
    '/',
    '/..',
    '/../secret',
    '/../../secret',
    '/%2e%2e/%2e%2e/secret',
    '/..%2f..%2fsecret',
    '/%2e%2e%2f%2e%2e%2fsecret',
    '/..%5c..%5csecret',
    '/attempts/../../../secret',
    '/%00',
    '/report.html%00.log',
    `/../${name}-beside`,
    '//etc/passwd',
    `/${encodeURIComponent('/etc/passwd')}`,
    '/link.log',
    '/up/secret',
    '/.hidden/key',
    '/attempts',
    '/fifo.log',
    '/gone.log',
    '/by-its-whole-path.json',
  ]) {
    const got = await get(address, `${FILES}${path}`);
    t.ok([400, 404].includes(got.status), `${path}: ${got.status}`);
    t.notMatch(got.body, /^secret|root:/, path);
  }
  t.equal((await get(address, `${FILES}/inside.json`)).status, 200, 'a link that stays inside is a file of it');
  t.equal((await get(address, '/runs/1/files/report.html')).status, 404, 'a folder that is gone');
  t.equal((await get(address, '/runs/77/files/report.html')).status, 404, 'no run of the history');
  t.same(served.troubles, []);
});
