// SPDX-License-Identifier: MIT
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {LEFT_PROGRAM} from '../kernel/left-behind.js';
import {sameBytes} from '../lib/intake.js';
import type {CompiledSuite} from './compile.js';

/** Do two builds of a suite run other tests, or the same with other programs? */
export function differs(one: CompiledSuite, other: CompiledSuite | undefined): boolean {
  if (other === undefined) return true;
  const words = ({missing, tests = []}: CompiledSuite): string =>
    JSON.stringify([missing.map(({program}) => program).sort(), tests]);
  if (words(one) !== words(other)) return true;
  const [files, others] = [filesIn(one.directory), filesIn(other.directory)];
  if (files.join('\n') !== others.join('\n')) return true;
  return files.some((file) => !sameBytes(join(one.directory, file), join(other.directory, file), LEFT_PROGRAM));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
