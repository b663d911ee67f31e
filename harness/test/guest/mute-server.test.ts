// SPDX-License-Identifier: MIT
/**
 * SSH servers that let us in, answer every question whether they are there, and do nothing else: what a guest's own
 * server cannot be made to do (`real/hostile`), as its steps behind the key exchange are encrypted.
 */
import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import ssh2, {type Session} from 'ssh2';
import t from 'tap';
import {Ssh} from '../../guest/ssh.js';
import {SshGuest} from '../../guest/ssh-guest.js';
import {makeKeys, openSshPem} from '../../image/access.js';
import type {Machine} from '../../machine/qemu.js';
import {testContext} from '../fakes/test-context.js';

t.setTimeout(120_000);
const ctx = testContext();
t.teardown(ctx.remove);
const keys = makeKeys();
let servers = 0;

type OnSession = (accept: () => Session) => void;

/** A guest whose server does this with each channel that is asked for. Its waits are 3 s where a real one's are 60. */
async function guestWith(onSession: OnSession): Promise<SshGuest> {
  const path = join(ctx.folder, `port${servers++}`);
  const pair = Buffer.from(keys.hostPrivate, 'base64');
  const hostKey = openSshPem({seed: pair.subarray(-64, -32), point: pair.subarray(-32)});
  const server = new ssh2.Server({hostKeys: [hostKey]}, (client) => {
    client.on('error', () => {});
    client.on('authentication', (login) => login.accept());
    client.on('session', onSession);
  });
  const port = createServer((socket) => greet(socket, () => server.injectSocket(socket)));
  port.listen(path);
  await once(port, 'listening');
  t.teardown(() => port.close());
  const ssh = await Ssh.connect(path, keys, 10, ctx.signal);
  t.teardown(() => ssh.end());
  const machine = {
    ...{pid: process.pid, running: true, consoleFile: join(ctx.folder, 'none'), output: () => ''},
    exited: new Promise<never>(() => {}),
  } as unknown as Machine;
  return new SshGuest(ctx, 'g1', machine, ssh, {wall: 1, given: 1}, {slowdown: 0.05});
}

function greet(socket: Socket, then: () => void): void {
  socket.on('error', () => {});
  socket.once('data', (line) => {
    socket.pause();
    socket.write(line);
    then();
  });
}

const SILENT: Readonly<Record<string, OnSession>> = {
  'no channel is opened': () => {},
  'a channel is opened, and what is to be run in it is never answered': (accept) => void accept().on('exec', () => {}),
};

for (const [what, onSession] of Object.entries(SILENT)) {
  t.test(`${what}: the guest is given up as silent`, async (t) => {
    const guest = await guestWith(onSession);
    await guest.ssh.alive();
    const started = performance.now();
    const done = await guest.run('true', {timeoutSeconds: 1});
    t.match(done, {code: null, timedOut: false, lostHow: 'silent', lost: /^SSH went quiet: no answer for 3 s$/});
    t.ok(performance.now() - started < 15_000);
  });
}

t.test('a command that is begun and never ends is ended at its limit, and then the guest is stuck', async (t) => {
  const guest = await guestWith((accept) => void accept().on('exec', (accepted) => void accepted?.()));
  const started = performance.now();
  const done = await guest.run('true', {timeoutSeconds: 1});
  t.match(done, {
    ...{code: null, timedOut: true, lostHow: 'silent'},
    lost: /^the guest did not end the command within \d s$/,
  });
  t.ok(performance.now() - started < 15_000);
});

t.test('so is one that lies about its exit and keeps its channel open', async (t) => {
  const guest = await guestWith((accept) => void accept().on('exec', (accepted) => void accepted?.()?.exit?.(0)));
  const done = await guest.run('true', {timeoutSeconds: 1});
  t.match(done, {code: null, timedOut: true, lostHow: 'silent'});
});

t.test('and one that closes its channel without a word about its end', async (t) => {
  const guest = await guestWith((accept) => void accept().on('exec', (accepted) => void accepted?.()?.end?.()));
  const done = await guest.run('true', {timeoutSeconds: 1});
  t.match(done, {code: null, timedOut: false, lostHow: 'silent', lost: /ended without an exit status$/});
});
