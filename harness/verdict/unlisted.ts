// SPDX-License-Identifier: MIT
import type {Attempt} from '../suite/attempt.js';
import {type Judged, judgeSide} from './tally.js';

/**
 * Where tests are named by the guests themselves, those of one side may not list a test at all. Then each guest of it
 * that ran the suite in a turn in which the other side ran the test stands for an attempt that gave nothing: being there
 * or not is counted, looked at and repeated like any other result.
 */
export class Turns {
  readonly #ran: ReadonlySet<string>;

  constructor(attempts: readonly Attempt[]) {
    this.#ran = new Set(attempts.filter(({notRun}) => notRun === undefined).map(turnOf));
  }

  /** @param group of one test; stands for its attempts on `side`, of which there is none */
  unlisted(group: readonly Attempt[], side: Attempt['side']): Judged[] {
    return judgeSide(group)
      .filter(({attempt}) => this.#ran.has(turnOf({...attempt, side})))
      .map(({attempt}) => ({attempt: {...attempt, side, seconds: 0}, outcomes: new Map(), unlisted: true}));
  }
}

const turnOf = ({profile, suite, side, number, repeat}: Attempt): string =>
  JSON.stringify([profile, suite, side, number, repeat]);
