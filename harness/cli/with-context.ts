// SPDX-License-Identifier: MIT
import type {Context} from '../lib/context.js';
import type {Emit, RunEvent} from '../lib/events.js';
import {createExec} from '../lib/exec.js';
import {resolvePaths} from '../lib/paths.js';
import {ownRoots} from '../lib/roots.js';
import {sweepLeftovers} from '../lib/sweep.js';
import {abortOnSignals} from '../run/shutdown.js';
import {dryPaths} from './dry-paths.js';
import {createProgress} from './progress.js';
import {sayJson} from './say.js';
import {wantsColour} from './terminal.js';

export interface Surroundings {
  /** Events on stdout as well. */
  jsonl: boolean;
  /** No progress: the terminal belongs to something else (an interactive guest). */
  quiet?: boolean;
  /**
   * `touch`: folders are made, and what earlier runs left is swept. `look`: they are used as they are. `copy`: what has
   * to be written goes into a copy that ends with the command, so that nothing is changed. Default: `touch`.
   */
  folders?: 'touch' | 'look' | 'copy';
}

/**
 * Sets up what a command needs (signals, the door to processes, progress on stderr), sweeps what an earlier run left,
 * and takes it all down again, whatever happens.
 *
 * @param work also gets `listen`: a further reader of the events (the run's own log)
 */
export async function withContext<T>(
  surroundings: Surroundings,
  work: (ctx: Context, listen: (reader: Emit) => void) => Promise<T>,
): Promise<T> {
  const {signal, dispose} = abortOnSignals();
  const progress = surroundings.quiet ? undefined : createProgress(process.stderr, wantsColour(process.stderr));
  const readers: Emit[] = progress === undefined ? [] : [progress.show];
  if (surroundings.jsonl) readers.push((event) => sayJson(event, 0));
  const emit = (event: RunEvent): void => {
    for (const reader of readers) reader(event);
  };
  const {folders = 'touch'} = surroundings;
  try {
    using copy = folders === 'copy' ? dryPaths(resolvePaths()) : undefined;
    const paths = copy?.paths ?? resolvePaths();
    const ctx: Context = {paths, emit, signal, exec: createExec(emit, signal, paths.runtime)};
    if (folders !== 'look') ownRoots(paths);
    if (folders === 'touch') await sweepLeftovers(ctx);
    return await work(ctx, (reader) => readers.push(reader));
  } catch (error) {
    // Whatever a step threw on its way out, the user pressed Ctrl-C: say that.
    throw signal.aborted ? signal.reason : error;
  } finally {
    progress?.stop();
    dispose();
  }
}
