// SPDX-License-Identifier: MIT
import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from './context.js';
import {isAlive, processIdentity} from './process-owner.js';

export interface TempDir extends Disposable {
  readonly path: string;
}

/**
 * A folder under `<cache>/tmp` that is gone with its scope. Its name starts with the process that made it, and each new
 * one takes away those of processes that are gone: a SIGKILL leaves nothing for long.
 */
export function makeTempDir(ctx: Pick<Context, 'paths'>, purpose: string): TempDir {
  const parent = join(ctx.paths.cache, 'tmp');
  mkdirSync(parent, {recursive: true});
  for (const name of readdirSync(parent)) {
    const owner = /^\d+-\d+/.exec(name)?.[0];
    if (owner !== undefined && !isAlive(owner)) rmSync(join(parent, name), {recursive: true, force: true});
  }
  const path = mkdtempSync(join(parent, `${processIdentity()}-${purpose}-`));
  return {path, [Symbol.dispose]: () => rmSync(path, {recursive: true, force: true})};
}
