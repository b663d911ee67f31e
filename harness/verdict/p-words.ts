// SPDX-License-Identifier: MIT
import type {Comparison} from './results.js';

/**
 * `p=0.0079, adjusted 0.040 after 5 and 5 attempts`: how surely the two sides of this test differ if it were the only
 * one, and with all other results and every look taken into account, which is what a verdict rests on. Both are of one
 * look, which is named when attempts came after it. One number when they are the same; empty when nothing could be
 * compared.
 */
export function pWords({
  pValue,
  adjusted,
  decidedAfter,
}: Pick<Comparison, 'pValue' | 'adjusted' | 'decidedAfter'>): string {
  if (pValue === null) return '';
  const [alone, overAll] = [pNumber(pValue), pNumber(adjusted)];
  const after = decidedAfter === undefined ? '' : ` after ${decidedAfter.base} and ${decidedAfter.patched} attempts`;
  return `${alone === overAll ? `p=${alone}` : `p=${alone}, adjusted ${overAll}`}${after}`;
}

/** Two digits; `1` for what is as good as that. */
export function pNumber(p: number): string {
  return p >= 0.995 ? '1' : p.toPrecision(2);
}
