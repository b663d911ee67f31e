// SPDX-License-Identifier: MIT
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {join, relative} from 'node:path';
import type {Context} from '../lib/context.js';
import {needBytes} from '../lib/intake.js';
import {type Configured, configure} from './kconfig.js';
import type {AskedSymbol} from './kconfig-fragment.js';
import type {Side} from './kernel-build.js';
import {LEFT_TEXT, TREE_TEXT} from './left-behind.js';
import type {MakeRequest} from './make.js';

/** What a .config was made from and came to. */
export interface ConfigRecord extends Pick<Configured, 'absentSymbols'>, Partial<Omit<Configured, 'absentSymbols'>> {
  /** sha256 over everything in the tree that conf reads. */
  inputs: string;
  /** sha256 of .config. */
  text: string;
}

const INPUTS = /(?:^|\/)Kconfig[^/]*$|^Makefile$|^scripts\/|^arch\/[^/]+\/Makefile$|\/configs\/tiny[^/]*$/;

/**
 * Does a file decide what a .config comes to, beside the toolchain and the fragments (each has an `O=` of its own)? With
 * these files alone conf can be run.
 */
export const isConfInput = (path: string): boolean => INPUTS.test(path);

/**
 * As `configure`, and not at all when neither its inputs nor .config changed since the last build in this `O=`: four
 * runs of conf take 8 s of CPU time, as much as compiling a patch of two files, and hardly a series touches Kconfig.
 * Looking through the tree takes 0.3 s.
 */
export async function ensureConfig(
  ctx: Context,
  make: MakeRequest,
  asked: readonly AskedSymbol[],
  side: Side | 'only',
  log: string,
  known: ConfigRecord | undefined,
): Promise<{record: ConfigRecord; ran: boolean}> {
  const textOf = (): string => sha256(needBytes(make.objectDir, '.config', LEFT_TEXT));
  const inputs = await digestOfInputs(ctx, make.sourceDir);
  if (known?.inputs === inputs && existsSync(join(make.objectDir, '.config')) && known.text === textOf()) {
    return {record: known, ran: false};
  }
  const configured = await configure(ctx, make, asked, side, log);
  return {record: {inputs, text: textOf(), ...configured}, ran: true};
}

async function digestOfInputs(ctx: Context, sourceDir: string): Promise<string> {
  const wanted = ['-name', 'Kconfig*', '-o', '-name', 'Makefile', '-o', '-name', 'tiny*'];
  const words = [sourceDir, '-name', '.git', '-prune', '-o', '-type', 'f'];
  const {stdout} = await ctx.exec.runOk('find', [
    ...words,
    '(',
    ...wanted,
    '-o',
    '-path',
    `${sourceDir}/scripts/*`,
    ')',
    '-print',
  ]);
  const paths = stdout.split('\n').map((path) => relative(sourceDir, path));
  const hash = createHash('sha256');
  for (const path of paths.filter(isConfInput).sort()) {
    hash.update(`${path}\0${sha256(needBytes(sourceDir, path, TREE_TEXT))}\n`);
  }
  return hash.digest('hex');
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
