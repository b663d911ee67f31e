// SPDX-License-Identifier: MIT
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {storeKey} from '../lib/store.js';
import type {BuildRequest} from './build.js';
import {type AskedSymbol, fragmentFolder, fragmentText, loadFragments} from './kconfig-fragment.js';
import {mergeWishes} from './kconfig-wishes.js';
import type {MakeVariables} from './kernel-build.js';
import {FIXED_WORDS} from './make.js';
import {findToolchain, type Toolchain} from './toolchain.js';

/** Where and with what a kernel is built; modules that are to fit it are built in the same place. */
export interface BuildPlace {
  /** The kernel's key in the store. */
  key: string;
  /** Base and patched share it: it depends on architecture, config and toolchain, not on the commit. */
  objectDir: string;
  toolchain: Toolchain;
  asked: readonly AskedSymbol[];
}

/** Changes when an entry of the store holds more than it did: what is kept without it is built again. */
const ENTRY = 3;

/** @throws UserError a fragment is wrong; InfraError no compiler */
export async function findPlace(ctx: Context, request: BuildRequest): Promise<BuildPlace> {
  const {arch} = request;
  refuseOddPath(request.cacheDir);
  const toolchain = await findToolchain(ctx, arch, request.variables);
  const ours = loadFragments(fragmentFolder(ctx.paths), arch, request.fragments);
  const asked = mergeWishes(ours, request.wishes ?? []);
  const settings = [1, arch, fragmentText(asked), toolchain.identity, sorted(request.variables), sorted(FIXED_WORDS)];
  return {
    key: storeKey([ENTRY, request.treeHash, ...settings]),
    objectDir: join(request.cacheDir, `O-${arch}-${storeKey(settings).slice(0, 12)}`),
    toolchain,
    asked,
  };
}

/** kbuild refuses such paths; without this its words would read as a fault of the tree. */
function refuseOddPath(path: string): void {
  if (!/[\s:]/.test(path)) return;
  throw new UserError(`Linux cannot be built in \`${path}\`: the path has a space or a colon in it`, {
    hint: 'XDG_CACHE_HOME=DIR puts the cache elsewhere.',
    facts: {path},
  });
}

const sorted = (words: MakeVariables): [string, string][] => Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1));
