// SPDX-License-Identifier: MIT

/** One way in which one result failed. Another result, another way, another splat: another failure. */
export interface Failure {
  /** `test` or `test/subtest/…`. */
  key: string;
  how: 'fail' | 'timeout' | 'crash' | 'missing';
  /** Title of the splat that took the guest down. */
  splat?: string;
}

/** What one attempt showed of the results that were asked for. */
export interface Seen {
  failures: Failure[];
  /** Keys. */
  passed: string[];
  /** Why it shows nothing at all: no guest, every result skipped. */
  nothing?: string;
}

/**
 * The failure that tells the ends apart: of those that the bad end shows, the one that the good end shows least often,
 * compared with it. Undefined while there is none.
 */
export function huntedFailure(bad: readonly Seen[], good: readonly Seen[]): Failure | undefined {
  const counts = new Map<string, {failure: Failure; bad: number; good: number}>();
  for (const [side, seen] of [
    ...bad.map((one) => ['bad', one] as const),
    ...good.map((one) => ['good', one] as const),
  ]) {
    for (const failure of seen.failures) {
      const id = identityOf(failure);
      const count = counts.get(id) ?? {failure, bad: 0, good: 0};
      count[side]++;
      counts.set(id, count);
    }
  }
  let best: Failure | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const {failure, ...times} of counts.values()) {
    if (times.bad === 0) continue;
    const difference = times.bad / Math.max(1, bad.length) - times.good / Math.max(1, good.length);
    if (difference > most) [best, most] = [failure, difference];
  }
  return best;
}

/**
 * `bad`: the hunted failure. `good`: its result passed. Anything else says neither: the result failed in another way, was
 * skipped, or its guest was lost before.
 */
export function judgeSeen(seen: Seen, hunted: Failure | undefined): {says: 'bad' | 'good' | 'mute'; why?: string} {
  if (seen.nothing !== undefined) return {says: 'mute', why: seen.nothing};
  // At the ends, before any failure was seen: what passes is good.
  if (hunted === undefined) return seen.passed.length > 0 ? {says: 'good'} : {says: 'mute', why: 'nothing passed'};
  const id = identityOf(hunted);
  if (seen.failures.some((failure) => identityOf(failure) === id)) return {says: 'bad'};
  const other = seen.failures.find(({key}) => key === hunted.key || hunted.key.startsWith(`${key}/`));
  if (seen.passed.includes(hunted.key)) return {says: 'good'};
  // The result itself, or the test that it is part of.
  if (other !== undefined) return {says: 'mute', why: `another failure: ${failureText(other)}`};
  return {says: 'mute', why: `no result for ${hunted.key}`};
}

/** `mlock/counter: fail`, `read: crash (KASAN: use-after-free in f)` */
export function failureText({key, how, splat}: Failure): string {
  return `${key}: ${how}${splat === undefined ? '' : ` (${splat})`}`;
}

const identityOf = ({key, how, splat}: Failure): string => JSON.stringify([key, how, splat ?? '']);
