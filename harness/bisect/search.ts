// SPDX-License-Identifier: MIT
import {type Costs, chooseStep} from './choose.js';
import {type Counts, judgeEnds} from './ends.js';
import {GOOD_END, type History} from './history.js';
import {CLEAR, type Judged, Posterior, RACY} from './posterior.js';

/** What is known of a commit after a step. Commits are numbers of the history, `GOOD_END` the one before it. */
export type Entry =
  /** Its kernel is built; `kernel` is equal for kernels that cannot differ in what they do. */
  | {type: 'kernel'; at: number; kernel: string; seconds?: number}
  /** It cannot be tested: it does not build or boot. */
  | {type: 'skip'; at: number; reason: string}
  /** Attempts: with the failure that is hunted, without any, and those that say neither (another failure, a lost guest). */
  | {type: 'runs'; at: number; bad: number; good: number; mute: number; why?: string; seconds?: number};

export type Action =
  | {type: 'prepare'; at: number}
  | {type: 'attempt'; at: number; attempts: number}
  | {type: 'end'; ending: Ending};

export type Ending =
  /** Several candidates when nothing that can be tested tells them apart. */
  | {how: 'found'; culprits: number[]; confidence: number}
  | {how: 'no-difference'; why: 'same-kernel' | 'never-fails' | 'both-alike'}
  | {how: 'end-untestable'; end: 'good' | 'bad'; reason: string}
  /** The attempts that were allowed are used up; these are the likeliest. */
  | {how: 'out-of-attempts'; culprits: number[]; confidence: number};

export interface SearchOptions {
  /** Probability that the answer must have, below 1. */
  confidence: number;
  /** The test is known to show its failure only now and then. */
  racy: boolean;
  /** Before the first were measured. */
  costs: Costs;
  /** At each end, before it is said that they do not differ. */
  endLimit: number;
  /** In all. */
  limit: number;
}

export interface Tally extends Counts {
  mute: number;
  why?: string;
}

interface Answer<Members> {
  /** No commit that can be tested tells its members apart. */
  resolved: boolean;
  members: Members | undefined;
  confidence: number;
}

/** After so many attempts that say nothing, and more than those that do, a commit is given up. */
const MUTE_LIMIT = 3;
/**
 * Share of the doubt that is allowed. The probabilities are right on average over all failure rates; at some rates the
 * answer is wrong a little more often, which the simulation of docs/bisect.md shows.
 */
const MARGIN = 0.5;
/** A broken build breaks its neighbours, too: at this distance from one a commit is as likely to work as not. */
const NEIGHBOURS = 3;

/**
 * The whole search as a state: entries go in, `next` says what to do. No clock, no chance, no files: the same entries
 * give the same next action, which is what makes a search that was killed resumable.
 *
 * A test whose outcome is clear needs one attempt a step. As soon as one commit shows both outcomes, all that was
 * seen is weighed again as a race.
 */
export class Search<Members> {
  readonly tallies = new Map<number, Tally>();
  readonly skipped = new Map<number, string>();
  readonly kernels = new Map<number, string>();
  /** Commits whose kernel is another's, and whose. */
  readonly sameAs = new Map<number, number>();
  attempts = 0;
  /** What the search goes on to. */
  readonly #wanted: number;
  /** The commit that a kernel was seen at first. */
  readonly #first = new Map<string, number>();
  /** Commits that are of no use to test. */
  readonly #barred = new Set<number>();
  readonly #posterior: Posterior<Members>;
  readonly #bad: number;
  readonly #built = {seconds: 0, count: 0};
  readonly #ran = {seconds: 0, count: 0};

  constructor(
    readonly history: History<Members>,
    readonly options: SearchOptions,
  ) {
    this.#bad = history.size - 1;
    this.#wanted = 1 - MARGIN * (1 - options.confidence);
    this.#posterior = new Posterior(history, options.racy ? RACY : CLEAR);
  }

  /** true: the failure comes and goes at one and the same commit, or is said to. */
  get isRacy(): boolean {
    return this.#posterior.prior === RACY;
  }

