// SPDX-License-Identifier: MIT
/** A program that takes QEMU's command line as we write it, and does what the -kernel file says. */
import {appendFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import {parseScenario} from './fake-qemu-scenario.js';

/** 64 bytes. */
const LINE = `[    0.800000] ${'all work and no play '.repeat(3).slice(0, 48)}\n`;

const [folder = '', version = '', ...args] = process.argv.slice(2);

if (args.includes('--version')) {
  process.stdout.write(`QEMU emulator version ${version} (fake)\nCopyright (c) nobody\n`);
} else {
  await main();
}

async function main(): Promise<void> {
  process.on('SIGTERM', () => process.exit(0));
  const scenario = parseScenario(readFileSync(optionOf('-kernel'), 'latin1'));
  const boot = optionOf('-accel') === 'kvm' ? scenario.kvm : scenario.boot;
  if (boot === undefined) die('-accel kvm: failed to initialize kvm: No such device');
  if (boot.how === 'exit') die("could not load kernel 'vmlinux': not a kernel");

  const consoleFile = chardev('console', 'logfile');
  const say = (line: string): void => appendFileSync(consoleFile, `${line}\r\n`);
  const panic = (why: string): void => {
    say(`[    1.500000] Kernel panic - not syncing: ${why}`);
    say('[    1.500100] CPU: 0 UID: 0 PID: 1 Comm: init Not tainted 6.12.0-fake #1');
    say(`[    1.500200] ---[ end Kernel panic - not syncing: ${why} ]---`);
    process.exit(0);
  };
  writeFileSync(consoleFile, '');
  if (boot.how !== 'mute') {
    say('[    0.000000] Linux version 6.12.0-fake (nobody@nowhere)');
    say(`[    0.000000] Kernel command line: ${optionOf('-append')}`);
  }
  if (boot.how === 'fast-panic') panic('No working init found');
  await listen(chardev('console'), (socket) => serveKeys(socket, say));
  await listen(chardev('qmp'), serveQmp);
  // Bytes that came before the guest opened its port wait in the socket, as with the real one.
  const early: Socket[] = [];
  let serve: (socket: Socket) => void = (socket) => void early.push(socket);
  await listen(chardev('ssh'), (socket) => serve(socket));

  for (let line = 0; line < boot.lines; line++) {
    await new Promise((resolve) => setTimeout(resolve, boot.ms));
    // A word of its own, as numbers alone make no other line.
    say(
      `[    0.${String(line).padStart(6, '0')}] initcall ${[...String(line)].map((digit) => 'abcdefghij'[Number(digit)]).join('')} done`,
    );
  }
  if (boot.how === 'panic') panic('VFS: Unable to mount root fs on unknown-block(0,0)');
  if (boot.how === 'reset') {
    process.stderr.write('qemu-system-fake: -accel kvm: warning: Number of SMP cpus requested (4) is large\n');
    process.exit(0);
  }
  if (boot.how === 'flood') for (let mib = 0; mib < 70; mib++) appendFileSync(consoleFile, LINE.repeat(2 ** 14));
  if (boot.how === 'hang' || boot.how === 'mute' || boot.how === 'flood') return;
  say('[    0.900000] Run /init as init process');
  const counters = join(folder, 'counters');
  mkdirSync(counters, {recursive: true});
  const {onLine, serveSsh} = await import('./fake-qemu-ssh.js');
  if (boot.how === 'hang-up') serve = (socket) => onLine(socket, () => socket.end('SSH-2.0-fake\r\n'));
  else if (boot.how === 'babble') serve = (socket) => onLine(socket, () => socket.write(`SSH-2.0-fake\r\n${LINE}`));
  else
    serve = serveSsh({
      scenario,
      counters,
      initrd: readFileSync(optionOf('-initrd')),
      say,
      panic: () => panic('Fatal exception'),
      exit: () => process.exit(0),
    });
  for (const socket of early) serve(socket);
}

function optionOf(flag: string): string {
  const at = args.indexOf(flag);
  return at < 0 ? '' : (args[at + 1] ?? '');
}

/** The path of `-chardev …,id=<id>,path=<path>,…`. */
function chardev(id: string, field: 'path' | 'logfile' = 'path'): string {
  const found = args.find((arg, index) => args[index - 1] === '-chardev' && arg.split(',').includes(`id=${id}`));
  const path = new RegExp(`,${field}=((?:[^,]|,,)*)`).exec(found ?? '')?.[1];
  return path?.replaceAll(',,', ',') ?? die(`no -chardev with id=${id} and a path`);
}

function listen(path: string, onSocket: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  return new Promise((resolve) => server.listen(path, resolve));
}

/** sysrq, of a guest that is not too far gone. */
function serveKeys(socket: Socket, say: (line: string) => void): void {
  socket.on('data', (keys) => {
    for (const key of keys.toString()) say(`[    2.000000] sysrq: ${SYSRQ[key] ?? 'HELP'}`);
  });
}

const SYSRQ: Readonly<Record<string, string>> = {
  l: 'Show backtrace of all active CPUs',
  w: 'Show Blocked State',
  t: 'Show State',
};

function serveQmp(socket: Socket): void {
  const answer = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
  answer({QMP: {version: {qemu: {major: 10, minor: 0, micro: 2}}, capabilities: []}});
  socket.on('data', (bytes) => {
    for (const line of bytes.toString().split('\n').filter(Boolean)) {
      const {execute, id} = JSON.parse(line) as {execute: string; id: number};
      answer({return: execute === 'human-monitor-command' ? 'CPU#0\nRIP=0000 RFL=0002\n' : {}, id});
      if (execute === 'quit') process.exit(0);
    }
  });
}

function die(why: string): never {
  process.stderr.write(`qemu-system-fake: ${why}\n`);
  process.exit(1);
}
