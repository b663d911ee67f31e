// SPDX-License-Identifier: MIT
import {lstatSync, readdirSync, renameSync, rmdirSync} from 'node:fs';
import {join} from 'node:path';
import {InfraError} from './errors.js';

/**
 * Gives a draft, a file or a folder, its name: in one step. Where a folder is already (torn, or with files of somebody
 * else in it) the draft's files go into it one by one and replace files of their names; nothing else there is touched.
 *
 * @param last a file of the folder that says that it is whole: it is put there last
 * @throws InfraError when something that is no file or folder of ours has the name
 */
export function placeDraft(draft: string, target: string, last = ''): void {
  const [ours, theirs] = [draft, target].map((path) => lstatSync(path, {throwIfNoEntry: false}));
  if (
    theirs !== undefined &&
    (theirs.isDirectory() !== ours?.isDirectory() || !(theirs.isFile() || theirs.isDirectory()))
  )
    throw new InfraError(`\`${target}\` is in the way, and kverdict did not make it`, {hint: 'Move it away.'});
  if (theirs === undefined || theirs.isFile() || readdirSync(target).length === 0) {
    renameSync(draft, target);
    return;
  }
  const names = readdirSync(draft).sort((one, other) => Number(one === last) - Number(other === last));
  for (const name of names) placeDraft(join(draft, name), join(target, name));
  rmdirSync(draft);
}
