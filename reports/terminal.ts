// SPDX-License-Identifier: MIT
import {cleanLine, clip} from '../harness/lib/text.js';
import {cameOf} from '../harness/verdict/came.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import {neverFailedLines} from '../harness/verdict/excluded.js';
import {pWords} from '../harness/verdict/p-words.js';
import type {Comparison, Finding, Results, Tally, Verdict} from '../harness/verdict/results.js';
import {treeLines} from '../harness/verdict/tree-words.js';
import {changeLines} from './changes.js';
import {cleanResults} from './clean-results.js';
import {CHANGE} from './page/words.js';
import {seriesWords} from './series-words.js';
import {foldSkipped} from './skipped.js';
import {bySuite, failures} from './standing.js';
import {wrap} from './wrap.js';

export interface TerminalOptions {
  /** Columns; lines are wrapped there, except those that are meant to be copied. */
  width: number;
  colour: boolean;
  /** The run's folder, as the user would type it. */
  out: string;
}

/** A screen has 24 lines; findings take at most half of it. */
const MAX_FINDINGS = 8;
const MAX_RACY = 5;
const MAX_SKIPPED = 5;
/** Lines of a bad finding's detail: the compiler's first errors, the bases that were tried. */
const MAX_DETAIL = 4;

type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';
const SGR: Readonly<Record<Colour, number>> = {red: 31, green: 32, yellow: 33, bold: 1, dim: 2};
const OF_VERDICT: Readonly<Record<Verdict, Colour>> = {
  good: 'green',
  'good-in-part': 'yellow',
  bad: 'red',
  inconclusive: 'yellow',
  'infra-error': 'yellow',
};
const OF_SEVERITY: Readonly<Record<Finding['severity'], Colour>> = {bad: 'red', warning: 'yellow', info: 'dim'};

/** The last screen: verdict, findings, matrix, races, where the files are. A person reads it in ten seconds. */
export function renderTerminal(raw: Results, options: TerminalOptions): string {
  const results = cleanResults(raw);
  const paint = painter(options.colour);
  const fit: Fit = (text, before = '') => wrap(before + cleanLine(text), Math.max(20, options.width));
  const lines = [
    paint(['bold', OF_VERDICT[results.verdict]], fit(`verdict: ${results.verdict.toUpperCase()}: ${results.because}`)),
    ...(results.series === null ? [] : [fit(seriesLine(results.series))]),
    ...(results.base === null
      ? []
      : [fit(`base: ${results.base.name} (${results.base.how}), Linux ${results.base.kernelVersion}`)]),
    ...[...coverageLines(results.coverage), ...treeLines(results)].map((line) => paint(['yellow'], fit(line))),
    ...section('', renderFindings(results.findings, fit, paint)),
    ...section(
      '',
      changeLines(results.changes).map((line) => fit(line)),
    ),
    ...section('', renderMatrix(results.comparisons, options.width, paint)),
    ...section('', [
      ...renderRacy(results.comparisons, fit),
      ...neverFailedLines(results.comparisons).map((line) => fit(line)),
    ]),
    ...section('', renderSkipped(results.comparisons, fit)),
    ...section('', renderFiles(results, options.out, fit)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Cleans and wraps; `before` is ours, and its blanks stay. */
type Fit = (text: string, before?: string) => string;
type Paint = (colours: readonly Colour[], text: string) => string;

function renderFindings(findings: readonly Finding[], fit: Fit, paint: Paint): string[] {
  const shown = findings.slice(0, MAX_FINDINGS);
  const lines = shown.flatMap((finding) => [
    paint([OF_SEVERITY[finding.severity]], fit(finding.title, finding.severity.padEnd(8))),
    ...(finding.severity === 'bad' && finding.detail !== undefined
      ? finding.detail
          .split('\n')
          .slice(0, MAX_DETAIL)
          .map((line) => fit(line, ' '.repeat(8)))
      : []),
  ]);
  const more = findings.length - shown.length;
  return more > 0 ? [...lines, fit(`… and ${more} more: see report.html#findings`)] : lines;
}

/** Rows are suites, columns profiles; a cell counts results as `pass/fail/skip`, base then patched if both ran. */
function renderMatrix(comparisons: readonly Comparison[], width: number, paint: Paint): string[] {
  const groups = bySuite(comparisons);
  if (groups.length === 0) return [];
  const profiles = [...new Set(groups.map(({profile}) => profile))];
  const suites = [...new Set(groups.map(({suite}) => suite))];
  const cell = (suite: string, profile: string): string => {
    const group = groups.find((one) => one.suite === suite && one.profile === profile);
    return group === undefined ? '-' : cellOf(group.rows);
  };
  const header = ['pass/fail/skip', ...profiles].map(cleanLine);
  const rows = suites
    .map((suite) => [suite, ...profiles.map((profile) => cell(suite, profile))])
    .map((row) => row.map(cleanLine));
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i]?.length ?? 0)));
  // Too many profiles for the screen: a line for each pair still says all.
  if (widths.reduce((sum, w) => sum + w + 2, 0) > width) {
    return groups.map(({profile, suite, rows: of}) =>
      clip(cleanLine(`${suite} on ${profile}: ${cellOf(of)} (pass/fail/skip)`), width),
    );
  }
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [paint(['bold'], line(header)), ...rows.map(line)];
}

