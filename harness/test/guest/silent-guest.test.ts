// SPDX-License-Identifier: MIT
/** A guest that answers keepalives and nothing else, and one that prints without end. */
import {mock} from 'node:test';
import t from 'tap';
import type {Channel, ChannelEnd, ExecOptions, Ssh} from '../../guest/ssh.js';
import {SshGuest} from '../../guest/ssh-guest.js';
import type {Machine} from '../../machine/qemu.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(ctx.remove);
const never = new Promise<never>(() => {});

type Answer = (options: ExecOptions) => Promise<Channel>;
function guestWith(exec: Answer): SshGuest {
  const machine = {running: true, exited: never, consoleFile: '/nowhere', output: () => ''} as unknown as Machine;
  const ssh = {
    open: true,
    closed: never,
    exec: (_line: string, options: ExecOptions) => exec(options),
  } as unknown as Ssh;
  return new SshGuest(ctx, 'g1', machine, ssh, 1);
}

function channel(ended: Promise<ChannelEnd>, onClose: () => void = () => {}): Channel {
  return {ended, write: async () => {}, endInput: () => {}, resize: () => {}, close: onClose};
}

const LIMIT = 1 + 5 + 10;

t.test('no channel: the limit of the command ends the wait', async (t) => {
  mock.timers.enable({apis: ['setTimeout']});
  t.teardown(() => mock.timers.reset());
  let closed = false;
  let open: (late: Channel) => void = () => {};
  const running = guestWith(() => new Promise((resolve) => (open = resolve))).run('true', {timeoutSeconds: 1});
  mock.timers.tick(LIMIT * 1000 + 100);
  const {seconds: _, ...result} = await Promise.race([running, after(3000)]);
  t.same(result, {
    code: null,
    timedOut: true,
    lostHow: 'silent',
    lost: `the guest opened no SSH channel for the command within ${LIMIT} s`,
  });
  open(channel(never, () => (closed = true)));
  await new Promise((resolve) => setImmediate(resolve));
  t.ok(closed, 'one that comes too late is closed');
});

t.test('a channel without an answer: the same limit', async (t) => {
  mock.timers.enable({apis: ['setTimeout']});
  t.teardown(() => mock.timers.reset());
  const running = guestWith(async () => channel(never)).run('true', {timeoutSeconds: 1});
  await new Promise((resolve) => setImmediate(resolve));
  mock.timers.tick(LIMIT * 1000 + 100);
  const {seconds: _, ...result} = await Promise.race([running, after(3000)]);
  t.same(result, {
    code: null,
    timedOut: true,
    lostHow: 'silent',
    lost: `the guest did not end the command within ${LIMIT} s`,
  });
});

t.test('what is printed during a push is not kept, but for its end', async (t) => {
  const MIB = 1024 * 1024;
  const flood = async ({onOutput}: ExecOptions): Promise<Channel> => {
    for (let at = 0; at < 400; at++) onOutput?.(Buffer.alloc(MIB, 'x'));
    onOutput?.(Buffer.from('\ntar: no space left'));
    return channel(Promise.resolve({code: 2}));
  };
  const before = process.memoryUsage.rss();
  const error = await guestWith(flood)
    .push(import.meta.filename, '/tmp/x')
    .catch((thrown: Error) => thrown);
  const grown = (process.memoryUsage.rss() - before) / MIB;
  const words = error instanceof Error ? error.message : 'it was pushed';
  t.match(words, /^Cannot copy `.*silent-guest\.test\.js` to `\/tmp\/x` in guest g1: x+\ntar: no space left$/);
  t.ok(words.length < 4500, `${words.length} characters`);
  t.ok(grown < 150, `${Math.round(grown)} MiB more for 400 MiB`);
});

/** On a clock that no mock has. */
function after(ms: number): Promise<never> {
  const end = performance.now() + ms;
  return new Promise((_, reject) => {
    const look = (): void => void (performance.now() > end ? reject(new Error('it still waits')) : setImmediate(look));
    look();
  });
}
