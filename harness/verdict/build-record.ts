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
  /** Symbols that fragments ask for and can do without. */
  absentSymbols: string[];
  /** Symbols that fragments need and that this tree does not know; absent: none. */
  missingSymbols?: MissingSymbol[];
  /** Symbols that this tree knows by a former name; absent: none. */
  renamedSymbols?: RenamedSymbol[];
  log?: string;
  /** Of the patched build, when there is a base build: touched C files were compiled once more. */
  extraWarnings?: ExtraWarnings;
}

/** What is known of the symbols of a kernel, built or not. */
export type TreeSymbols = Pick<BuildRecord, 'arch' | 'side' | 'status' | 'missingSymbols' | 'renamedSymbols'>;

export interface MissingSymbol {
  /** `CONFIG_ARM64_MTE` */
  symbol: string;
  /** Its former names, which this tree does not know either; absent: it has none. */
  was?: string[];
  /** Lines of fragments that need it: `mte.config:6`. */
  askedBy: string[];
}

export interface RenamedSymbol {
  symbol: string;
  /** What this tree calls it. */
  as: string;
  askedBy: string[];
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