/** A run without a series has one side. */
function cellOf(rows: readonly Comparison[]): string {
  const hasBase = rows.some(({base}) => Object.values(base).some((count) => count > 0));
  return [...(hasBase ? [counts(rows, 'base')] : []), counts(rows, 'patched')].join(' -> ');
}

/** How many results of a side are clean passes, failed at least once, or only skipped. */
function counts(rows: readonly Comparison[], side: 'base' | 'patched'): string {
  const tallies = rows.map((row) => row[side]);
  const fail = tallies.filter((tally) => failures(tally) > 0).length;
  const pass = tallies.filter((tally) => failures(tally) === 0 && tally.pass > 0).length;
  const skip = tallies.filter((tally) => failures(tally) === 0 && tally.pass === 0 && tally.skip > 0).length;
  return `${pass}/${fail}/${skip}`;
}

function isMixed(tally: Tally): boolean {
  return failures(tally) > 0 && tally.pass > 0;
}

/** What statistics had to decide: k of n on both sides. */
function renderRacy(comparisons: readonly Comparison[], fit: Fit): string[] {
  const racy = comparisons.filter(
    ({base, patched, change, follows}) =>
      follows === undefined && (change === 'flaky' || change === 'inconclusive' || isMixed(base) || isMixed(patched)),
  );
  const lines = racy.slice(0, MAX_RACY).map((row) => {
    const {profile, suite, test, change} = row;
    const isThere = row.asked === 'absences';
    const of = (side: 'base' | 'patched'): string =>
      isThere
        ? cameOf(row, side).replace('/', ' of ')
        : `${failures(row[side])} of ${failures(row[side]) + row[side].pass}`;
    return fit(
      `${profile} ${suite}:${test}: ${isThere ? 'came' : 'failed'} ${of('base')} on base, ${of('patched')} patched, ${pWords(row) || 'p=none'}: ${CHANGE[change].word}`,
    );
  });
  return racy.length > MAX_RACY ? [...lines, `… and ${racy.length - MAX_RACY} more: see report.html#races`] : lines;
}

function renderSkipped(comparisons: readonly Comparison[], fit: Fit): string[] {
  const skipped = foldSkipped(comparisons);
  const lines = skipped
    .slice(0, MAX_SKIPPED)
    .map(({profiles, suite, count, reason}) => fit(`skipped ${count}: ${suite} on ${profiles.join(', ')}: ${reason}`));
  const more = skipped.slice(MAX_SKIPPED).reduce((sum, {count}) => sum + count, 0);
  return more > 0 ? [...lines, `skipped ${more} more: see report.html#results`] : lines;
}

function renderFiles(results: Results, out: string, fit: Fit): string[] {
  const [worst] = results.findings;
  return [
    ...(results.problems.length === 0
      ? []
      : [
          fit(
            `${counted(results.problems.length, 'oddity', 'oddities')} in the tests' output: see report.html#problems`,
          ),
        ]),
    `files: ${cleanLine(out)}/{report.html,results.json,results.tap,junit.xml}`,
    ...(worst === undefined ? [] : [`reproduce: ${cleanLine(worst.reproduce)}`]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function painter(colour: boolean): Paint {
  if (!colour) return (_, text) => text;
  return (colours, text) => `${colours.map((c) => `\u001b[${SGR[c]}m`).join('')}${text}\u001b[0m`;
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

function seriesLine(series: NonNullable<Results['series']>): string {
  const {label, size} = seriesWords(series);
  return `${label.toLowerCase()}: ${series.title} (${size})`;
}
