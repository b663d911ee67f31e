// SPDX-License-Identifier: MIT
import type {History} from './history.js';
import {GOOD_END} from './history.js';
import {type Failure, huntedFailure, judgeSeen, type Seen} from './hunt.js';
import {type Action, type Entry, Search, type SearchOptions} from './search.js';

/** What was found out about a commit, as it was seen: judged only when it is known what is hunted. */
export type Finding =
  | {type: 'kernel'; at: number; kernel: string; seconds: number; cached: boolean}
  | {type: 'skip'; at: number; reason: string; seconds: number}
  | {type: 'attempt'; at: number; seen: Seen; seconds: number};

/**
 * The search over what was seen. Which failure is hunted may change while the ends are verified, and stands from then
 * on; with another one everything is judged again.
 */
export class Bisection<Members> {
  readonly findings: Finding[] = [];
  hunted: Failure | undefined;
  #search: Search<Members>;

  constructor(
    readonly history: History<Members>,
    readonly options: SearchOptions,
  ) {
    this.#search = new Search(history, options);
  }

  get search(): Search<Members> {
    return this.#search;
  }

  add(finding: Finding): void {
    this.findings.push(finding);
    if (finding.type === 'attempt' && this.#isEnd(finding.at)) {
      const hunted = huntedFailure(this.#seenAt(this.history.size - 1), this.#seenAt(GOOD_END));
      if (JSON.stringify(hunted) !== JSON.stringify(this.hunted) && !this.#isBetween()) {
        this.hunted = hunted;
        this.#search = new Search(this.history, this.options);
        for (const one of this.findings) this.#search.apply(this.#toEntry(one));
        return;
      }
    }
    this.#search.apply(this.#toEntry(finding));
  }

  next(): Action {
    return this.#search.next();
  }

  #isEnd(at: number): boolean {
    return at === GOOD_END || at === this.history.size - 1;
  }

  /** The ends were verified: something between them was looked at. */
  #isBetween(): boolean {
    return this.findings.some(({at}) => !this.#isEnd(at));
  }

  #seenAt(end: number): Seen[] {
    return this.findings.flatMap((one) => (one.type === 'attempt' && one.at === end ? [one.seen] : []));
  }

  #toEntry(finding: Finding): Entry {
    const {at, seconds} = finding;
    if (finding.type === 'skip') return {type: 'skip', at, reason: finding.reason};
    if (finding.type === 'kernel') {
      // What a build costs is not learned from the store, nor from the first, which compiles everything.
      const telling = !finding.cached && !this.#isEnd(at);
      return {type: 'kernel', at, kernel: finding.kernel, ...(telling ? {seconds} : {})};
    }
    const {says, why} = judgeSeen(finding.seen, this.hunted);
    const counts = {bad: 0, good: 0, mute: 0, [says]: 1};
    return {type: 'runs', at, ...counts, seconds, ...(why === undefined ? {} : {why})};
  }
}
