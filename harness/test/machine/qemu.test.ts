// SPDX-License-Identifier: MIT
import {writeFileSync} from 'node:fs';
import {arch} from 'node:os';
import {join} from 'node:path';
import t from 'tap';
import {probeAccelerator} from '../../machine/accelerator.js';
import {loadProfiles} from '../../machine/load-profiles.js';
import {checkQemu, findQemu} from '../../machine/qemu.js';
import {installFakeQemu} from '../fakes/fake-qemu-install.js';
import {testContext} from '../fakes/test-context.js';

t.test('QEMU is found and says its version', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const bin = installFakeQemu(join(ctx.folder, 'bin'), '10.2.1');
  t.same(await findQemu(ctx, 'arm64', bin), {binary: join(bin, 'qemu-system-aarch64'), version: '10.2.1'});
});

t.test('one that is missing is named, with the command that gets it', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  await t.rejects(findQemu(ctx, 'arm64', ctx.folder), {
    message: /No `.*qemu-system-aarch64` on this host/,
    hint: /apt-get install .*qemu-system-arm/,
    blame: 'infra',
  });
});

t.test('one that names no version is not believed', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  writeFileSync(join(ctx.folder, 'qemu-system-x86_64'), '#!/bin/sh\necho wrong >&2; exit 1\n', {mode: 0o755});
  await t.rejects(findQemu(ctx, 'x86_64', ctx.folder), {message: /named no version:\nwrong/});
});

t.test('one that is too old makes the profile unsupported, and is no error', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const profile = loadProfiles(ctx).get('arm64');
  if (profile === undefined) throw new Error('no profile arm64');
  const needs = {...profile, minQemu: '10.0'};
  const qemu = (version: string) => ({binary: 'qemu-system-aarch64', version});
  t.match(checkQemu(needs, qemu('7.2.9')), {
    profile: 'arm64',
    reason: 'Profile arm64 needs QEMU 10.0 or newer, `qemu-system-aarch64` is 7.2.9',
    hint: /bookworm-backports/,
  });
  t.ok(checkQemu(needs, qemu('9.9.9')));
  t.equal(checkQemu(needs, qemu('10.0.0')), undefined);
  t.equal(checkQemu(needs, qemu('10.0')), undefined);
  t.equal(checkQemu(needs, qemu('11.0.0')), undefined);
});

t.test('a KVM that does not work is told once and remembered', async (t) => {
  const ctx = testContext();
  t.teardown(ctx.remove);
  const native = arch() === 'arm64' ? 'arm64' : 'x86_64';
  const foreign = native === 'arm64' ? 'x86_64' : 'arm64';
  const qemu = await findQemu(ctx, native, installFakeQemu(join(ctx.folder, 'bin')));
  const profile = loadProfiles(ctx).get(native);
  if (profile === undefined) throw new Error(`no profile ${native}`);
  const kernelImage = join(ctx.folder, 'kernel');
  writeFileSync(kernelImage, 'boot ok\n');
  const options = {arch: native, qemu, kernelImage, initrd: kernelImage, profile} as const;

  // Whether the host has a /dev/kvm or not: the fake never gets far with it.
  const first = await probeAccelerator(ctx, options);
  t.match(first, {kind: 'tcg', reason: /KVM: QEMU ended before .*QEMU exited 1|no \/dev\/kvm|cannot be opened/});
  const started = ctx.events.length;
  t.same(await probeAccelerator(ctx, options), first);
  t.notOk(
    ctx.events.slice(started).some(({type}) => type === 'command'),
    'nothing is started again',
  );
  t.match(await probeAccelerator(ctx, {...options, arch: foreign}), {
    kind: 'tcg',
    reason: `the host is ${native}, the guest is ${foreign}`,
  });
});
