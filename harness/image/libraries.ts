// SPDX-License-Identifier: MIT
/**
 * Headers and static libraries that programs of the tree's selftests are built with, from Debian packages of the guest's
 * architecture: what the host has installed does not decide which tests there are.
 */
import {createHash} from 'node:crypto';
import {cpSync, existsSync, mkdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {ArchName} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import {readListFile} from '../lib/list-file.js';
import {acquireLock} from '../lib/lock.js';
import {hostAptSources, hostCodename} from './apt-sources.js';
import {putInPlace} from './draft.js';
import {unpackPackages} from './userland.js';

/** The recipe, `vm-images/libraries/`. */
export interface LibrariesRecipe {
  packages: readonly string[];
  /** `usr/include/…`, or the name of a static library. */
  files: readonly string[];
}

export interface Libraries {
  /** Says what they were made from. */
  identity: string;
  /** For C_INCLUDE_PATH. */
  include: string;
  /** For -L. */
  lib: string;
}

const INCLUDE = 'usr/include/';
const TRIPLET: Readonly<Record<ArchName, string>> = {x86_64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu'};
/** Changes when the same recipe would make another folder. */
const LAYOUT = 1;

/**
 * Makes them once for the same recipe. Without them (no package mirror) the rest builds all the same: then it is said,
 * and what needs one of them is listed as not built.
 */
export async function ensureLibraries(ctx: Context, arch: ArchName): Promise<Libraries | undefined> {
  try {
    return await makeOnce(ctx, arch);
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof InfraError)) throw error;
    const message = `The tree's selftests are built with what this host has installed: ${error.message.split('\n')[0]}`;
    ctx.emit({type: 'warning', message});
    return undefined;
  }
}

async function makeOnce(ctx: Context, arch: ArchName): Promise<Libraries> {
  const recipe = readLibrariesRecipe(join(ctx.paths.project, 'vm-images', 'libraries'));
  const codename = hostCodename();
  const directory = librariesDirectory(ctx, arch, recipe, codename);
  if (existsSync(directory)) return at(directory);
  const what = `the ${arch} libraries`;
  await using _lock = await acquireLock(ctx, directory, what);
  if (existsSync(directory)) return at(directory);
  await inStep(ctx.emit, 'image', `libraries-${arch}`, `Libraries of the selftests for ${arch}`, () =>
    putInPlace(directory, what, async (work) => {
      const sources = await hostAptSources(ctx, codename);
      const {root} = await unpackPackages(ctx, arch, recipe.packages, sources, work);
      const draft = join(work, 'libraries');
      for (const folder of ['include', 'lib']) mkdirSync(join(draft, folder), {recursive: true});
      for (const file of recipe.files) keep(root, arch, file, draft);
      return draft;
    }),
  );
  return at(directory);
}

const at = (directory: string): Libraries => ({
  identity: directory.slice(directory.lastIndexOf('-') + 1),
  include: join(directory, 'include'),
  lib: join(directory, 'lib'),
});

export function readLibrariesRecipe(folder: string): LibrariesRecipe {
  return {packages: readListFile(join(folder, 'packages')), files: readListFile(join(folder, 'files'))};
}

/** Where the libraries of this recipe are, or will be. */
export function librariesDirectory(
  ctx: Pick<Context, 'paths'>,
  arch: ArchName,
  recipe: LibrariesRecipe,
  codename: string,
): string {
  const inputs = [LAYOUT, arch, recipe, codename];
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
  return join(ctx.paths.cache, 'images', `libraries-${arch}-${key}`);
}

function keep(root: string, arch: ArchName, file: string, draft: string): void {
  const isHeader = file.startsWith(INCLUDE);
  const places = isHeader
    ? [file, `${INCLUDE}${TRIPLET[arch]}/${file.slice(INCLUDE.length)}`]
    : [`usr/lib/${TRIPLET[arch]}/${file}`, `usr/lib/${file}`];
  const from = places.map((place) => join(root, place)).find((path) => existsSync(path));
  if (from === undefined) {
    throw new InfraError(`The packages of vm-images/libraries hold no \`${file}\` for ${arch}`, {
      hint: 'See `packages` and `files` there.',
    });
  }
  const to = isHeader ? join(draft, 'include', file.slice(INCLUDE.length)) : join(draft, 'lib', file);
  mkdirSync(dirname(to), {recursive: true});
  // The packages' links are relative, and lead to files that may not be kept.
  cpSync(from, to, {recursive: true, dereference: true});
}
