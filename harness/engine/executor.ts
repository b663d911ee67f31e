// SPDX-License-Identifier: MIT
/** Where jobs go. On one machine a p-queue (`local.ts`); a job queue for many machines has the same face. */
export interface Executor {
  /**
   * Runs the job when a lane is free, in the order of submission. A lane is freed only when the job has ended by
   * itself: a job that is told to stop (by its own signal) still holds its lane until its guest is gone.
   */
  submit<T>(job: () => Promise<T>): Promise<T>;
}