  apply(entry: Entry): void {
    const {at} = entry;
    if (entry.type === 'skip') {
      this.#skip(at, entry.reason);
    } else if (entry.type === 'kernel') {
      this.#addKernel(at, entry.kernel);
      if (entry.seconds !== undefined) count(this.#built, entry.seconds, 1);
    } else {
      this.#addRuns(entry);
      if (entry.seconds !== undefined) count(this.#ran, entry.seconds, entry.bad + entry.good + entry.mute);
    }
  }

  next(): Action {
    const ends = this.#checkEnds();
    if (ends !== undefined) return ends;
    const answer = this.#answer();
    if (answer.resolved && answer.confidence >= this.#wanted) return this.#found('found', answer);
    if (this.attempts >= this.options.limit) return this.#found('out-of-attempts', answer);
    const step = chooseStep(this.#posterior, {
      costs: this.#costs(),
      may: this.#may,
      isBuilt: (at) => this.kernels.has(at),
      works: (at) => this.#works(at),
    });
    // Nothing that may be tested tells more: what is left is one answer, sure or not.
    if (step === undefined) return this.#found(answer.resolved ? 'found' : 'out-of-attempts', answer);
    if (!this.kernels.has(step.at)) return {type: 'prepare', at: step.at};
    return {type: 'attempt', at: step.at, attempts: Math.min(step.attempts, this.options.limit - this.attempts)};
  }

  /** Every group of candidates with its probability, likeliest first. */
  suspects(): readonly Judged<Members>[] {
    return [...this.#posterior.judge()].sort((a, b) => b.weight - a.weight);
  }

  #addKernel(at: number, kernel: string): void {
    const other = this.#first.get(kernel);
    if (other !== undefined && other !== at) {
      this.sameAs.set(at, other);
      this.#barred.add(at);
      this.#posterior.same(at, other);
    }
    this.#first.set(kernel, other ?? at);
    this.kernels.set(at, kernel);
  }

  #addRuns({at, bad, good, mute, why}: Entry & {type: 'runs'}): void {
    const tally: Tally = this.tallies.get(at) ?? {bad: 0, good: 0, mute: 0};
    tally.bad += bad;
    tally.good += good;
    tally.mute += mute;
    if (why !== undefined) tally.why = why;
    this.tallies.set(at, tally);
    this.attempts += bad + good + mute;
    if (bad + good > 0) this.#posterior.add(at, bad, bad + good);
    if (tally.mute >= MUTE_LIMIT && tally.mute > tally.bad + tally.good) {
      this.#skip(at, tally.why ?? 'no attempt says anything');
    }
    if (tally.bad > 0 && tally.good > 0 && !this.isRacy) this.#posterior.prior = RACY;
  }

  #checkEnds(): Action | undefined {
    for (const [at, end] of [
      [this.#bad, 'bad'],
      [GOOD_END, 'good'],
    ] as const) {
      const reason = this.skipped.get(at);
      if (reason !== undefined) return {type: 'end', ending: {how: 'end-untestable', end, reason}};
      if (!this.kernels.has(at)) return {type: 'prepare', at};
    }
    if (this.kernels.get(GOOD_END) === this.kernels.get(this.#bad)) return noDifference('same-kernel');
    const [bad, good] = [this.#countsAt(this.#bad), this.#countsAt(GOOD_END)];
    const {confidence, endLimit} = this.options;
    const answer = judgeEnds(bad, good, this.#posterior.prior, confidence, endLimit);
    if ('same' in answer) return noDifference(answer.same);
    if ('differ' in answer) return undefined;
    return {type: 'attempt', at: answer.more === 'bad' ? this.#bad : GOOD_END, attempts: answer.attempts};
  }

  /** The likeliest candidate, or the likeliest of those that cannot be told apart. */
  #answer(): Answer<Members> {
    let first: Judged<Members> | undefined;
    for (const one of this.#posterior.judge()) if (first === undefined || one.weight > first.weight) first = one;
    if (first === undefined) return {resolved: true, members: undefined, confidence: 0};
    const {members, size, weight} = first;
    const resolved = size === 1 || !this.history.isSplittable(members, this.#may);
    return {resolved, members, confidence: weight};
  }

  readonly #may = (at: number): boolean => !this.#barred.has(at);

  #skip(at: number, reason: string): void {
    this.skipped.set(at, reason);
    this.#barred.add(at);
  }

  #works(at: number): number {
    let nearest = Number.POSITIVE_INFINITY;
    for (const skipped of this.skipped.keys()) nearest = Math.min(nearest, Math.abs(skipped - at));
    return nearest === Number.POSITIVE_INFINITY ? 1 : nearest / (nearest + NEIGHBOURS);
  }

  #found(how: 'found' | 'out-of-attempts', {members, confidence}: Answer<Members>): Action {
    const culprits = members === undefined ? [] : this.history.membersOf(members);
    return {type: 'end', ending: {how, culprits, confidence}};
  }

  #countsAt(at: number): Counts {
    return this.tallies.get(at) ?? {bad: 0, good: 0};
  }

  #costs(): Costs {
    const {costs} = this.options;
    const attempt = this.#ran.count === 0 ? costs.attempt : this.#ran.seconds / this.#ran.count;
    const build = this.#built.count === 0 ? costs.build : this.#built.seconds / this.#built.count;
    return {attempt, build, visit: costs.visit};
  }
}

function count(sum: {seconds: number; count: number}, seconds: number, times: number): void {
  sum.seconds += seconds;
  sum.count += times;
}

const noDifference = (why: 'same-kernel' | 'never-fails' | 'both-alike'): Action => ({
  type: 'end',
  ending: {how: 'no-difference', why},
});
