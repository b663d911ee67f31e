// SPDX-License-Identifier: MIT
/** What the builders of programs share; `compile.ts` is the way in. */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Libraries} from '../image/libraries.js';
import type {ArchName, MakeVariables} from '../kernel/kernel-build.js';
import type {Toolchain} from '../kernel/toolchain.js';
import {keep} from '../lib/text.js';

/** The store's kind for programs of every sort. */
export const PROGRAMS = 'programs';

/** A program that could not be built, in the compiler's words. */
export interface MissingProgram {
  program: string;
  reason: string;
  /** The tree's own selftest is the code under test; a suite's C is ours, or the host's compiler is. */
  blame: 'kernel' | 'infra';
  /** No test by itself: its row is a skip with the reason, and what wants it will fail by its own words. */
  extra?: boolean;
  /** The tree never had it, and its suite can do without: its tests are skips. */
  absent?: boolean;
}

/** What a builder of one kind of program gives. */
export interface BuiltPrograms {
  /** Paths of the programs. */
  files: readonly string[];
  missing: readonly MissingProgram[];
}

export interface BuildContext {
  arch: ArchName;
  sourceDir: string;
  variables: MakeVariables;
  treeKey?: string;
  treeHash?: string;
  installHeaders: () => Promise<string>;
  hadBefore?: (path: string) => Promise<boolean>;
  /** For the tree's own suites; undefined where they cannot be had. */
  libraries?: () => Promise<Libraries | undefined>;
  toolchain: Toolchain;
  /** A folder for what need not be kept; it is there until the suites' folders are filled. */
  scratch: string;
}

/** What kbuild makes of a module's name. */
export const moduleFile = (name: string): string => `${name}.ko`;

/** The folder's files, for a store entry that holds programs. */
export function programsIn(folder: string, names: readonly string[]): string[] {
  const present = new Set(readdirSync(folder));
  return names.filter((name) => present.has(name)).map((name) => join(folder, name));
}

/** Characters of a line of the compiler that a reason quotes. */
const MAX_LINE = 1000;

/** The last lines that say what went wrong, without make's own. */
export function compilerWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trimEnd());
  const errors = lines.filter((line) =>
    /\berror\b|undefined reference|multiple definition|cannot find|No rule to make/i.test(line),
  );
  const told = errors.length > 0 ? errors.slice(0, 5) : lines.filter((line) => line !== '').slice(-5);
  return told.map((line) => keep(line, MAX_LINE)).join('\n') || 'the compiler said nothing';
}
