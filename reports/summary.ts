// SPDX-License-Identifier: MIT
/** What a maintainer's tool shows in one line of a table: the run as a whole, the builds, each machine. */
import {coverageLines, missedWords, shareWords} from '../harness/verdict/coverage-words.js';
import type {Comparison, Finding, Results} from '../harness/verdict/results.js';
import {treeLines, untestableLines} from '../harness/verdict/tree-words.js';
import {standingOf} from './standing.js';

export type State = 'pass' | 'warn' | 'fail';

export interface Check {
  /** `verdict`, `build`, `compiled` (how much of the series), or a profile. */
  name: string;
  state: State;
  /** One line. */
  summary: string;
  findings: Finding[];
  /** More of it, when one line is not enough. */
  lines?: string[];
}

const OF_VERDICT: Readonly<Record<Results['verdict'], State>> = {
  good: 'pass',
  'good-in-part': 'warn',
  bad: 'fail',
  inconclusive: 'warn',
  'infra-error': 'warn',
};
const BUILD_KINDS: readonly Finding['kind'][] = ['build-failed', 'new-warning', 'series-conflict', 'symbol-gone'];

/** The verdict first. A check is `pass` only when something was seen to pass. */
export function checksOf(results: Results): Check[] {
  const {verdict, because, findings, builds, profiles, comparisons} = results;
  const names = new Set([...profiles.map(({name}) => name), ...comparisons.map(({profile}) => profile)]);
  const ofBuild = findings.filter(({kind}) => BUILD_KINDS.includes(kind));
  return [
    {name: 'verdict', state: OF_VERDICT[verdict], summary: `${verdict}: ${because}`, findings: [...findings]},
    {
      name: 'build',
      ...stateOf(
        ofBuild,
        builds.some(({status}) => status === 'ok'),
      ),
      summary: buildWords(results),
      lines: treeLines(results),
    },
    ...compiledCheck(results),
    ...[...names].map((name): Check => {
      const mine = findings.filter(({profile}) => profile === name);
      const rows = comparisons.filter(({profile}) => profile === name);
      const summary = countWords(rows);
      return {
        name,
        ...stateOf(
          mine,
          rows.some((row) => standingOf(row) === 'pass'),
        ),
        summary,
      };
    }),
  ];
}

/** Each result is in one of these; the first, third and fourth are told also when there are none. */
const COUNTED: readonly {one: string; many: string; always?: true; is(row: Comparison): boolean}[] = [
  {one: 'pass', many: 'pass', always: true, is: (row) => standingOf(row) === 'pass' && row.change !== 'fixed'},
  {one: 'fixed', many: 'fixed', is: ({change}) => change === 'fixed'},
  {one: 'new fail', many: 'new fail', always: true, is: (row) => standingOf(row) === 'fail'},
  {one: 'skip', many: 'skip', always: true, is: (row) => standingOf(row) === 'skip'},
  {one: 'fails less often', many: 'fail less often', is: ({change}) => change === 'less-often'},
  {
    one: 'fails without the series too',
    many: 'fail without the series too',
    is: ({change}) => change === 'still-failing',
  },
  {one: 'flaky', many: 'flaky', is: ({change}) => change === 'flaky'},
  {one: 'inconclusive', many: 'inconclusive', is: (row) => standingOf(row) === 'error'},
];

/** `10 pass, 3 fixed, 0 new fail, 4 skip` */
function countWords(rows: readonly Comparison[]): string {
  return COUNTED.flatMap(({one, many, always, is}) => {
    const n = rows.filter(is).length;
    return n === 0 && always !== true ? [] : [`${n} ${n === 1 ? one : many}`];
  }).join(', ');
}

/** A test that fails with the series no more often than without it, or is fixed, is no reason to warn; anything else that a person must look at is. */
function stateOf(findings: Finding[], seen: boolean): {state: State; findings: Finding[]} {
  if (findings.some(({severity}) => severity === 'bad')) return {state: 'fail', findings};
  const warned = findings.some(({severity}) => severity === 'warning');
  return {state: warned || !seen ? 'warn' : 'pass', findings};
}

/** Also when all of it was compiled: the check of an earlier run must not stay the newest. */
function compiledCheck({coverage}: Results): Check[] {
  if (coverage === undefined || coverage.files === 0) return [];
  const lines = coverageLines(coverage);
  const summary = [`${shareWords(coverage)} compiled`, missedWords(coverage)].filter(Boolean).join('; ');
  return [{name: 'compiled', state: lines.length === 0 ? 'pass' : 'warn', summary, findings: [], lines}];
}

function buildWords(results: Results): string {
  const {builds} = results;
  const failed = builds.filter(({status}) => status === 'failed').map(({arch, side}) => `${arch} ${side}`);
  const warnings = builds.reduce((sum, {newWarnings}) => sum + newWarnings.length, 0);
  if (builds.length === 0) return 'nothing was built';
  if (failed.length > 0) return `does not build: ${failed.join(', ')}`;
  const built = `${builds.length} kernels built, ${warnings === 0 ? 'no' : warnings} new warning${warnings === 1 ? '' : 's'}`;
  return [built, ...untestableLines(results).slice(0, 1)].join('; ');
}
