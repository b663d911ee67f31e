// SPDX-License-Identifier: MIT
import {CONFIDENCE, clopperPearson, type Interval} from './interval.js';

/** How often it happened, of so many; with the interval that holds the true rate in 95 of 100 cases. */
export interface Rate extends Interval {
  hits: number;
  of: number;
  rate: number;
}

export function rateOf(hits: number, of: number): Rate {
  return {hits, of, rate: of === 0 ? 0 : hits / of, ...clopperPearson(hits, of, CONFIDENCE)};
}
