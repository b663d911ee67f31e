// SPDX-License-Identifier: MIT
/**
 * Programs that only scripts among the tree's selftests want. They are in an archive of their own, behind the image's:
 * the kernel unpacks one after the other, and other guests do not wait for them.
 */
import {createHash} from 'node:crypto';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {inStep} from '../lib/events.js';
import {readListFile} from '../lib/list-file.js';
import {acquireLock} from '../lib/lock.js';
import {hostAptSources, hostCodename} from './apt-sources.js';
import {putInPlace} from './draft.js';
import {makeToolsArchive, type Tool} from './initramfs.js';
import {unpackPackages} from './userland.js';

/** The recipe, `vm-images/userland/tools/`. */
export interface ToolsRecipe {
  packages: readonly string[];
  programs: readonly Tool[];
}

/** Changes when the same recipe would make another archive. */
const LAYOUT = 1;

/**
 * An image's archive with the tools' behind it; made once for the same recipe, and kept beside the image's own.
 *
 * @param initrd the image's archive
 * @returns what QEMU's -initrd takes
 * @throws InfraError when the packages cannot be had or the cache cannot be written
 */
export async function ensureTools(ctx: Context, arch: ArchName, initrd: string): Promise<string> {
  const recipe = readToolsRecipe(join(ctx.paths.project, 'vm-images', 'userland', 'tools'));
  const codename = hostCodename();
  const file = toolsFile(initrd, recipe, codename);
  if (existsSync(file)) return file;

  const what = `the ${arch} tools`;
  await using _lock = await acquireLock(ctx, file, what);
  if (existsSync(file)) return file;
  await inStep(ctx.emit, 'image', `tools-${arch}`, `Tools for ${arch}`, () =>
    putInPlace(file, what, async (work) => {
      const sources = await hostAptSources(ctx, codename);
      const {root} = await unpackPackages(ctx, arch, recipe.packages, sources, work);
      const draft = join(work, 'initrd.cpio');
      const archives = [readFileSync(initrd), makeToolsArchive(root, recipe.programs)];
      // It holds the guest's host key.
      writeFileSync(draft, Buffer.concat(archives), {mode: 0o600});
      return draft;
    }),
  );
  return file;
}

export function readToolsRecipe(folder: string): ToolsRecipe {
  return {
    packages: readListFile(join(folder, 'packages')),
    programs: readListFile(join(folder, 'programs')).map((line) => {
      const [path = '', ...links] = line.split(/\s+/);
      return {path, links};
    }),
  };
}

/** Where the archive of this recipe is, or will be. */
export function toolsFile(initrd: string, recipe: ToolsRecipe, codename: string): string {
  const key = createHash('sha256')
    .update(JSON.stringify([LAYOUT, recipe, codename]))
    .digest('hex')
    .slice(0, 16);
  return join(dirname(initrd), `initrd-with-tools-${key}.cpio`);
}
