// SPDX-License-Identifier: MIT
/** For tests: a folder that serves as `qemuDir`, and an image that needs no packages. */
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {ensureKeys, type Keys} from '../../image/access.js';
import {hostCodename} from '../../image/apt-sources.js';
import {makeCpio} from '../../image/cpio.js';
import {ensureImage, type Image, imageDirectory, readRecipe} from '../../image/image.js';
import {librariesDirectory, readLibrariesRecipe} from '../../image/libraries.js';
import {readToolsRecipe, toolsFile} from '../../image/tools.js';
import type {ArchName} from '../../kernel/kernel-build.js';
import type {Context} from '../../lib/context.js';
import {shellQuote} from '../../lib/shell-quote.js';

const PROGRAM = fileURLToPath(new URL('fake-qemu.js', import.meta.url));

/** Puts `qemu-system-x86_64` and `qemu-system-aarch64` into a folder, and returns it. */
export function installFakeQemu(folder: string, version = '10.0.2'): string {
  mkdirSync(folder, {recursive: true});
  for (const name of ['qemu-system-x86_64', 'qemu-system-aarch64']) {
    const words = [process.execPath, PROGRAM, folder, version].map(shellQuote).join(' ');
    writeFileSync(join(folder, name), `#!/bin/sh\nexec ${words} "$@"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** An initramfs with nothing but the keys: what the fake needs of it. */
export function fakeInitrd(keys: Keys): Buffer {
  const file = (path: string, data: Buffer) => ({kind: 'file' as const, path, mode: 0o600, data});
  return makeCpio([
    file('etc/dropbear/host_key', Buffer.from(keys.hostPrivate, 'base64')),
    file('root/.ssh/authorized_keys', Buffer.from(`${keys.clientPublic}\n`)),
  ]);
}

/** Puts a fake image, with and without the tools, and no libraries, where `ensureImage` looks, so that it is found and nothing is fetched. */
export async function seedFakeImage(ctx: Context, arch: ArchName): Promise<Image> {
  const keys = await ensureKeys(ctx);
  const recipe = readRecipe(join(ctx.paths.project, 'vm-images', 'userland'));
  const directory = imageDirectory(ctx, arch, recipe, hostCodename(), keys);
  mkdirSync(directory, {recursive: true});
  writeFileSync(join(directory, 'initrd.cpio'), fakeInitrd(keys));
  writeFileSync(join(directory, 'packages.json'), '[{"name": "fake", "version": "1"}]\n');
  const image = await ensureImage(ctx, arch);
  const tools = readToolsRecipe(join(ctx.paths.project, 'vm-images', 'userland', 'tools'));
  writeFileSync(toolsFile(image.initrd, tools, hostCodename()), fakeInitrd(keys));
  const libraries = readLibrariesRecipe(join(ctx.paths.project, 'vm-images', 'libraries'));
  mkdirSync(librariesDirectory(ctx, arch, libraries, hostCodename()), {recursive: true});
  return image;
}
