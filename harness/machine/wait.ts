// SPDX-License-Identifier: MIT
/** What `promise` gives, or undefined after `ms` or when `signal` is aborted. No timer outlives the answer. */
export async function within<T>(promise: Promise<T>, ms: number, signal?: AbortSignal): Promise<T | undefined> {
  let give: (value: undefined) => void = () => {};
  const late = new Promise<undefined>((resolve) => {
    give = resolve;
  });
  const stop = (): void => give(undefined);
  const timer = setTimeout(stop, ms);
  signal?.addEventListener('abort', stop, {once: true});
  if (signal?.aborted) stop();
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
