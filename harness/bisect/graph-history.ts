// SPDX-License-Identifier: MIT
import {GOOD_END, type History, type Visit, type Weighed} from './history.js';

/** A group that weighs less is left out of the sums of a scan. */
const NEGLIGIBLE = 1e-6;

/**
 * With merges, as git bisect sees them: a commit holds a candidate when that is its ancestor or itself. The ancestors
 * are kept as bits: size²/8 bytes.
 */
export class GraphHistory implements History<readonly number[]> {
  readonly size: number;
  readonly #words: number;
  readonly #ancestors: Uint32Array;

  /** @param parents of each candidate, by number, parents before children; those that are no candidates are left out */
  constructor(parents: readonly (readonly number[])[]) {
    this.size = parents.length;
    this.#words = Math.ceil(this.size / 32);
    this.#ancestors = new Uint32Array(this.size * this.#words);
    for (const [at, above] of parents.entries()) {
      const row = this.#row(at);
      for (const parent of above) {
        const other = this.#row(parent);
        for (let word = 0; word < this.#words; word++) row[word] = (row[word] ?? 0) | (other[word] ?? 0);
      }
      row[at >>> 5] = (row[at >>> 5] ?? 0) | (1 << (at & 31));
    }
  }

  all(): number[] {
    return Array.from({length: this.size}, (_, index) => index);
  }

  split(
    group: readonly number[],
    at: number,
  ): {inside: readonly number[] | undefined; outside: readonly number[] | undefined} {
    const inside = group.filter((member) => this.#holds(at, member));
    if (inside.length === group.length) return {inside: group, outside: undefined};
    if (inside.length === 0) return {inside: undefined, outside: group};
    return {inside, outside: group.filter((member) => !this.#holds(at, member))};
  }

  sizeOf(group: readonly number[]): number {
    return group.length;
  }

  membersOf(group: readonly number[]): number[] {
    return [...group];
  }

  isSplittable(group: readonly number[], may: (at: number) => boolean): boolean {
    for (let at = 0; at < this.size; at++) {
      if (!may(at)) continue;
      const first = this.#holds(at, group[0] ?? 0);
      if (group.some((member) => this.#holds(at, member) !== first)) return true;
    }
    return false;
  }

  scan(groups: readonly Weighed<readonly number[]>[], may: (at: number) => boolean, visit: Visit): void {
    const live = groups.filter(({size, density}) => size * density.each > NEGLIGIBLE);
    let [failOutside, openOutside] = [0, 0];
    for (const {size, density} of groups) {
      failOutside += size * density.failOutside;
      openOutside += size * density.openOutside;
    }
    if (may(GOOD_END)) visit(GOOD_END, 0, failOutside, openOutside);
    for (let at = 0; at < this.size; at++) {
      if (!may(at)) continue;
      let [inside, fail, open] = [0, failOutside, openOutside];
      for (const {members, density} of live) {
        let count = 0;
        for (const member of members) if (this.#holds(at, member)) count++;
        inside += count * density.each;
        fail += count * (density.failInside - density.failOutside);
        open += count * (density.openInside - density.openOutside);
      }
      visit(at, inside, fail, open);
    }
  }

  #row(at: number): Uint32Array {
    return this.#ancestors.subarray(at * this.#words, (at + 1) * this.#words);
  }

  #holds(at: number, member: number): boolean {
    if (at < 0) return false;
    return (((this.#ancestors[at * this.#words + (member >>> 5)] ?? 0) >>> (member & 31)) & 1) === 1;
  }
}
