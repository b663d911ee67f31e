// SPDX-License-Identifier: MIT
import type {BisectState} from '../../harness/history/tables.js';
import type {Tone} from '../page/words.js';
import type {Counts, State} from './views.js';

/** Height says it as well as colour: what failed stands tall. */
export const STATE: Readonly<Record<State, {tone: Tone; sign: string; word: string; height: number}>> = {
  fail: {tone: 'bad', sign: '✗', word: 'fails', height: 12},
  mixed: {tone: 'warn', sign: '~', word: 'fails now and then', height: 9},
  pass: {tone: 'good', sign: '✓', word: 'passes', height: 4},
  skip: {tone: 'plain', sign: '⊘', word: 'skipped', height: 2},
  none: {tone: 'plain', sign: '', word: 'no result', height: 0},
};

export const BISECT: Readonly<Record<BisectState, {tone: Tone; word: string}>> = {
  found: {tone: 'good', word: 'found'},
  several: {tone: 'warn', word: 'one of several'},
  'no-difference': {tone: 'warn', word: 'no difference'},
  'end-untestable': {tone: 'warn', word: 'cannot tell'},
  'out-of-attempts': {tone: 'warn', word: 'not decided'},
  pending: {tone: 'info', word: 'not done yet'},
  failed: {tone: 'warn', word: 'failed'},
  left: {tone: 'info', word: 'left out: the night had too many'},
};

export function stateOf({pass, fail, skip}: Counts): State {
  if (fail > 0) return pass > 0 ? 'mixed' : 'fail';
  if (pass > 0) return 'pass';
  return skip > 0 ? 'skip' : 'none';
}

/** `3 of 5 failed`, `5 passed`, `3 passed, came in 3 of 5`, `skipped`, `no result`. */
export function countWords(counts: Counts): string {
  const {pass, fail, skip, missing = 0, absent = 0} = counts;
  const times = pass + fail + skip - missing;
  const came = times > 0 && absent > 0 ? `, came in ${times} of ${times + missing + absent}` : '';
  return `${statusWords(counts)}${came}`;
}

function statusWords(counts: Counts): string {
  const {pass, fail} = counts;
  if (fail > 0) return `${fail} of ${pass + fail} failed`;
  if (pass > 0) return `${pass} passed`;
  return STATE[stateOf(counts)].word;
}
