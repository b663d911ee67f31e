// SPDX-License-Identifier: MIT
import {accessSync, constants, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import t from 'tap';
import type {ArchName} from '../../kernel/kernel-build.js';
import {probeAccelerator, recallAccelerator} from '../../machine/accelerator.js';
import {loadProfiles} from '../../machine/load-profiles.js';
import type {Profile} from '../../machine/profile.js';
import {installFakeQemu} from '../fakes/fake-qemu-install.js';
import {testContext} from '../fakes/test-context.js';

const ctx = testContext();
t.teardown(ctx.remove);
const folder = installFakeQemu(join(ctx.folder, 'bin'));
const native: ArchName = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const foreign: ArchName = native === 'arm64' ? 'x86_64' : 'arm64';
const kernelImage = join(ctx.folder, 'kernel');
writeFileSync(kernelImage, 'boot ok\n');
const started = (): number => ctx.events.filter((one) => one.type === 'command' && / -accel kvm/.test(one.line)).length;

const options = (arch: ArchName, profile: string) => ({
  arch,
  qemu: {binary: join(folder, arch === 'arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64'), version: '10.0.2'},
  kernelImage,
  initrd: kernelImage,
  profile: loadProfiles(ctx).get(profile) as Profile,
});

function canOpen(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

t.test('another architecture needs no probe', async (t) => {
  t.match(recallAccelerator(ctx, options(foreign, foreign)), {kind: 'tcg', reason: /^the host is .*, the guest is /});
  t.match(await probeAccelerator(ctx, options(foreign, foreign)), {kind: 'tcg', reason: /^the host is /});
  t.equal(started(), 0);
});

t.test('one probe a host and QEMU, whichever machine asks first; its reason is kept', async (t) => {
  const probe = canOpen('/dev/kvm');
  if (probe) t.equal(recallAccelerator(ctx, options(native, native)), undefined, 'nobody has asked');
  // The fake one says that it has no KVM, and ends.
  const first = await probeAccelerator(ctx, options(native, native));
  t.match(first, {kind: 'tcg', reason: probe ? /^KVM: .*failed to initialize kvm/s : /\/dev\/kvm/});
  const other = native === 'arm64' ? 'arm64-mte' : 'x86_64';
  t.same(await probeAccelerator(ctx, options(native, other)), first);
  t.same(recallAccelerator(ctx, options(native, other)), first);
  t.equal(started(), probe ? 1 : 0);
});
