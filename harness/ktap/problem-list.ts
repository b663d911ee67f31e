// SPDX-License-Identifier: MIT
import {cleanLine, keep} from '../lib/text.js';
import type {Problem} from './result.js';

/** Problems kept per test; a test that prints garbage for an hour has as many as it has lines. */
export const MAX_PROBLEMS = 100;
const MAX_MESSAGE = 300;

/** Problems in the order seen, bounded; `once` keeps a kind that repeats on every line from filling the list. */
export class ProblemList {
  readonly #list: Problem[] = [];
  readonly #told = new Set<string>();
  #more = 0;

  add(line: number, message: string): void {
    if (this.#list.length < MAX_PROBLEMS) this.#list.push({line, message: keep(cleanLine(message), MAX_MESSAGE)});
    else this.#more++;
  }

  once(kind: string, line: number, message: string): void {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.add(line, message);
  }

  all(): Problem[] {
    if (this.#more === 0) return this.#list;
    return [...this.#list, {line: 0, message: `${this.#more} more problems were not kept (limit: ${MAX_PROBLEMS})`}];
  }
}
