// SPDX-License-Identifier: MIT
import type {Bisection, Finding} from './bisection.js';
import type {Ending} from './search.js';

/** Who can tell what a commit does. The search asks; it never builds or boots itself. */
export interface Oracle {
  /** Builds the kernel of a commit: a finding `kernel`, or `skip`. */
  prepare(at: number): Promise<Finding>;
  /** Runs the test so often on a kernel that is built. Each finding is kept before the next one is awaited. */
  attempt(at: number, attempts: number): AsyncIterable<Finding>;
}

/**
 * Asks until the search has its answer.
 *
 * @param keep gets every finding before it counts: what is kept is never asked for again
 */
export async function drive<Members>(
  bisection: Bisection<Members>,
  oracle: Oracle,
  keep: (finding: Finding) => void,
): Promise<Ending> {
  const take = (finding: Finding): void => {
    keep(finding);
    bisection.add(finding);
  };
  for (;;) {
    const action = bisection.next();
    if (action.type === 'end') return action.ending;
    if (action.type === 'prepare') take(await oracle.prepare(action.at));
    else for await (const finding of oracle.attempt(action.at, action.attempts)) take(finding);
  }
}
