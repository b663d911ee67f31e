// SPDX-License-Identifier: MIT
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type BootOptions, bootGuest} from '../../guest/boot-guest.js';
import type {SshGuest} from '../../guest/ssh-guest.js';
import {makeKeys} from '../../image/access.js';
import {loadProfiles} from '../../machine/load-profiles.js';
import {fakeInitrd, installFakeQemu} from '../fakes/fake-qemu-install.js';
import {limitOf} from '../fakes/scale.js';
import {type TestContext, testContext} from '../fakes/test-context.js';

/** Boots a fake guest that follows `scenario`. */
export function boot(ctx: TestContext, scenario: string, changes: Partial<BootOptions> = {}): Promise<SshGuest> {
  return bootGuest(ctx, {...bootOptions(ctx, scenario), ...changes});
}

export function bootOptions(ctx: TestContext, scenario: string): BootOptions {
  const keys = makeKeys();
  mkdirSync(ctx.folder, {recursive: true});
  const kernelImage = join(ctx.folder, 'scenario');
  const initrd = join(ctx.folder, 'initrd');
  writeFileSync(kernelImage, scenario);
  writeFileSync(initrd, fakeInitrd(keys));
  const profile = loadProfiles(ctx).get('x86_64');
  if (profile === undefined) throw new Error('no profile x86_64');
  return {
    name: 'g1',
    profile,
    kernelImage,
    initrd,
    access: keys,
    qemu: {binary: join(installFakeQemu(join(ctx.folder, 'bin')), 'qemu-system-x86_64'), version: '10.0.2'},
    accelerator: {kind: 'tcg', reason: 'a test'},
    vcpus: 2,
    memory: 256,
    cmdline: '',
    directory: join(ctx.folder, 'out'),
    runtimeDir: ctx.paths.runtime,
    limit: limitOf(10),
  };
}

export {testContext};
