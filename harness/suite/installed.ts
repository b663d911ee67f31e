// SPDX-License-Identifier: MIT
/** What `make install` of the tree's selftests filled, before it is copied to where suites are kept. */
import {lstatSync, readdirSync, renameSync, rmSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {LEFT_PROGRAM} from '../kernel/left-behind.js';
import type {Context} from '../lib/context.js';
import {KernelError} from '../lib/errors.js';
import {hasFolder} from '../lib/intake.js';
import {LIBRARIES} from './target-suite.js';

/** All of the tree's targets together have 3000 files and 300 MB. A guest takes them into its memory. */
const MAX_FILES = 50_000;
const MAX_BYTES = 2 * 1024 ** 3;

/**
 * Moves the folder that make filled to `directory`, which is there and empty; does nothing when make filled none.
 * Links stay links: who reads behind one does so by `lib/intake`.
 *
 * @throws KernelError for what is no folder, for devices, and for more than a guest could hold
 */
export async function takeInstalled(ctx: Context, installed: string, directory: string): Promise<void> {
  if (!hasFolder(dirname(installed), basename(installed), LEFT_PROGRAM)) return;
  measure(installed);
  // It is for ours alone.
  rmSync(join(installed, LIBRARIES), {recursive: true, force: true});
  rmSync(directory, {recursive: true});
  try {
    renameSync(installed, directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await ctx.exec.runOk('cp', ['-a', installed, directory]);
  }
}

function measure(root: string): void {
  let files = 0;
  let bytes = 0;
  const refuse = (what: string): never => {
    throw new KernelError(`\`make install\` of the selftests left ${what}`, {facts: {files, bytes}});
  };
  const look = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const stat = lstatSync(path);
      if (++files > MAX_FILES) refuse(`more than ${MAX_FILES} files`);
      if (stat.isFile()) bytes += stat.size;
      if (bytes > MAX_BYTES) refuse(`more than ${MAX_BYTES} bytes`);
      if (stat.isBlockDevice() || stat.isCharacterDevice()) refuse(`a device: ${path.slice(root.length + 1)}`);
      if (stat.isDirectory()) look(path);
    }
  };
  look(root);
}
