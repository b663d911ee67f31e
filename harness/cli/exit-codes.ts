// SPDX-License-Identifier: MIT
import {Interrupted, KernelError, UsageError} from '../lib/errors.js';
import type {Verdict} from '../verdict/results.js';

/**
 * Safe under `git bisect run` (git-bisect(1)): 0 is good, 1 bad, 125 "cannot be tested", and everything from 128 up
 * stops the bisect instead of blaming a commit. 129 is git's own number for a usage error.
 */
export const EXIT = {
  good: 0,
  bad: 1,
  cannotTell: 125,
  ours: 128,
  usage: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export const EXIT_OF_VERDICT: Readonly<Record<Verdict, number>> = {
  good: EXIT.good,
  // Nothing is known of the whole; what lies between 1 and 125 would mean bad to git bisect run.
  'good-in-part': EXIT.cannotTell,
  bad: EXIT.bad,
  inconclusive: EXIT.cannotTell,
  'infra-error': EXIT.ours,
};

/** @param allowUncompiled good is enough as far as the series was compiled (`--allow-uncompiled`) */
export function exitOfVerdict(verdict: Verdict, allowUncompiled = false): number {
  return verdict === 'good-in-part' && allowUncompiled ? EXIT.good : EXIT_OF_VERDICT[verdict];
}

/** What a thrown value means to the caller of the program. */
export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof Interrupted) return thrown.signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  if (thrown instanceof UsageError) return EXIT.usage;
  // A kernel that fails where there is nothing to compare with cannot be told good or bad.
  if (thrown instanceof KernelError) return EXIT.cannotTell;
  return EXIT.ours;
}
