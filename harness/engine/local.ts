// SPDX-License-Identifier: MIT
/** The one file that imports p-queue. */
import PQueue from 'p-queue';
import type {Executor} from './executor.js';

/**
 * @param lanes how many jobs (guests) are under way at once
 * @param signal jobs that wait when it aborts are not begun; those that run end by themselves
 */
export function createLocalExecutor(lanes: number, signal: AbortSignal): Executor {
  // p-queue's own `signal` and `timeout` free a lane while the job still runs: never given.
  const queue = new PQueue({concurrency: lanes});
  return {
    submit: <T>(job: () => Promise<T>): Promise<T> =>
      queue.add(() => {
        signal.throwIfAborted();
        return job();
      }) as Promise<T>,
  };
}
