// SPDX-License-Identifier: MIT
import {cleanLine, clip} from '../harness/lib/text.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import {neverFailedLines} from '../harness/verdict/excluded.js';
import type {Comparison, Finding, Results} from '../harness/verdict/results.js';
import {treeLines} from '../harness/verdict/tree-words.js';
import {cleanResults} from './clean-results.js';
import {CHANGE, counted} from './page/words.js';
import {seriesWords} from './series-words.js';
import {bySuite, standingOf, tallyWords} from './standing.js';
import {checksOf} from './summary.js';

/** GitHub drops a summary above 1024 KiB as a whole. */
const MAX_BYTES = 900_000;
const MAX_FINDINGS = 50;
const SIGN = {good: '✅', 'good-in-part': '🟡', bad: '❌', inconclusive: '❔', 'infra-error': '⚠️'} as const;
const SEVERITY = {bad: '❌', warning: '⚠️', info: 'ℹ️'} as const;

/** Markdown for `$GITHUB_STEP_SUMMARY`: the verdict, the findings, then all results that are not a plain pass. */
export function renderGithubSummary(raw: Results): string {
  const results = cleanResults(raw);
  const {verdict, because, series, base} = results;
  const blocks = [
    `## ${SIGN[verdict]} kverdict: ${verdict}\n\n${code(because)}\n`,
    ...(series === null ? [] : [`${seriesWords(series).label}: ${code(series.title)} (${seriesWords(series).size})`]),
    ...(base === null ? [] : [`Base: ${code(base.name)}, Linux ${code(base.kernelVersion)}\n`]),
    ...[...coverageLines(results.coverage), ...treeLines(results)].map((line) => `${code(line)}\n`),
    table(
      ['check', 'state', 'what'],
      checksOf(results).map(({name, state, summary}) => [code(name), state, code(summary)]),
    ),
    ...results.findings.slice(0, MAX_FINDINGS).map(findingBlock),
    ...neverFailedLines(results.comparisons).map((line) => `${code(line)}\n`),
    ...(results.findings.length > MAX_FINDINGS
      ? [`And ${results.findings.length - MAX_FINDINGS} more findings: see report.html in the artifacts.\n`]
      : []),
    ...bySuite(results.comparisons).map(({profile, suite, rows}) => suiteBlock(`${suite} on ${profile}`, rows)),
  ];
  return within(blocks);
}

function findingBlock({severity, kind, title, detail, reproduce, excerpts}: Finding): string {
  const {log, console} = excerpts ?? {};
  // A test that says ok under a splat is not what happened.
  const output = [...(console === undefined ? [] : [console]), ...(log === undefined ? [] : [log])];
  return [
    `<details${severity === 'bad' ? ' open' : ''}><summary>${SEVERITY[severity]} ${kind}: ${code(title)}</summary>\n`,
    ...(detail === undefined ? [] : [pre(detail)]),
    ...output.map(({splat, lines}) => `${splat === undefined ? '' : `${code(splat)}\n\n`}${pre(lines.join('\n'))}`),
    pre(reproduce),
    '</details>\n',
  ].join('\n');
}

function suiteBlock(name: string, rows: readonly Comparison[]): string {
  const notable = rows.filter((row) => standingOf(row) !== 'pass' || row.change !== 'unchanged');
  const summary = `<summary>${code(name)}: ${counted(rows.length, 'result', 'results')}, ${counted(rows.length - notable.length, 'unchanged pass', 'unchanged passes')}</summary>`;
  const listed = table(
    ['test', 'base', 'patched', 'change'],
    notable.map((row) => [code(row.test), tallyWords(row.base), tallyWords(row.patched), CHANGE[row.change].word]),
  );
  return `<details>${summary}\n\n${notable.length === 0 ? '' : listed}</details>\n`;
}

/** As many blocks as fit, the most important first; what is left out is said. */
function within(blocks: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const block of blocks) {
    bytes += Buffer.byteLength(block) + 1;
    if (bytes > MAX_BYTES)
      return `${kept.join('\n')}\n\nThe rest does not fit here: see report.html in the artifacts.\n`;
    kept.push(block);
  }
  return `${kept.join('\n')}\n`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `\n${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}

/**
 * Text of a guest or a patch as text: in `<code>` nothing is mentioned or linked, and as character references no sign
 * has a meaning to Markdown or HTML.
 */
function code(text: string): string {
  return `<code>${references(clip(cleanLine(text), 500))}</code>`;
}

/** An HTML block until `</pre>`: Markdown does not look into it. */
function pre(text: string): string {
  return `<pre>${references(clip(text, 8000))}</pre>\n`;
}

function references(text: string): string {
  return text.replaceAll(/[^\w\s./,=-]/gu, (sign) => `&#${sign.codePointAt(0)};`);
}
