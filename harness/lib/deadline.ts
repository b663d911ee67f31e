// SPDX-License-Identifier: MIT
/** A wait has a name and an end. Times are milliseconds on the monotonic clock. */
export class Deadline {
  readonly #end: number;

  /** @param what completes the sentence "… did not happen within N s" */
  constructor(
    readonly what: string,
    readonly seconds: number,
  ) {
    this.#end = performance.now() + seconds * 1000;
  }

  get leftMs(): number {
    return Math.max(0, this.#end - performance.now());
  }

  get passed(): boolean {
    return this.leftMs === 0;
  }
}

/** Resolves after `ms`, or at once when `signal` is aborted (it never rejects: the caller looks at the signal). */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, {once: true});
  });
}
