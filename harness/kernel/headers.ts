// SPDX-License-Identifier: MIT
import {mkdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {KernelError} from '../lib/errors.js';
import {CommandFailed} from '../lib/exec.js';
import type {ArchName, MakeVariables} from './kernel-build.js';
import {makeArguments, makeEnvironment} from './make.js';
import {findToolchain} from './toolchain.js';

/**
 * Makes the tree's UAPI headers, as its selftests include them. `headers` and not `headers_install`: that one wants
 * rsync. Nothing else under `outDir` is touched, and a second call makes only what changed.
 *
 * @returns the folder for `-isystem`: `<outDir>/usr/include`
 * @throws KernelError when the tree cannot make them
 */
export async function installHeaders(
  ctx: Context,
  request: {sourceDir: string; arch: ArchName; outDir: string; variables: MakeVariables},
): Promise<string> {
  const {sourceDir, arch, outDir, variables} = request;
  mkdirSync(outDir, {recursive: true});
  const toolchain = await findToolchain(ctx, arch, variables);
  const make = {sourceDir, objectDir: outDir, arch, variables, toolchain, jobs: availableParallelism()};
  const done = await ctx.exec.run('make', makeArguments(make, ['headers']), {env: makeEnvironment(toolchain)});
  if (done.exitCode !== 0) {
    throw new KernelError(`The tree cannot make its headers for ${arch}`, {cause: new CommandFailed(done)});
  }
  return join(outDir, 'usr/include');
}
