// SPDX-License-Identifier: MIT
/** This computer alone, and clear words when a place cannot be had. */
import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {createServer, request, type Server} from 'node:http';
import {networkInterfaces, tmpdir} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {UsageError, UserError} from '../../lib/errors.js';
import {listen, loopbackOf} from '../../serve/listen.js';

const folder = mkdtempSync(join(tmpdir(), 'kv'));
t.teardown(() => rmSync(folder, {recursive: true}));
const open: Server[] = [];
t.afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
function pages(): Server {
  const server = createServer((_, response) => response.end('here'));
  open.push(server);
  return server;
}

t.test('an address that others could reach is refused', (t) => {
  t.equal(loopbackOf('127.0.0.1'), '127.0.0.1');
  t.equal(loopbackOf('localhost'), '127.0.0.1', 'whatever the hosts file says');
  t.equal(loopbackOf('::1'), '::1');
  const mine = Object.values(networkInterfaces()).flatMap((all) => all?.map(({address}) => address) ?? []);
  const others = mine.filter((address) => !['127.0.0.1', '::1'].includes(address));
  for (const host of ['0.0.0.0', '::', '', '::ffff:0.0.0.0', '10.0.0.1', 'example.org', '2130706433', ...others]) {
    t.throws(() => loopbackOf(host), UsageError, host);
  }
  t.throws(() => loopbackOf('0.0.0.0'), {message: /127\.0\.0\.1, localhost, ::1, got `0\.0\.0\.0`/, hint: /ssh -L/});
  t.end();
});

t.test('a port: the address to open is told, and it is not open to others', async (t) => {
  const server = pages();
  const address = await listen(server, {host: '127.0.0.1', port: 0});
  t.match(address, /^http:\/\/127\.0\.0\.1:[1-9]\d*\/$/);
  t.equal(await (await fetch(address)).text(), 'here');
  const bound = server.address();
  t.equal(typeof bound === 'object' ? bound?.address : bound, '127.0.0.1');
});

t.test('a port that is taken', async (t) => {
  const first = await listen(pages(), {host: '127.0.0.1', port: 0});
  const port = Number(new URL(first).port);
  const second = listen(pages(), {host: '127.0.0.1', port});
  await t.rejects(second, {name: 'UserError', message: `Port ${port} of 127.0.0.1 is taken`, hint: /--port/});
});

t.test('a socket of its user alone', async (t) => {
  const path = join(folder, 's');
  t.equal(await listen(pages(), {socket: path}), path);
  t.equal(statSync(path).mode & 0o777, 0o600);
  const body = await new Promise((resolve) => {
    request({socketPath: path}, (response) => response.on('data', (data: Buffer) => resolve(data.toString()))).end();
  });
  t.equal(body, 'here');
  await t.rejects(listen(pages(), {socket: path}), {name: 'UserError', message: /Somebody listens on/});
});

t.test('a socket that a crash left is taken over, a file is not', async (t) => {
  const left = join(folder, 'left');
  const script = `require('net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 'SIGKILL'))`;
  const {spawnSync} = await import('node:child_process');
  spawnSync(process.execPath, ['-e', script]);
  t.ok(statSync(left).isSocket());
  t.equal(await listen(pages(), {socket: left}), left);
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  await t.rejects(listen(pages(), {socket: file}), UserError);
  t.ok(statSync(file).isFile(), 'it is still there');
});
