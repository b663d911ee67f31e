// SPDX-License-Identifier: MIT
import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import t from 'tap';
import {openBridge} from '../../guest/bridge.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(ctx.remove);
let ports = 0;

/** The guest's end of a port. */
async function port(onSocket: (socket: Socket) => void): Promise<string> {
  const path = join(ctx.folder, `port${ports++}`);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  server.listen(path);
  await once(server, 'listening');
  t.teardown(() => server.close());
  return path;
}

/** What arrives within a moment. */
async function received(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.resume();
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  return text;
}

t.test('what comes with the answer, in one piece, belongs to the server', async (t) => {
  const path = await port((socket) => {
    socket.on('data', (line) => socket.write(Buffer.concat([line, Buffer.from('SSH-2.0-x\r\n')])));
  });
  t.equal(await received(await openBridge(path, 5, ctx.signal)), 'SSH-2.0-x\r\n');
});

t.test('what an earlier connection left is thrown away, however it arrives', async (t) => {
  const path = await port((socket) => {
    socket.write('SSH-2.0-old\r\n\0\0\0kverdict-0000000000000000\n');
    socket.on('data', (line) => {
      for (const byte of `junk${line}SSH-2.0-new\r\n`) socket.write(byte);
    });
  });
  t.equal(await received(await openBridge(path, 5, ctx.signal)), 'SSH-2.0-new\r\n');
});

t.test('a port that hangs up is tried again', async (t) => {
  let connections = 0;
  const path = await port((socket) => {
    connections++;
    if (connections < 3) socket.destroy();
    else socket.on('data', (line) => socket.write(line));
  });
  (await openBridge(path, 5, ctx.signal)).destroy();
  t.equal(connections, 3);
});

t.test('a line that was swallowed is sent again, on a new connection', async (t) => {
  let connections = 0;
  const path = await port((socket) => {
    connections++;
    if (connections > 1) socket.on('data', (line) => socket.write(line));
  });
  (await openBridge(path, 5, ctx.signal, 0.1)).destroy();
  t.equal(connections, 2);
});

t.test('one that never answers has an end, and so has one that is not there', async (t) => {
  const path = await port(() => {});
  await t.rejects(openBridge(path, 0.2, ctx.signal), {
    message: /did not answer on its port within 0.2 s \(no answer\)/,
  });
  await t.rejects(openBridge(join(ctx.folder, 'none'), 0.1, ctx.signal), {message: /ENOENT/});
});
