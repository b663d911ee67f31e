// SPDX-License-Identifier: MIT
/** Runs that are made up but for the reading and the judging: output is read as KTAP, and repeats follow what was seen. */
import type {Attempt} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import type {Design} from '../../verdict/design.js';
import {findingsOf} from '../../verdict/findings.js';
import {roundsOf} from '../../verdict/rounds.js';
import {decideVerdict} from '../../verdict/verdict.js';
import {printed} from './fixture.js';

export const DESIGN: Design = {alpha: 0.05, power: 0.9, maxRuns: 20, maxRepeats: 19};

/** Output, and how the program ended. */
export type Run = readonly [string, Partial<Attempt>?];
export const DIED: Partial<Attempt> = {exit: {code: 139}};
export const KILLED: Partial<Attempt> = {exit: {code: null}};
export const FAILED: Partial<Attempt> = {exit: {code: 1}};
export const SLOW: Partial<Attempt> = {exit: {code: null, endedBy: 'timeout'}};
export const LOST: Partial<Attempt> = {
  exit: {code: null, endedBy: 'guest-lost'},
  lost: {how: 'panic', detail: 'Kernel panic'},
};

/** As a run concludes. `asked`: what the reproduce commands name. */
export function judge(attempts: readonly Attempt[], design = DESIGN) {
  const comparisons = compareAttempts(attempts, {design, promises: false});
  const asked: (string | undefined)[] = [];
  const findings = findingsOf({comparisons, builds: [], guests: []}, ({test, selects}) => {
    asked.push(selects ?? test);
    return '';
  });
  const decided = decideVerdict({comparisons, findings, builds: []});
  return {...decided, comparisons, findings, asked, rows: comparisons.map(({test, change}) => `${test} ${change}`)};
}

/** First attempts, then the rounds of repeats as a run makes them. */
export function run(base: (n: number) => Run, patched: (n: number) => Run, first: number, design = DESIGN) {
  const attempts: Attempt[] = [];
  const add = (number: number, repeat?: number): void => {
    for (const [side, of] of [
      ['base', base],
      ['patched', patched],
    ] as const) {
      const [output, more = {}] = of(number);
      attempts.push(printed(side, output, {...more, number, ...(repeat === undefined ? {} : {repeat})}));
    }
  };
  for (let number = 1; number <= first; number++) add(number);
  const limits = {...design, maxRepeats: design.maxRuns - first};
  for (const {repeat} of roundsOf(attempts, limits)) add(first + repeat, repeat);
  return {...judge(attempts, limits), runs: attempts.length / 2};
}

export const always = (one: Run) => (): Run => one;

/** All pass, with a plan. */
export const ok = (...names: string[]): Run => [
  `TAP version 13|1..${names.length}|${names.map((name, n) => `ok ${n + 1} ${name}`).join('|')}`,
];
