// SPDX-License-Identifier: MIT
import {BetaPrior, entropy} from './beta.js';
import type {History, Weighed} from './history.js';

/** What is thought of the failure rates before an attempt: where the culprit is held, and where it is not. */
export interface Prior {
  held: BetaPrior;
  notHeld: BetaPrior;
}

/**
 * For a test whose outcome is clear: it fails always or never, but for one attempt in fifty or so. One attempt decides
 * a step, and what an attempt more would say is nearly known.
 */
export const CLEAR: Prior = {held: new BetaPrior(1, 0.02), notHeld: new BetaPrior(0.02, 1)};

/**
 * For a race. How often it shows is not known at all (Jeffreys' prior). That it shows without the culprit is rare, one
 * attempt in a hundred, until attempts say otherwise: a prior that believed in none at all would take the first false
 * failure for the truth.
 */
export const RACY: Prior = {held: new BetaPrior(0.5, 0.5), notHeld: new BetaPrior(0.5, 50)};

interface Group<Members> {
  members: Members;
  size: number;
  /** Attempts at commits that hold the members, and at those that do not. */
  heldFailed: number;
  heldRuns: number;
  otherFailed: number;
  otherRuns: number;
}

export interface Judged<Members> extends Weighed<Members> {
  /** Probability that the culprit is one of the members. */
  weight: number;
}

/**
 * The probability that each candidate is the culprit, all being alike before the first test. It is the same for all
 * members of a group, so that an attempt costs as many steps as there are groups, however long the history is.
 */
export class Posterior<Members> {
  #groups: Group<Members>[];
  #prior: Prior;
  #judged: Judged<Members>[] | undefined;

  constructor(
    readonly history: History<Members>,
    prior: Prior,
  ) {
    const {size} = history;
    this.#groups = [{members: history.all(), size, heldFailed: 0, heldRuns: 0, otherFailed: 0, otherRuns: 0}];
    this.#prior = prior;
  }

  get prior(): Prior {
    return this.#prior;
  }

  /** What was counted stays; it is weighed anew. */
  set prior(prior: Prior) {
    this.#prior = prior;
    this.#judged = undefined;
  }

  /** `failed` of `runs` attempts at a commit failed. */
  add(at: number, failed: number, runs: number): void {
    this.#judged = undefined;
    const groups: Group<Members>[] = [];
    for (const group of this.#groups) {
      for (const {part, held} of this.#parts(group, at)) {
        if (held) {
          part.heldFailed += failed;
          part.heldRuns += runs;
        } else {
          part.otherFailed += failed;
          part.otherRuns += runs;
        }
        groups.push(part);
      }
    }
    this.#groups = groups;
  }

  /** Two commits have the same kernel: none of what only one of them holds is the culprit. */
  same(one: number, other: number): void {
    this.#judged = undefined;
    this.#groups = this.#groups.flatMap((group) =>
      this.#parts(group, one).flatMap(({part, held}) =>
        this.#parts(part, other).flatMap((inner) => (inner.held === held ? [inner.part] : [])),
      ),
    );
  }

  /** Groups in the history's order, with their weights; they sum to 1, unless nothing is left. */
  judge(): readonly Judged<Members>[] {
    this.#judged ??= this.#weigh();
    return this.#judged;
  }

  #weigh(): Judged<Members>[] {
    const {held, notHeld} = this.#prior;
    const logs = this.#groups.map(
      (group) =>
        Math.log(group.size) +
        held.logEvidence(group.heldFailed, group.heldRuns) +
        notHeld.logEvidence(group.otherFailed, group.otherRuns),
    );
    let top = Number.NEGATIVE_INFINITY;
    for (const log of logs) if (log > top) top = log;
    let total = 0;
    for (const log of logs) total += Math.exp(log - top);
    return this.#groups.map((group, index) => {
      const {members, size} = group;
      const weight = Math.exp((logs[index] ?? 0) - top) / total;
      const each = weight / size;
      const inside = held.mean(group.heldFailed, group.heldRuns);
      const outside = notHeld.mean(group.otherFailed, group.otherRuns);
      const density = {
        each,
        failInside: each * inside,
        failOutside: each * outside,
        openInside: each * entropy(inside),
        openOutside: each * entropy(outside),
      };
      return {members, size, weight, density};
    });
  }

  /** A group that a commit does not split stays the very same. */
  #parts(group: Group<Members>, at: number): {part: Group<Members>; held: boolean}[] {
    const {inside, outside} = this.history.split(group.members, at);
    if (outside === undefined) return [{part: group, held: true}];
    if (inside === undefined) return [{part: group, held: false}];
    return [
      {part: {...group, members: inside, size: this.history.sizeOf(inside)}, held: true},
      {part: {...group, members: outside, size: this.history.sizeOf(outside)}, held: false},
    ];
  }
}
