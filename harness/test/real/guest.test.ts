// SPDX-License-Identifier: MIT
/** Real kernels in a real QEMU, on both architectures. Not possible here is a failure, never a skip. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import {createProgress} from '../../cli/progress.js';
import {bootGuest} from '../../guest/boot-guest.js';
import type {SshGuest} from '../../guest/ssh-guest.js';
import {ensureImage} from '../../image/image.js';
import type {ArchName} from '../../kernel/kernel-build.js';
import {createExec} from '../../lib/exec.js';
import {resolvePaths} from '../../lib/paths.js';
import {probeAccelerator} from '../../machine/accelerator.js';
import {loadProfiles} from '../../machine/load-profiles.js';
import {checkQemu, findQemu} from '../../machine/qemu.js';
import {limitOf} from '../fakes/scale.js';
import {testContext} from '../fakes/test-context.js';
import {realKernels} from './kernels.js';

const BOOT = limitOf(120);
// The first probe of a KVM that hangs takes 20 s alone.
t.setTimeout(1_800_000);

// Images and what the host was found to be are worth keeping; sockets and logs are of this test.
const own = testContext();
t.teardown(own.remove);
const ctx = {...own, paths: {...resolvePaths(), runtime: own.paths.runtime}};

async function boot(arch: ArchName, kernelImage: string, name: string): Promise<SshGuest> {
  const profile = loadProfiles(ctx).get(arch);
  if (profile === undefined) throw new Error(`There is no profile ${arch}`);
  const qemu = await findQemu(ctx, arch);
  const unsupported = checkQemu(profile, qemu);
  if (unsupported) throw new Error(`${unsupported.reason}. ${unsupported.hint}`);
  const {initrd, access} = await ensureImage(ctx, arch);
  const accelerator = await probeAccelerator(ctx, {arch, qemu, kernelImage, initrd, profile});
  t.comment(`${arch}: ${accelerator.kind}: ${accelerator.reason}; QEMU ${qemu.version}`);
  const sizes = {vcpus: 2, memory: 512, cmdline: '', limit: BOOT};
  const places = {directory: join(own.folder, 'out'), runtimeDir: own.paths.runtime};
  return await bootGuest(ctx, {name, profile, kernelImage, initrd, access, qemu, accelerator, ...sizes, ...places});
}

async function run(guest: SshGuest, command: string, timeoutSeconds = 60) {
  const chunks: Uint8Array[] = [];
  const result = await guest.run(command, {timeoutSeconds, onOutput: (chunk) => chunks.push(chunk)});
  return {...result, output: Buffer.concat(chunks).toString()};
}

// A cold build takes minutes: whoever waits for it sees the program's own lines.
const progress = createProgress(process.stderr, false);
const kernels = await realKernels({...ctx, emit: progress.show, exec: createExec(progress.show, ctx.signal)});
progress.stop();
t.equal(kernels.length, 2, 'a kernel of each architecture');
for (const [arch, path] of kernels) {
  t.test(`${arch}: commands, limits, files`, {timeout: 600_000}, async (t) => {
    await using guest = await boot(arch as ArchName, path, `${arch}-a`);
    t.comment(`${arch}: SSH ready after ${guest.bootSeconds.toFixed(2)} s`);
    t.match((await run(guest, 'uname -m')).output.trim(), arch === 'arm64' ? 'aarch64' : 'x86_64');
    t.match(await run(guest, 'echo out; echo err >&2; exit 3'), {code: 3, output: 'out\nerr\n'});
    t.match(await run(guest, 'kill -SEGV $$'), {code: null, signal: 'SEGV', timedOut: false});
    t.match(await run(guest, "mount | grep -c -E ' on (/dev|/dev/pts|/dev/shm|/proc|/sys|/tmp) '"), {output: '6\n'});
    t.match(await run(guest, 'ls /sys/class/net'), {output: 'lo\n'}, 'no network but the loopback');
    t.match(
      await run(guest, 'nc -w 1 127.0.0.1 22 </dev/null; id -un'),
      {output: /Connection refused\nroot\n$/},
      'nothing listens there either: SSH comes by the port alone',
    );

    const marker = 4_242;
    const stuck = await run(guest, `(sleep ${marker} & sleep ${marker}) & sleep ${marker}`, 2);
    t.match(stuck, {code: null, timedOut: true, lost: undefined});
    t.match(await run(guest, 'cat /proc/[0-9]*/comm | grep -c sleep'), {output: '0\n'}, 'all that it started is gone');

    const big = await run(guest, 'dd if=/dev/zero bs=1M count=8 2>/dev/null', 120);
    t.equal(big.output.length, 8 * 1024 * 1024);
    await guest.push(import.meta.filename, '/tmp/a folder');
    const back = await run(guest, `cat '/tmp/a folder/'*`);
    t.equal(back.output, readFileSync(import.meta.filename, 'utf8'));
    t.match(await guest.diagnose(), /Show State/);
  });

  t.test(`${arch}: a panic under a command`, {timeout: 600_000}, async (t) => {
    await using guest = await boot(arch as ArchName, path, `${arch}-b`);
    const crash = 'echo 1 >/proc/sys/kernel/sysrq; echo c >/proc/sysrq-trigger; sleep 60';
    const result = await run(guest, crash, 60);
    t.match(result, {code: null, timedOut: false, lostHow: 'panic', lost: /^Kernel panic - not syncing/});
    t.ok(result.seconds < 30, `told after ${result.seconds.toFixed(2)} s`);
    t.match(guest.console(), /Kernel panic .*Call [Tt]race:/s, 'its trace is there to read');
    t.match(await run(guest, 'true'), {lostHow: 'panic'});
  });

  t.test(`${arch}: the connection can be made again`, {timeout: 600_000}, async (t) => {
    await using guest = await boot(arch as ArchName, path, `${arch}-c`);
    guest.ssh.end();
    await guest.ssh.closed;
    const {access} = await ensureImage(ctx, arch as ArchName);
    const {Ssh} = await import('../../guest/ssh.js');
    const again = await Ssh.connect(guest.machine.sshSocket, access, 60, ctx.signal, 3);
    const channel = await again.exec('exit 7');
    t.match(await channel.ended, {code: 7});
    again.end();
  });
}
