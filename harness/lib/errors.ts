// SPDX-License-Identifier: MIT
import {redact} from './secrets.js';

/**
 * Blame is a type. Only `cli/program.ts` turns these into exit codes; everything else throws and lets go.
 *
 * - `UserError`: the command line, the series' text or the tree that was given.
 * - `InfraError`: the host or kverdict itself (no space, no QEMU, a lost child).
 * - `KernelError`: the code under test (it does not apply, build or boot): a finding, not a failure of ours.
 */
export interface ErrorDetail {
  /** How to go on: one sentence or a command. */
  hint?: string;
  /** The same facts as in the message, for `--json` (paths, limits, counts). */
  facts?: Record<string, unknown>;
  /** What was caught; always kept. */
  cause?: unknown;
}

export abstract class KverdictError extends Error {
  abstract readonly blame: 'user' | 'infra' | 'kernel';
  readonly hint: string | undefined;
  readonly facts: Record<string, unknown>;

  constructor(message: string, detail: ErrorDetail = {}) {
    super(redact(message), detail.cause === undefined ? undefined : {cause: detail.cause});
    this.name = new.target.name;
    this.hint = detail.hint === undefined ? undefined : redact(detail.hint);
    this.facts = detail.facts ?? {};
  }
}

export class UserError extends KverdictError {
  readonly blame = 'user';
}

/** A command line that cannot be understood; git's own exit code for it is 129. */
export class UsageError extends UserError {}

export class InfraError extends KverdictError {
  readonly blame = 'infra';
}

export class KernelError extends KverdictError {
  readonly blame = 'kernel';
}

/** Ctrl-C, SIGTERM or SIGHUP. Never a finding. */
export class Interrupted extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}`);
    this.name = 'Interrupted';
  }
}

/** The message of anything that was thrown, without passwords. */
export function messageOf(thrown: unknown): string {
  return redact(thrown instanceof Error ? thrown.message : String(thrown));
}
