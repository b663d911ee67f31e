// SPDX-License-Identifier: MIT
import {cleanLine, cleanText, clip} from '../harness/lib/text.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import {pNumber} from '../harness/verdict/p-words.js';
import type {Comparison, Finding, Results} from '../harness/verdict/results.js';
import {treeLines} from '../harness/verdict/tree-words.js';
import {cleanResults} from './clean-results.js';
import {bySuite, type Standing, standingOf, tallyWords} from './standing.js';

/** Lines of a test's own output that are repeated under a failure; the log has all of them. */
const MAX_LINES = 20;

interface Point {
  ok: boolean;
  name: string;
  directive?: string;
  /** Fields of the YAML block, in order. */
  detail?: [string, string | string[]][];
}

/**
 * TAP 14: the verdict, the findings that are no test's, then one subtest per profile and suite. A failure that base
 * has as well is `not ok … # TODO`, so that the document as a whole is ok exactly when no test got worse.
 */
export function renderTap(raw: Results): string {
  const results = cleanResults(raw);
  const groups = bySuite(results.comparisons);
  const others = results.findings.filter(({test}) => test === undefined);
  const points: string[] = [
    renderPoint(1, {
      ok: results.verdict === 'good' || results.verdict === 'good-in-part',
      name: `verdict: ${results.verdict}`,
      ...(results.verdict === 'good-in-part' ? {directive: 'SKIP a part of the series was not tested'} : {}),
      detail: [['because', results.because]],
    }),
  ];
  for (const finding of others) points.push(renderPoint(points.length + 1, pointOfFinding(finding)));
  for (const {profile, suite, rows} of groups) {
    const name = `${profile} ${suite}`;
    const own = rows.filter(({follows}) => follows === undefined);
    const inner = own.map((row, index) => renderPoint(index + 1, pointOf(row, rows)));
    const document = [`1..${inner.length}`, ...inner].join('\n');
    const ok = rows.every((row) => !['fail', 'error'].includes(standingOf(row)));
    points.push(
      `# Subtest: ${escapeName(name)}\n${indent(document, 4)}\n${renderPoint(points.length + 1, {ok, name})}`,
    );
  }
  const comments = [...coverageLines(results.coverage), ...treeLines(results)].map((line) => `# ${cleanLine(line)}\n`);
  return `TAP version 14\n1..${points.length}\n${comments.join('')}${points.join('\n')}\n`;
}

function pointOfFinding({severity, kind, title, detail, reproduce}: Finding): Point {
  return {
    ok: severity !== 'bad',
    name: `${kind}: ${title}`,
    ...(kind === 'unsupported' || kind === 'unchanged' ? {directive: `SKIP ${title}`} : {}),
    detail: [
      ...(detail === undefined ? [] : [['detail', detail.split('\n')] as [string, string[]]]),
      ['reproduce', reproduce],
    ],
  };
}

const DIRECTIVE: Readonly<Partial<Record<Standing, (row: Comparison) => string>>> = {
  skip: ({reason}) => `SKIP ${reason ?? ''}`,
  known: ({change}) => `TODO ${change}${change === 'flaky' ? '' : ': fails without the series as well'}`,
};

function pointOf(row: Comparison, rows: readonly Comparison[]): Point {
  const standing = standingOf(row);
  const directive = DIRECTIVE[standing]?.(row);
  const point: Point = {
    ok: standing === 'pass' || standing === 'skip',
    name: row.test,
    ...(directive === undefined ? {} : {directive}),
  };
  if (point.ok && row.change === 'unchanged') return point;
  const {evidence} = row;
  const followers = rows.filter(({follows}) => follows === row.test).length;
  return {
    ...point,
    detail: [
      ['change', row.change],
      ['base', tallyWords(row.base)],
      ['patched', tallyWords(row.patched)],
      ...(row.pValue === null
        ? []
        : ([
            ['p', pNumber(row.pValue)],
            ['p_adjusted', pNumber(row.adjusted)],
          ] as [string, string][])),
      ...(row.reason === undefined ? [] : [['reason', row.reason] as [string, string]]),
      ...(followers === 0 ? [] : [['with_it', `${followers} rows, see results.json`] as [string, string]]),
      ...(evidence?.diagnosis === undefined ? [] : [['diagnosis', evidence.diagnosis] as [string, string]]),
      ...(evidence?.memoryDump === undefined ? [] : [['memory', evidence.memoryDump] as [string, string]]),
      ...(evidence?.log === undefined ? [] : [['log', evidence.log] as [string, string]]),
      ...(evidence?.console === undefined ? [] : [['console', evidence.console] as [string, string]]),
      ...(evidence === undefined ? [] : [['output', evidence.diagnostics.slice(-MAX_LINES)] as [string, string[]]]),
    ],
  };
}

function renderPoint(number: number, {ok, name, directive, detail}: Point): string {
  const words = directive === undefined ? '' : ` # ${clip(cleanLine(directive), 300).replace(/[\\#]/g, '\\$&')}`;
  const line = `${ok ? 'ok' : 'not ok'} ${number} - ${escapeName(name)}${words}`;
  return detail === undefined ? line : `${line}\n${indent(`---\n${detail.map(renderField).join('\n')}\n...`, 2)}`;
}

/** JSON strings are YAML, and hold whatever the test printed. */
function renderField([name, value]: [string, string | string[]]): string {
  if (typeof value === 'string') return `${name}: ${JSON.stringify(cleanText(value))}`;
  if (value.length === 0) return `${name}: []`;
  return `${name}:\n${value.map((line) => `  - ${JSON.stringify(cleanText(line))}`).join('\n')}`;
}

/** `#` would start a directive, `\` an escape. */
function escapeName(name: string): string {
  return clip(cleanLine(name), 300).replace(/[\\#]/g, '\\$&');
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, ' '.repeat(by));
}
