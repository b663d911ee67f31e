// SPDX-License-Identifier: MIT
/** What every reader gives, whatever language the test spoke. */

/**
 * Our status words. `error` is the test's own (`# ERROR`), `missing` is a result that was promised and never came,
 * `crash` is a guest that was lost or a program that died by a signal, `timeout` is a limit of ours.
 */
export const STATUSES = ['pass', 'fail', 'skip', 'xfail', 'xpass', 'error', 'timeout', 'crash', 'missing'] as const;
export type Status = (typeof STATUSES)[number];

export interface SubtestResult {
  /** Names from the outermost document inwards; empty for "the test as a whole". Never holds control bytes. */
  path: readonly string[];
  status: Status;
  /** Skip reason, directive text, exit status: one line. */
  reason?: string;
  /** Diagnostic lines that belong to this result, cleaned, at most `MAX_DIAGNOSTICS`. */
  diagnostics: readonly string[];
  /** Which result of its level it is: the documents on that level from 0, their numbers as given (from 1, by some from 0). Absent: nothing counts them. */
  order?: {document: number; number: number};
  /** The last name is ours: the result was promised and never came, or its line has no description. */
  standIn?: 'promised' | 'unnamed';
  /**
   * 1-based lines of the output that this result stands on: its own line; for one that never came the plan that
   * promised it and the lines between which it should have come. Of a failure each is a line without which it might
   * not be one; empty or absent: no single line is (it is said twice, or by the exit).
   */
  lines?: readonly number[];
}

/** A deviation from the format, or output that contradicts itself. Data, never an exception. */
export interface Problem {
  /** 1-based line in the test's output; 0 for the output as a whole. */
  line: number;
  message: string;
}

export interface TestReport {
  results: readonly SubtestResult[];
  problems: readonly Problem[];
  /**
   * It ended well and printed something of which its reader knows nothing: our fault, in a sentence for a person. What
   * the report holds then says nothing about a kernel. Never set when it printed nothing.
   */
  unread?: string;
}

/** How the test program ended. */
export interface TestExit {
  /** null: killed by a signal, or the guest was lost. */
  code: number | null;
  /** Which limit ended it, if one did. */
  endedBy?: 'timeout' | 'guest-lost';
}

/** How a line of output ended; absent: with a newline, and whole. */
export interface LineEnd {
  /** false: the output ended here, without a newline; the line may be half of one. */
  terminated: boolean;
  /** Characters that were dropped because the line was over the limit. */
  cut: number;
}

/** Fed line by line while the test runs, so that output of any size needs no memory. Never throws. */
export interface ResultReader {
  line(text: string, end?: LineEnd): void;
  end(exit: TestExit): TestReport;
}

export const MAX_DIAGNOSTICS = 200;
