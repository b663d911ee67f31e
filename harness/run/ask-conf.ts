// SPDX-License-Identifier: MIT
/** conf itself on a commit, without the rest of the source: do the dependencies of what is asked for hold? */
import {mkdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {configure} from '../kernel/kconfig.js';
import type {AskedSymbol} from '../kernel/kconfig-fragment.js';
import {isConfInput} from '../kernel/kconfig-record.js';
import type {ArchName, MakeVariables} from '../kernel/kernel-build.js';
import {findToolchain} from '../kernel/toolchain.js';
import type {Context} from '../lib/context.js';
import {KernelError, messageOf, UserError} from '../lib/errors.js';
import {makeTempDir} from '../lib/temp-dir.js';
import {extract} from '../tree/extract.js';
import type {SourceTree} from '../tree/source-tree.js';

/** A line for each thing that is wrong; `stops`: no kernel can be built for it. */
export interface ConfAnswer {
  stops: boolean;
  lines: string[];
}

/**
 * By architecture. In some seconds: conf is compiled and run three times for each.
 *
 * @throws InfraError no compiler
 */
export async function askConf(
  ctx: Context,
  tree: SourceTree,
  commit: string,
  kernels: readonly {arch: ArchName; asked: readonly AskedSymbol[]; variables: MakeVariables}[],
): Promise<Map<ArchName, ConfAnswer>> {
  using scratch = makeTempDir(ctx, 'kconfig');
  const sourceDir = join(scratch.path, 'src');
  await extract(ctx, tree, commit, isConfInput, sourceDir);
  const answers = kernels.map(async ({arch, asked, variables}): Promise<[ArchName, ConfAnswer]> => {
    const objectDir = join(scratch.path, arch);
    mkdirSync(objectDir);
    const toolchain = await findToolchain(ctx, arch, variables);
    const make = {sourceDir, objectDir, arch, variables, toolchain, jobs: availableParallelism()};
    return [arch, await answerOf(() => configure(ctx, make, asked, 'only', join(scratch.path, `${arch}.log`)))];
  });
  return new Map(await Promise.all(answers));
}

async function answerOf(run: () => Promise<unknown>): Promise<ConfAnswer> {
  try {
    await run();
    return {stops: false, lines: []};
  } catch (error) {
    const [first = '', ...lines] = messageOf(error).split('\n');
    if (error instanceof UserError) return {stops: true, lines: lines.map((line) => line.trim())};
    // A tree whose conf wants more than we took has not refused anything.
    if (error instanceof KernelError)
      return {stops: false, lines: [`whether dependencies hold is not known: ${first}`]};
    throw error;
  }
}
