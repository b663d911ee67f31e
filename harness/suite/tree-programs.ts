// SPDX-License-Identifier: MIT
/** What a tree calls a selftest that a suite asks for, and whether it has it. Asked of its files: versions lie. */
import {existsSync} from 'node:fs';
import {basename, join} from 'node:path';
import type {BuildContext, MissingProgram} from './programs.js';
import type {Program} from './suite.js';
import {SELFTESTS} from './target-suite.js';

export type Kselftest = Extract<Program, {kind: 'kselftest'}>;

/** Folders of the selftests that older trees have by another name: `mm` since 6.3. */
const FORMER_FOLDERS: Readonly<Record<string, string>> = {mm: 'vm'};

/** A program to build. */
export interface TreeProgram {
  /** As the tree's makefile names it. */
  path: string;
  /** As the suite's tests call it. */
  name: string;
}

export interface TreePrograms {
  /** The folder that has the selftests in this tree, as in `tools/testing/selftests/FOLDER`; undefined: none. */
  folder?: string;
  wanted: readonly TreeProgram[];
  /** Names of programs that the suite can do without, and that are not in this tree. */
  absent: readonly string[];
}

/** In a source folder that is at the commit whose selftests are built. */
export const hasSelftest =
  (sourceDir: string): HasFile =>
  (path) =>
    existsSync(join(sourceDir, SELFTESTS, path));

/** Is there such a file, or folder, below the tree's selftests? */
export type HasFile = (path: string) => boolean;

export function findPrograms(has: HasFile, program: Kselftest): TreePrograms {
  const folder = foldersOf(program).find(has);
  const wanted: TreeProgram[] = [];
  const absent: string[] = [];
  for (const path of [...program.names].sort()) {
    const name = basename(path);
    const older = program.formerly?.[path];
    if (older !== undefined && !has(`${folder}/${path}.c`) && has(`${folder}/${older}.c`)) {
      wanted.push({path: older, name});
    } else if (program.optional !== undefined && !has(`${folder}/${path}.c`)) absent.push(name);
    else wanted.push({path, name});
  }
  return {...(folder === undefined ? {} : {folder}), wanted, absent};
}

/**
 * Why a program is not there. A tree that never had it is what the suite allows for; a series that takes it away is not:
 * the tests of that program would go unnoticed.
 */
export async function whyAbsent(build: BuildContext, program: Kselftest, name: string): Promise<MissingProgram> {
  const path = program.names.find((each) => basename(each) === name) ?? name;
  for (const folder of foldersOf(program)) {
    const file = `${SELFTESTS}/${folder}/${path}.c`;
    if (await build.hadBefore?.(file)) {
      return {program: name, reason: `the series takes ${file} away`, blame: 'kernel'};
    }
  }
  const reason = `this tree has no \`${name}\` in its ${program.target} selftests (${program.optional})`;
  return {program: name, reason, blame: 'kernel', absent: true};
}

export function foldersOf({target}: Kselftest): string[] {
  const former = FORMER_FOLDERS[target];
  return former === undefined ? [target] : [target, former];
}
