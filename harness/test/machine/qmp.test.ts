// SPDX-License-Identifier: MIT
import {createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import t from 'tap';
import {InfraError} from '../../lib/errors.js';
import {Qmp, type QmpEvent} from '../../machine/qmp.js';
import {testContext} from '../fakes/test-context.js';

type Tap = typeof t;

// Not t.testdir(): a unix socket's path has to be short.
const ctx = testContext();
t.teardown(ctx.remove);

const GREETING = '{"QMP": {"version": {}, "capabilities": []}}\n';

/** A server that says `first`, then answers each line by `reply`. */
let sockets = 0;

async function serve(t: Pick<Tap, 'teardown'>, first: string, reply: (line: string, socket: Socket) => void) {
  const path = join(ctx.folder, `s${sockets++}`);
  const server = createServer((socket) => {
    socket.write(first);
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\n').filter(Boolean)) reply(line, socket);
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
  return path;
}

function ok(line: string, socket: Socket): void {
  const {id, execute} = JSON.parse(line) as {id: number; execute: string};
  socket.write(`${JSON.stringify({return: {did: execute}, id})}\n`);
}

t.test('commands are answered by their number, events go elsewhere', async (t) => {
  const held: [number, string][] = [];
  const path = await serve(t, GREETING, (line, socket) => {
    const {id, execute} = JSON.parse(line) as {id: number; execute: string};
    if (execute === 'qmp_capabilities') return ok(line, socket);
    held.push([id, execute]);
    if (held.length < 2) return;
    socket.write('{"event": "STOP", "data": {}}\n');
    for (const [number, name] of held.reverse()) socket.write(`${JSON.stringify({return: name, id: number})}\n`);
  });
  const events: QmpEvent[] = [];
  const qmp = await Qmp.open(path, 2, (event) => events.push(event));
  t.same(await Promise.all([qmp.execute('one'), qmp.execute('two')]), ['one', 'two']);
  t.match(events, [{event: 'STOP'}]);
  qmp.close();
  await t.rejects(qmp.execute('late'), {message: /closed its control socket before it answered `late`/});
});

t.test("QEMU's own words when it refuses", async (t) => {
  const path = await serve(t, GREETING, (line, socket) => {
    const {id, execute} = JSON.parse(line) as {id: number; execute: string};
    if (execute === 'qmp_capabilities') return ok(line, socket);
    socket.write(
      `${JSON.stringify({error: {class: 'CommandNotFound', desc: 'The command fly has not been found'}, id})}\n`,
    );
  });
  const qmp = await Qmp.open(path, 2);
  await t.rejects(qmp.execute('fly'), {message: 'QEMU refused `fly`: The command fly has not been found'});
  qmp.close();
});

t.test('garbage between messages is passed over, a message in pieces is put together', async (t) => {
  const path = await serve(t, `\0\0not json\n[1]\nnull\n{"unknown": 1}\n${GREETING.slice(0, 10)}`, ok);
  const opening = Qmp.open(path, 0.3);
  await t.rejects(opening, {message: /within 0.3 s \(greeting\)/}, 'the greeting never ended');
  const whole = await serve(t, `not json\n${GREETING}`, (line, socket) => {
    for (const byte of `${JSON.stringify({return: {}, id: (JSON.parse(line) as {id: number}).id})}\n`)
      socket.write(byte);
  });
  const qmp = await Qmp.open(whole, 2);
  t.same(await qmp.execute('query-status'), {});
  qmp.close();
});

t.test('a command that is not answered has an end', async (t) => {
  const path = await serve(t, GREETING, (line, socket) => {
    if (line.includes('qmp_capabilities')) ok(line, socket);
  });
  const qmp = await Qmp.open(path, 2);
  await t.rejects(qmp.execute('query-status', {}, 0.2), {
    message: /did not answer on its control socket within 0.2 s \(query-status\)/,
  });
  qmp.close();
});

t.test('no socket at all', async (t) => {
  await t.rejects(Qmp.open(join(ctx.folder, 'none'), 1), InfraError);
});
