// SPDX-License-Identifier: MIT
/** The SSH server of a fake guest: real keys, a real handshake, commands that are only looked at. */
import type {Socket} from 'node:net';
import ssh2, {type ServerChannel, type Session} from 'ssh2';
import {openSshPem} from '../../image/access.js';
import {fits, happens, play, type Scenario} from './fake-qemu-scenario.js';

export interface FakeGuest {
  scenario: Scenario;
  /** The initramfs: it holds the keys, like a real one. */
  initrd: Buffer;
  /** Counts runs, for rates. */
  counters: string;
  /** Sum of bits; set by acts. */
  taint?: number;
  /** lockdep has reported. */
  lockdepOff?: boolean;
  /** Commands that do not end by themselves, by their mark: what ends them. */
  hanging?: Map<string, () => void>;
  /** A line of the console. */
  say(line: string): void;
  panic(): void;
  exit(): void;
}

export function serveSsh(guest: FakeGuest): (socket: Socket) => void {
  const key = member(guest.initrd, 'etc/dropbear/host_key');
  const pair = {seed: key.subarray(-64, -32), point: key.subarray(-32)};
  const allowed = ssh2.utils.parseKey(member(guest.initrd, 'root/.ssh/authorized_keys').toString().trim());
  if (allowed instanceof Error) throw allowed;
  const server = new ssh2.Server({hostKeys: [openSshPem(pair)], ident: 'fake_guest'}, (client) => {
    client.on('error', () => {});
    client.on('authentication', (login) => {
      if (login.method !== 'publickey' || !login.key.data.equals(allowed.getPublicSSH()))
        return login.reject(['publickey']);
      if (login.signature && allowed.verify(login.blob ?? Buffer.alloc(0), login.signature) !== true)
        return login.reject();
      return login.accept();
    });
    client.on('session', (accept) => onSession(accept(), guest));
  });
  return (socket) => onLine(socket, () => server.injectSocket(socket));
}

/** As the guest's init: the first line goes back, then the server has the socket. */
export function onLine(socket: Socket, then: () => void): void {
  let seen = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const end = seen.indexOf('\n') + 1;
    if (end === 0) return;
    socket.off('data', read);
    socket.pause();
    socket.write(seen.subarray(0, end));
    if (seen.length > end) socket.unshift(seen.subarray(end));
    then();
  };
  socket.on('data', read);
}

function onSession(session: Session, guest: FakeGuest): void {
  session.on('pty', (accept) => accept?.());
  session.on('shell', (accept) => {
    const stream = accept();
    stream.write('fake # ');
    stream.on('data', () => end(stream, 0));
  });
  session.on('exec', (accept, _reject, {command}) => void answer(accept(), command, guest));
}

async function answer(stream: ServerChannel, command: string, guest: FakeGuest): Promise<void> {
  if (command.includes('tar -x')) {
    stream.resume();
    stream.on('end', () => end(stream, 0));
    return;
  }
  const [, stopped] = /^read -r leader id .*"\$id" = (\w+) /.exec(command) ?? [];
  if (stopped !== undefined) {
    guest.hanging?.get(stopped)?.();
    end(stream, 0);
    return;
  }
  if (command.includes('kernel/tainted')) {
    stream.write(`${guest.taint ?? 0}\n7\t4\t1\t7\n`);
    end(stream, 0);
    return;
  }
  const list = guest.scenario.lists.find(({pattern}) => fits(pattern, command));
  const test = guest.scenario.tests.find(({pattern}) => fits(pattern, command));
  if (list !== undefined && /list/.test(command)) stream.write(`${list.names.join('\n')}\n`);
  if (test === undefined) {
    end(stream, 0);
    return;
  }
  const act = happens(test, guest.counters) ? test.act : 'pass';
  await new Promise((resolve) => setTimeout(resolve, test.afterMs));
  if (act === 'warn') warn(guest);
  if (act === 'lockdep') complain(guest);
  if (act === 'warn' || act === 'taint') guest.taint = 1 << 9;
  const output = play(test.pattern.split(/[*:]/).at(-1) || 'test', act);
  for (let step = output.next(); ; step = output.next()) {
    if (step.done) {
      finish(stream, step.value, act, command, guest);
      return;
    }
    if (!stream.write(Buffer.from(step.value, 'latin1'))) await new Promise((drained) => stream.once('drain', drained));
  }
}

/** As a kernel prints it, by whoever runs on whichever CPU. */
function warn({say}: FakeGuest): void {
  const at = (Math.random() * 10).toFixed(6).padStart(12);
  const pid = Math.ceil(Math.random() * 1000);
  const lines = [
    '------------[ cut here ]------------',
    `WARNING: CPU: ${pid % 2} PID: ${pid} at ../src/mm/toy.c:12 toy_fault+0x10/0x20`,
    'Modules linked in:',
    `CPU: ${pid % 2} UID: 0 PID: ${pid} Comm: toy Not tainted 6.12.0-fake #1`,
    'RIP: 0010:toy_fault+0x10/0x20',
    'Call Trace:',
    ' <TASK>',
    ' handle_toy+0x1/0x2',
    ' </TASK>',
    '---[ end trace 0000000000000000 ]---',
  ];
  for (const line of lines) say(`[${at}] ${line}`);
}

/** Once a boot, as lockdep does. */
function complain(guest: FakeGuest): void {
  if (guest.lockdepOff) return;
  guest.lockdepOff = true;
  const lines = [
    '======================================================',
    'WARNING: possible circular locking dependency detected',
    '6.12.0-fake #1 Not tainted',
    '------------------------------------------------------',
    'toy/7 is trying to acquire lock:',
    'ffff888000000008 (toy_lock){+.+.}-{4:4}, at: toy_fault+0x4/0x20',
    'stack backtrace:',
    'Call Trace:',
    ' toy_fault+0x4/0x20',
  ];
  for (const line of lines) guest.say(`[    1.000000] ${line}`);
}

function finish(
  stream: ServerChannel,
  status: number | undefined,
  act: string,
  command: string,
  guest: FakeGuest,
): void {
  if (act === 'panic') guest.panic();
  else if (act === 'exit') guest.exit();
  else if (status !== undefined) end(stream, status);
  else {
    // As SIGTERM ends a shell: 128 + 15.
    const [, mark = ''] = /^echo \$leader (\w+) /m.exec(command) ?? [];
    guest.hanging ??= new Map();
    guest.hanging.set(mark, () => end(stream, 143));
  }
}

function end(stream: ServerChannel, status: number): void {
  stream.exit(status);
  stream.end();
}

/** A file's bytes out of a cpio archive (newc). */
function member(archive: Buffer, path: string): Buffer {
  for (let at = 0; archive.toString('latin1', at, at + 6) === '070701'; ) {
    const field = (index: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [size, nameSize] = [field(6), field(11)];
    const name = archive.toString('utf8', at + 110, at + 110 + nameSize - 1);
    const data = at + Math.ceil((110 + nameSize) / 4) * 4;
    if (name === path) return archive.subarray(data, data + size);
    at = data + Math.ceil(size / 4) * 4;
  }
  throw new Error(`The initramfs has no ${path}`);
}
