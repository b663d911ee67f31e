// SPDX-License-Identifier: MIT
import {mkdirSync, rmSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {KernelError} from '../lib/errors.js';
import {CommandFailed} from '../lib/exec.js';
import type {ArchName, MakeVariables} from './kernel-build.js';
import {runMake} from './make.js';
import {logLines} from './read-log.js';
import {findToolchain} from './toolchain.js';

const LAST_LINES = 12;

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
  const log = `${outDir}.log`;
  rmSync(log, {force: true});
  const done = await runMake(ctx, make, ['headers'], log);
  if (done.exitCode !== 0) {
    const said = {...done, stderr: [...logLines(log, 0)].slice(-LAST_LINES).join('\n')};
    throw new KernelError(`The tree cannot make its headers for ${arch}`, {cause: new CommandFailed(said)});
  }
  return join(outDir, 'usr/include');
}
