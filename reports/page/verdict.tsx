// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {coverageLines, shareWords} from '../../harness/verdict/coverage-words.js';
import type {Results} from '../../harness/verdict/results.js';
import {treeLines} from '../../harness/verdict/tree-words.js';
import {machineWords} from '../machines.js';
import {seriesWords} from '../series-words.js';
import {standingOf} from '../standing.js';
import {type Fact, Moment, Overview, type Share, VerdictBox} from './verdict-box.js';
import {CHANGE, cellOf, counted, duration} from './words.js';

/** The first screen: one word, why, what was tested on what, and all results as one bar. */
export function Verdict({results}: {results: Results}): VNode {
  return (
    <VerdictBox verdict={results.verdict} because={results.because} facts={factsOf(results)}>
      <Overview shares={results.series === null ? outcomes(results) : changes(results)} />
    </VerdictBox>
  );
}

function factsOf(results: Results): Fact[] {
  const {series, base, started, seconds, host} = results;
  const facts: Fact[] = [];
  if (series !== null) {
    const {label, size} = seriesWords(series);
    facts.push({name: label, value: series.title, note: size});
  }
  if (base !== null) {
    const note = `${base.commit.slice(0, 12)}, Linux ${base.kernelVersion}`;
    facts.push({name: series === null ? 'Commit' : 'Base', value: base.name, note});
  }
  const {coverage} = results;
  if (coverage !== undefined && coverage.files > 0) {
    const lines = coverageLines(coverage);
    facts.push({name: 'Compiled', value: shareWords(coverage), ...(lines.length > 0 ? {note: lines.join('; ')} : {})});
  }
  const [first, ...others] = treeLines(results);
  if (first !== undefined) {
    facts.push({name: 'Not in this tree', value: first, ...(others.length > 0 ? {note: others.join('; ')} : {})});
  }
  facts.push({name: 'Machines', value: machines(results)});
  const note = `${duration(seconds)}, ${counted(host.cpus, 'CPU', 'CPUs')}`;
  facts.push({name: 'Run', value: <Moment at={started} />, note});
  return facts;
}

function machines(results: Results): string {
  const names = machineWords(results);
  const boots = counted(results.guests.length, 'guest', 'guests');
  return names.length === 0 ? boots : `${names.join(', ')}; ${boots}`;
}

/** Worst first, as the table of changes has them. What never ran is no pass that stayed one. */
function changes({comparisons}: Results): Share[] {
  const skips = comparisons.filter((one) => one.change === 'unchanged' && standingOf(one) === 'skip').length;
  return Object.entries(CHANGE).flatMap(([change, {word, tone}]): Share[] => {
    const n = comparisons.filter((one) => one.change === change).length;
    if (change !== 'unchanged') return [{word, tone, n}];
    return [
      {word: n - skips === 1 ? 'passes as before' : 'pass as before', tone, n: n - skips},
      {word: 'never ran', tone, n: skips},
    ];
  });
}

/** Without a base there is no change, only what came out. */
function outcomes({comparisons}: Results): Share[] {
  const kinds = comparisons.map(({patched}) => cellOf(patched).kind);
  const count = (...wanted: string[]): number => kinds.filter((kind) => wanted.includes(kind)).length;
  return [
    {word: 'failed', tone: 'bad', n: count('fail', 'mixed')},
    {word: 'without a result', tone: 'warn', n: count('none')},
    {word: 'skipped', tone: 'plain', n: count('skip')},
    {word: 'passed', tone: 'good', n: count('pass')},
  ];
}
