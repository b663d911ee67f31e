// SPDX-License-Identifier: MIT
import type {Attempt} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf} from '../../verdict/findings.js';
import type {Results} from '../../verdict/results.js';
import {decideVerdict} from '../../verdict/verdict.js';
import {times} from '../verdict/fixture.js';
import {exampleResults} from './fixture.js';

/** The example with other attempts, judged by the real rules. */
export function resultsWith(attempts: readonly Attempt[], more: Partial<Results> = {}): Results {
  const example = exampleResults();
  const comparisons = compareAttempts(attempts);
  const builds = example.builds.map((build) => ({...build, newWarnings: []}));
  const reproduce = ({profile, suite, test}: {profile?: string; suite?: string; test?: string}): string =>
    `kverdict verify series.mbox --profiles ${profile} -t ${suite}:${test}`;
  const findings = findingsOf({comparisons, builds, guests: []}, reproduce);
  return {
    ...example,
    ...{comparisons, findings, builds, attempts: [], splats: [], problems: []},
    ...decideVerdict({comparisons, findings, builds}),
    ...more,
  };
}

type Both = Record<string, number>;

/** A test of `n` attempts a side; each result fails in so many of them, the first ones. */
export function racy(suite: string, n: number, base: Both, patched: Both, more: Partial<Attempt> = {}): Attempt[] {
  return (
    [
      ['base', base],
      ['patched', patched],
    ] as const
  ).flatMap(([side, failing]) =>
    Array.from({length: n}, (_, at) => {
      const statuses = Object.entries(failing).map(([name, times]) => [name, at < times ? 'fail' : 'pass'] as const);
      const code = statuses.some(([, status]) => status === 'fail') ? 1 : 0;
      return times(1, side, Object.fromEntries(statuses), {suite, exit: {code}, ...more, number: at + 1});
    })
      .flat()
      .map((one, at) => ({...one, number: at + 1})),
  );
}

/** Every result skipped, on both sides. */
export const skipped = (suite: string, reason: string, more: Partial<Attempt> = {}): Attempt[] =>
  (['base', 'patched'] as const).flatMap((side) =>
    times(1, side, {}, {suite, notRun: {status: 'skip', reason, blame: 'kernel'}, ...more}),
  );

/** A race that the series fixes, one that it makes rarer, one that never showed, and a suite that could not run. */
export const repairing = (): Results =>
  resultsWith([
    ...racy('clear_refs', 9, {'no write is lost': 9, other: 0}, {'no write is lost': 0, other: 0}, {test: 'race'}),
    ...racy('clear_refs', 20, {'no write is lost': 12}, {'no write is lost': 3}, {test: 'mlock'}),
    ...racy('gup_cow', 5, {a: 0, b: 0}, {a: 0, b: 0}, {test: 'vmsplice'}),
    ...racy(
      'uffd_wp_race',
      1,
      {},
      {},
      {
        exit: {code: 4},
        report: {results: [{path: [], status: 'skip', reason: 'no uffd-wp bit', diagnostics: []}], problems: []},
      },
    ),
  ]);

/** The same, with a series that changes nothing. */
export const repairingNothing = (): Results =>
  resultsWith([
    ...racy('clear_refs', 9, {'no write is lost': 9, other: 0}, {'no write is lost': 9, other: 0}, {test: 'race'}),
    ...racy(
      'uffd_wp_race',
      1,
      {},
      {},
      {
        exit: {code: 4},
        report: {results: [{path: [], status: 'skip', reason: 'no uffd-wp bit', diagnostics: []}], problems: []},
      },
    ),
  ]);
