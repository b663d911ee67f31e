// SPDX-License-Identifier: MIT

/** The commit before all candidates: it holds none of them. */
export const GOOD_END = -1;

/** What one member of a group weighs in a choice of the next commit. */
export interface Density {
  /** Its own probability. */
  each: number;
  /** `each` times the probability that an attempt fails, at a commit that holds it and at one that does not. */
  failInside: number;
  failOutside: number;
  /** `each` times the entropy of such an attempt. */
  openInside: number;
  openOutside: number;
}

/** One commit that could be tested: the sums over all candidates that a choice needs. */
export type Visit = (at: number, inside: number, fail: number, open: number) => void;

export interface Weighed<Group> {
  members: Group;
  size: number;
  density: Density;
}

/**
 * The candidates, numbered from 0, oldest first, and which of them each commit holds: a commit is bad if and only if it
 * holds the culprit. The last one holds all. Candidates that no test has told apart so far are one group.
 */
export interface History<Group> {
  readonly size: number;
  all(): Group;
  /** The members that the commit `at` holds, and the others; undefined: none. */
  split(group: Group, at: number): {inside: Group | undefined; outside: Group | undefined};
  sizeOf(group: Group): number;
  membersOf(group: Group): number[];
  /**
   * Commits worth a look, with their sums.
   *
   * @param may false: this commit cannot be tested
   */
  scan(groups: readonly Weighed<Group>[], may: (at: number) => boolean, visit: Visit): void;
  /** Is there a commit that may be tested and tells members of the group apart? */
  isSplittable(group: Group, may: (at: number) => boolean): boolean;
}
