// SPDX-License-Identifier: MIT
import type {CompilerMessage, Side} from '../kernel/kernel-build.js';

/** One kernel's build, as results.json has it. */
export interface BuildRecord {
  arch: string;
  side: Side | 'only';
  status: 'ok' | 'failed';
  seconds: number;
  cached: boolean;
  compiler: string;
  release: string;
  objects: number;
  /** Of the patched build, in touched files, that base did not have. */
  newWarnings: CompilerMessage[];
  errors: CompilerMessage[];
  absentSymbols: string[];
  log?: string;
  /** Of the patched build, when there is a base build: touched C files were compiled once more. */
  extraWarnings?: ExtraWarnings;
}

/** A second look at the touched C files, on base and patched; what it found is in `newWarnings`, with its option. */
export interface ExtraWarnings {
  /** Beside those of the tree's own build. */
  options: string[];
  compiled: string[];
  /** Touched C files that this kernel does not compile, or not by themselves. */
  notCompiled: string[];
  seconds: number;
  /** Why it could not be done: no word about these files then. */
  failed?: string;
}
