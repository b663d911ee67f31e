// SPDX-License-Identifier: MIT
/** A copy of what is kept, as far as a dry run writes in it: the real folders stay as they are. */
import {copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {InfraError, messageOf} from '../lib/errors.js';
import {type FolderUse, ownFolder} from '../lib/own-folder.js';
import {type Paths, temporary} from '../lib/paths.js';
import {trustRoots} from '../lib/roots.js';

export interface DryPaths extends Disposable {
  paths: Paths;
}

const HERE: FolderUse = {what: 'The folder of a dry run', otherwise: 'Set TMPDIR to a folder of your own.'};

/**
 * In the temporary folder; gone with its scope. Trees that are imported already are known, their objects not copied.
 * @throws InfraError when another user could have written what is copied, or can write where it goes: the configuration
 *   of a repository names programs, and in the copy it is taken for ours
 */
export function dryPaths(real: Paths): DryPaths {
  trustRoots(real);
  const top = makeTop();
  const remove = (): void => rmSync(top, {recursive: true, force: true});
  const paths = {...real, cache: join(top, 'cache'), state: join(top, 'state'), runtime: join(top, 'runtime')};
  try {
    ownFolder(top, HERE);
    copyHistory(real.state, paths.state);
    for (const folder of ['trees', 'mirrors']) copyRepositories(join(real.cache, folder), join(paths.cache, folder));
  } catch (error) {
    remove();
    throw error;
  }
  return {paths, [Symbol.dispose]: remove};
}

function makeTop(): string {
  try {
    return mkdtempSync(join(temporary(), 'kverdict-dry-'));
  } catch (cause) {
    throw new InfraError(`Cannot make a folder for a dry run: ${messageOf(cause)}`, {hint: HERE.otherwise, cause});
  }
}

function copyHistory(from: string, to: string): void {
  mkdirSync(to, {recursive: true, mode: 0o700});
  for (const name of list(from).filter((one) => one.startsWith('history.sqlite'))) {
    copyFileSync(join(from, name), join(to, name));
  }
}

/** Imports (`<id>/git`) and mirrors (`<name>.git`): all but the objects, which are reached where they are. */
function copyRepositories(from: string, to: string): void {
  for (const name of list(from)) {
    const isMirror = name.endsWith('.git');
    if (!isMirror && !existsSync(join(from, name, 'imported.json'))) continue;
    const part = isMirror ? name : join(name, 'git');
    if (!existsSync(join(from, part, 'objects'))) continue;
    cpSync(join(from, part), join(to, part), {recursive: true, filter: (path) => basename(path) !== 'objects'});
    mkdirSync(join(to, part, 'objects/info'), {recursive: true});
    writeFileSync(join(to, part, 'objects/info/alternates'), `${join(from, part, 'objects')}\n`);
    if (!isMirror) copyFileSync(join(from, name, 'imported.json'), join(to, name, 'imported.json'));
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
