// SPDX-License-Identifier: MIT
/** The guest's initramfs of an architecture, made once for the same packages, recipe and keys. */
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {readListFile} from '../lib/list-file.js';
import {acquireLock} from '../lib/lock.js';
import {type Access, ensureKeys, type Keys} from './access.js';
import {hostAptSources, hostCodename} from './apt-sources.js';
import {putInPlace} from './draft.js';
import {compileInit, ensureSshServer} from './guest-programs.js';
import {makeInitramfs, type Recipe} from './initramfs.js';
import {ensureTools} from './tools.js';
import {type Package, unpackPackages} from './userland.js';

export interface Image {
  arch: ArchName;
  /** What QEMU's -initrd takes. */
  initrd: string;
  /** The same with the tools behind it, for suites with `guest.tools`; only where they were asked for. */
  initrdWithTools?: string;
  access: Access;
  /** What it was made from. */
  packages: Package[];
}

/** Changes when the same inputs would make another archive. */
const LAYOUT = 2;

/** @throws InfraError when the packages cannot be had or the cache cannot be written */
export async function ensureImage(ctx: Context, arch: ArchName, {tools = false} = {}): Promise<Image> {
  const image = await ensureBase(ctx, arch);
  return tools ? {...image, initrdWithTools: await ensureTools(ctx, arch, image.initrd)} : image;
}

async function ensureBase(ctx: Context, arch: ArchName): Promise<Image> {
  const keys = await ensureKeys(ctx);
  const recipe = readRecipe(join(ctx.paths.project, 'vm-images', 'userland'));
  const codename = hostCodename();
  const directory = imageDirectory(ctx, arch, recipe, codename, keys);
  if (isComplete(directory)) return load(arch, directory, keys);

  await using _lock = await acquireLock(ctx, directory, `the ${arch} image`);
  if (!isComplete(directory)) {
    await inStep(ctx.emit, 'image', `image-${arch}`, `Userland for ${arch}`, () =>
      build(ctx, arch, recipe, codename, keys, directory),
    );
  }
  return load(arch, directory, keys);
}

export function readRecipe(folder: string): Recipe {
  const list = (name: string): string[] => readListFile(join(folder, name));
  return {
    packages: list('packages'),
    programs: list('programs'),
    applets: list('applets'),
    init: readSources(join(folder, 'init')),
    serverOptions: readFileSync(join(folder, 'dropbear-options.h'), 'utf8'),
  };
}

function readSources(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Where the image of these inputs is, or will be. */
export function imageDirectory(ctx: Context, arch: ArchName, recipe: Recipe, codename: string, keys: Keys): string {
  const inputs = [LAYOUT, arch, recipe, codename, keys.clientPublic, keys.hostKey];
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
  return join(ctx.paths.cache, 'images', `${arch}-${key}`);
}

async function build(
  ctx: Context,
  arch: ArchName,
  recipe: Recipe,
  codename: string,
  keys: Keys,
  directory: string,
): Promise<void> {
  await putInPlace(directory, `the ${arch} image`, async (work) => {
    const draft = join(work, 'image');
    mkdirSync(draft);
    const sources = await hostAptSources(ctx, codename);
    const userland = await unpackPackages(ctx, arch, recipe.packages, sources, work);
    const programs = {
      init: await compileInit(ctx, arch, recipe.init, work),
      server: await ensureSshServer(ctx, arch, recipe.serverOptions, sources, work),
    };
    // It holds the guest's host key.
    writeFileSync(join(draft, 'initrd.cpio'), makeInitramfs(userland.root, recipe, programs, keys), {mode: 0o600});
    writeFileSync(join(draft, 'packages.json'), `${JSON.stringify(userland.packages, null, 2)}\n`);
    return draft;
  });
}

function isComplete(directory: string): boolean {
  return existsSync(join(directory, 'initrd.cpio')) && existsSync(join(directory, 'packages.json'));
}

function load(arch: ArchName, directory: string, keys: Keys): Image {
  return {
    arch,
    initrd: join(directory, 'initrd.cpio'),
    access: {clientKey: keys.clientKey, hostKey: keys.hostKey},
    packages: JSON.parse(readFileSync(join(directory, 'packages.json'), 'utf8')) as Package[],
  };
}
