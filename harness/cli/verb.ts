// SPDX-License-Identifier: MIT
import type {Command} from 'commander';
import type {MakeVariables} from '../kernel/kernel-build.js';

/** What a command needs from the line it was called with. */
export interface Invocation {
  /** `VAR=value` words, as for make. */
  variables: MakeVariables;
  /** The whole line, for the reproduce commands. */
  argv: readonly string[];
  /** Takes the exit code. */
  done: (exitCode: number) => void;
}

export type Verb = (invocation: Invocation) => Command;
