// SPDX-License-Identifier: MIT
import type {Results} from '../verdict/results.js';

/**
 * Can a later commit be compared with this one? Every kernel of it was built, each of its machines booted at least once,
 * and something was seen, or needed no guest. Of a branch that does not build for a week, the commit before that week is
 * the one to compare with. Pure.
 */
export function isComparable({builds, guests, comparisons, profiles}: Results): boolean {
  const own = builds.filter(({side}) => side !== 'base');
  if (own.length === 0 || own.some(({status}) => status === 'failed')) return false;
  const boots = guests.filter(({side}) => side !== 'base');
  const machines = [...new Set(boots.map(({profile}) => profile))];
  const isDead = (machine: string): boolean =>
    boots.filter(({profile}) => profile === machine).every(({ended}) => ended === 'boot-failed');
  if (machines.some(isDead)) return false;
  return comparisons.length > 0 || profiles.some(({skipped}) => skipped !== undefined);
}
