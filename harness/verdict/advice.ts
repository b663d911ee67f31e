// SPDX-License-Identifier: MIT
import {type Advice, MAX_MORE_RUNS} from './promise.js';
import type {Comparison} from './results.js';

/**
 * `a new run with --runs 14 --max-runs 56 would find …`: what would decide all of these open results together, or how many
 * of them. Empty when nothing up to `MAX_MORE_RUNS` would decide one.
 */
export function adviceWords(open: readonly Pick<Comparison, 'advice'>[]): string {
  const given = open.flatMap(({advice}) => advice ?? []);
  const all = together(given);
  if (all === undefined) return '';
  const what =
    open.length === 1
      ? 'a difference of this size'
      : given.length === open.length
        ? 'each of these differences'
        : `${given.length} of these differences`;
  const others =
    given.length === open.length ? '' : `; for the others no --max-runs up to ${MAX_MORE_RUNS} is known to be enough`;
  const chance = `with a chance of ${Math.round(100 * all.chance)} %`;
  return `a new run with ${adviceOptions(all).join(' ')} would find ${what} ${chance}, if the rates stay as seen${others}`;
}

/** As a command takes it. */
export function adviceOptions({runs, maxRuns}: Advice): string[] {
  return [...(runs === undefined ? [] : ['--runs', String(runs)]), '--max-runs', String(maxRuns)];
}

/** More first attempts and more attempts in all never find less. */
function together(given: readonly Advice[]): Advice | undefined {
  const [first] = given;
  if (first === undefined) return undefined;
  const runs = Math.max(...given.map((one) => one.runs ?? 0));
  return {
    ...(runs === 0 ? {} : {runs}),
    maxRuns: Math.max(...given.map(({maxRuns}) => maxRuns)),
    chance: Math.min(...given.map(({chance}) => chance)),
  };
}
