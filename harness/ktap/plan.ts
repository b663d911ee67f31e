// SPDX-License-Identifier: MIT
import type {ProblemList} from './problem-list.js';

/** `1..count`, and where it stands. */
export interface Plan {
  count: number;
  line: number;
}

/** Of two plans of one document: a test that promises less than before may have lost results. */
export function largerPlan(before: Plan, next: Plan, problems: ProblemList): Plan {
  const {count, line} = next;
  const changed = `the plan changed from 1..${before.count} to 1..${count}; the larger one counts`;
  problems.add(line, count === before.count ? `the plan 1..${count} is repeated` : changed);
  return count > before.count ? next : before;
}
