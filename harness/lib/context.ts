// SPDX-License-Identifier: MIT
import type {Emit} from './events.js';
import type {Exec} from './exec.js';
import type {Paths} from './paths.js';

/** What nearly every step needs; made once by the CLI, handed down as the first argument. */
export interface Context {
  readonly paths: Paths;
  readonly exec: Exec;
  readonly emit: Emit;
  /** Aborted by Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
}
