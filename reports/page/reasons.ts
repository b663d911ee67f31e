// SPDX-License-Identifier: MIT
import type {Comparison} from '../../harness/verdict/results.js';
import {failures, standingOf} from '../standing.js';

/**
 * Why results of a suite are no passes, as it stands under each row: what passes needs no reason. Where several machines
 * have a column, a reason names its own; and why a machine skips is said once for it, not under each result.
 */
export function reasonsOf(rows: readonly Comparison[]): ReadonlyMap<Comparison, string> {
  const several = new Set(rows.map(({profile}) => profile)).size > 1;
  const said = new Set<string>();
  const reasons = new Map<Comparison, string>();
  for (const row of rows) {
    const {profile, reason = '', patched, base} = row;
    if (reason === '' || failures(patched) + failures(base) + patched.skip + base.skip === 0) continue;
    const id = JSON.stringify([profile, reason]);
    if (standingOf(row) === 'skip' && said.has(id)) continue;
    said.add(id);
    reasons.set(row, several ? `${profile}: ${reason}` : reason);
  }
  return reasons;
}
