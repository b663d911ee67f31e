// SPDX-License-Identifier: MIT
import type {ChangedSymbol} from '../kernel/symbols.js';

/** What the series changed in the kernel of an architecture, as a comparison of the two built kernels shows it. */
export interface KernelChange {
  arch: string;
  /** All that is loaded is equal, but for the build id and for `lines`. */
  same: boolean;
  /** Entries of WARN() and BUG() that name another line of their file; when `same`. */
  lines?: number;
  /** The first difference; when not `same`. */
  difference?: string;
  /** Why guests were booted; absent: nothing that runs in them changed, and they were not. */
  because?: string;
  /** Touched files that something is made from, but neither this kernel nor a program of the chosen suites. */
  notHeld: string[];
  /** In the order of their files. */
  symbols: ChangedSymbol[];
  /** Further ones that are not listed. */
  omitted?: number;
  /** Why `symbols` says nothing. */
  symbolsUnknown?: string;
}
