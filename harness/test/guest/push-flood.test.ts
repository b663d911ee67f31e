// SPDX-License-Identifier: MIT
/** A guest that prints without end while files are copied into it. */
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
  return new SshGuest(ctx, 'g1', machine, ssh, {wall: 1, given: 1});
}

function channel(ended: Promise<ChannelEnd>, onClose: () => void = () => {}): Channel {
  return {ended, write: async () => {}, endInput: () => {}, resize: () => {}, close: onClose};
}

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
  t.match(words, /^Cannot copy `.*push-flood\.test\.js` to `\/tmp\/x` in guest g1: x+\ntar: no space left$/);
  t.ok(words.length < 4500, `${words.length} characters`);
  t.ok(grown < 150, `${Math.round(grown)} MiB more for 400 MiB`);
});
