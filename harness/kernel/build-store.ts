// SPDX-License-Identifier: MIT
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {hasFile, needCopy} from '../lib/intake.js';
import {findEntry, putEntry} from '../lib/store.js';
import {ARCHES} from './arch.js';
import type {KernelBuild} from './kernel-build.js';
import {LEFT_KERNEL, LEFT_TEXT} from './left-behind.js';

/** `build.json`: what a build is, without the places of its files. */
export type BuildFacts = Omit<
  KernelBuild,
  'image' | 'systemMap' | 'symbols' | 'sources' | 'config' | 'vmlinux' | 'cached' | 'objectDir'
>;

/** The folder of the content-addressed store, and of kernels in it. */
export const storeRoot = (ctx: Context): string => join(ctx.paths.cache, 'store');
export const KERNEL_KIND = 'kernel';
const SYMBOLS = 'symbols';
const VMLINUX = 'vmlinux';
/**
 * The list of sources has an entry of its own, with the kernel's key: a kernel that was stored without one gets it when
 * it is compiled again, and all the others stay as they are.
 */
const SOURCES_KIND = 'kernel-sources';
const SOURCES = 'sources';

/** A kernel that was built before, in `objectDir` or in what stood there. */
export async function findBuild(ctx: Context, key: string, objectDir: string): Promise<KernelBuild | undefined> {
  const folder = await findEntry(storeRoot(ctx), KERNEL_KIND, key);
  if (folder === undefined) return undefined;
  // One that an earlier version stored had all that was needed, by the names that were asked for.
  const facts = Object.assign(
    {missingSymbols: [], renamedSymbols: {}},
    JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8')) as BuildFacts,
  );
  const sources = await findEntry(storeRoot(ctx), SOURCES_KIND, key);
  return {...facts, ...filesOf(folder), ...sourcesIn(sources), objectDir, cached: true, objects: 0};
}

const sourcesIn = (folder: string | undefined): Pick<KernelBuild, 'sources'> =>
  folder === undefined ? {} : {sources: join(folder, SOURCES)};

/**
 * Puts the results of make into the store.
 *
 * @param lists those of `listSymbols` and `listSources`
 * @throws InfraError when make said yes and left no image
 * @throws KernelError when what it left is no plain file
 */
export async function storeBuild(
  ctx: Context,
  facts: BuildFacts,
  objectDir: string,
  lists: {symbols: string; sources: string},
): Promise<KernelBuild> {
  const {image} = ARCHES[facts.arch];
  if (!hasFile(objectDir, image, LEFT_KERNEL)) {
    throw new InfraError(`make ended well, and there is no ${join(objectDir, image)}`);
  }
  const folder = await putEntry(storeRoot(ctx), KERNEL_KIND, facts.key, async (fresh) => {
    needCopy(objectDir, image, join(fresh, 'image'), LEFT_KERNEL);
    if (image !== VMLINUX) needCopy(objectDir, VMLINUX, join(fresh, 'vmlinux'), LEFT_KERNEL);
    needCopy(objectDir, 'System.map', join(fresh, 'System.map'), LEFT_TEXT);
    needCopy(objectDir, '.config', join(fresh, 'config'), LEFT_TEXT);
    writeFileSync(join(fresh, SYMBOLS), lists.symbols);
    writeFileSync(join(fresh, 'build.json'), `${JSON.stringify(facts, null, 2)}\n`);
  });
  const sources = await putEntry(storeRoot(ctx), SOURCES_KIND, facts.key, async (fresh) =>
    writeFileSync(join(fresh, SOURCES), lists.sources),
  );
  return {...facts, ...filesOf(folder), ...sourcesIn(sources), objectDir, cached: false};
}

type Files = Pick<KernelBuild, 'image' | 'systemMap' | 'symbols' | 'config'> & {vmlinux: string};

function filesOf(folder: string): Files {
  const image = join(folder, 'image');
  const vmlinux = join(folder, 'vmlinux');
  const symbols = join(folder, SYMBOLS);
  return {
    image,
    vmlinux: existsSync(vmlinux) ? vmlinux : image,
    systemMap: join(folder, 'System.map'),
    config: join(folder, 'config'),
    ...(existsSync(symbols) ? {symbols} : {}),
  };
}
