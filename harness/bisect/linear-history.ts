// SPDX-License-Identifier: MIT
import {GOOD_END, type History, type Visit, type Weighed} from './history.js';

/** Candidates `from` to `to - 1`. */
export interface Range {
  from: number;
  to: number;
}

/** Points within a group that a scan looks at; a group that is not larger is looked at whole. */
const POINTS = 16;
/** A group that weighs less is not looked into: what could be learned there is next to nothing. */
const NEGLIGIBLE = 1e-4;
/**
 * Where the candidates before a commit weigh this much, a test of it says most: a half when failures are certain, 1/e
 * when they are rare (the best use of a Z-channel).
 */
const TARGETS = [0.33, 0.37, 0.42, 0.46, 0.5, 0.55, 0.62];

/** No merges: each commit holds all candidates up to itself, and groups are ranges. */
export class LinearHistory implements History<Range> {
  constructor(readonly size: number) {}

  all(): Range {
    return {from: 0, to: this.size};
  }

  split(group: Range, at: number): {inside: Range | undefined; outside: Range | undefined} {
    const cut = at + 1;
    if (cut >= group.to) return {inside: group, outside: undefined};
    if (cut <= group.from) return {inside: undefined, outside: group};
    return {inside: {from: group.from, to: cut}, outside: {from: cut, to: group.to}};
  }

  sizeOf({from, to}: Range): number {
    return to - from;
  }

  membersOf({from, to}: Range): number[] {
    return Array.from({length: to - from}, (_, index) => from + index);
  }

  isSplittable({from, to}: Range, may: (at: number) => boolean): boolean {
    for (let at = from; at < to - 1; at++) if (may(at)) return true;
    return false;
  }

  scan(groups: readonly Weighed<Range>[], may: (at: number) => boolean, visit: Visit): void {
    let [inside, fail, open] = [0, 0, 0];
    for (const {size, density} of groups) {
      fail += size * density.failOutside;
      open += size * density.openOutside;
    }
    if (may(GOOD_END)) visit(GOOD_END, 0, fail, open);
    for (const {members, size, density} of groups) {
      const {each} = density;
      const moreFail = density.failInside - density.failOutside;
      const moreOpen = density.openInside - density.openOutside;
      const look = (at: number): void => {
        const count = at + 1 - members.from;
        visit(at, inside + count * each, fail + count * moreFail, open + count * moreOpen);
      };
      visitPoints(members, inside, size * each, may, look);
      inside += size * each;
      fail += size * moreFail;
      open += size * moreOpen;
    }
  }
}

function visitPoints(
  {from, to}: Range,
  before: number,
  weight: number,
  may: (at: number) => boolean,
  look: (at: number) => void,
): void {
  const last = to - 1;
  if (may(last)) look(last);
  if (to - from < 2 || weight < NEGLIGIBLE) return;
  if (to - from <= POINTS) {
    for (let at = from; at < last; at++) if (may(at)) look(at);
    return;
  }
  const lookNear = (share: number): void => {
    const at = Math.min(last - 1, from + Math.floor(share * (to - from)));
    const [left, right] = [nearest(at, -1, from - 1, may), nearest(at, 1, last, may)];
    if (left !== undefined) look(left);
    if (right !== undefined && right !== left) look(right);
  };
  for (const share of [0.25, 0.5, 0.75]) lookNear(share);
  for (const target of TARGETS) {
    const share = (target - before) / weight;
    if (share > 0 && share < 1) lookNear(share);
  }
}

function nearest(at: number, step: 1 | -1, end: number, may: (at: number) => boolean): number | undefined {
  for (let one = at; one !== end; one += step) if (may(one)) return one;
  return undefined;
}
