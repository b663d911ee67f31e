// SPDX-License-Identifier: MIT
/** The one file that imports xml2js. */
import {Builder} from 'xml2js';
import {cleanText, clip} from '../harness/lib/text.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import type {Comparison, Results} from '../harness/verdict/results.js';
import {treeLines} from '../harness/verdict/tree-words.js';
import {type Case, casesOf, runCases} from './junit-cases.js';
import {bySuite, type Standing} from './standing.js';

const MAX_ATTRIBUTE = 1000;
/** Bytes. GitLab refuses a JUnit file above 30 MB. */
const MAX_FILE = 29_000_000;

/** How much of a run is written: characters of one text, cases of one suite. */
interface Limits {
  text: number;
  cases: number;
}

/** The first that makes a file small enough is taken; what a person must see is in the last one as well. */
const LIMITS: readonly Limits[] = [
  ...[64 * 1024, 16 * 1024, 4 * 1024, 1024, 200].map((text) => ({text, cases: Number.POSITIVE_INFINITY})),
  ...[5000, 500, 50].map((cases) => ({text: 200, cases})),
];

type Xml = {$?: Record<string, string>; _?: string} & {[child: string]: unknown};

/** What GitLab and GitHub's readers use and junit-10.xsd refuses: files and lines, attachments, sums at the root. */
export interface CiFlavour {
  /** From where the report lies to the run's folder. */
  links: string;
}

/**
 * JUnit XML as Jenkins' junit-10.xsd has it, and as GitLab, dorny/test-reporter and mikepenz read it: flat suites, one
 * per suite and profile, the profile in the class name (GitLab drops the second of two equal names), at most one
 * failure a case, its words both in `message` and as the first line of the text. What would be too large a file for
 * GitLab is cut, and a case of the run says so.
 *
 * @param most bytes of the file
 */
export function renderJunit(results: Results, ci?: CiFlavour, most = MAX_FILE): string {
  let xml = '';
  for (const [index, limits] of LIMITS.entries()) {
    xml = renderWithin(results, limits, index > 0, ci);
    if (Buffer.byteLength(xml) <= most) break;
  }
  return xml;
}

function renderWithin(results: Results, limits: Limits, isCut: boolean, ci?: CiFlavour): string {
  const suites = [
    renderSuite(
      'kverdict.run',
      results.seconds,
      [...(isCut ? [cutCase(limits)] : []), ...runCases(results)],
      results,
      {...limits, cases: Number.POSITIVE_INFINITY},
      ci,
    ),
    ...bySuite(results.comparisons).map(({profile, suite, rows}) =>
      renderSuite(`kverdict.${suite}@${profile}`, secondsOf(rows), casesOf(rows), results, limits, ci),
    ),
  ];
  const sum = (name: string): string => String(suites.reduce((all, {$}) => all + Number($?.[name] ?? 0), 0));
  const root = {
    testsuites: {
      $: {
        name: 'kverdict',
        tests: sum('tests'),
        failures: sum('failures'),
        errors: sum('errors'),
        time: seconds(results.seconds),
        ...(ci === undefined ? {} : {skipped: sum('skipped'), timestamp: timestampOf(results)}),
      },
      testsuite: suites,
    },
  };
  return `${new Builder({xmldec: {version: '1.0', encoding: 'UTF-8'}}).buildObject(root)}\n`;
}

function cutCase({text, cases}: Limits): Case {
  const counted = Number.isFinite(cases) ? `, and each suite at ${cases} cases, failures first` : '';
  const message = `this report was cut: each text at ${text} characters${counted}; GitLab refuses a file above 30 MB, and results.json has all of it`;
  return {name: 'this report was cut', standing: 'known', type: 'cut', message, text: ''};
}

/** As many as are written: failures first, then the rest, each in its order. */
function worthMost(cases: readonly Case[], most: number): readonly Case[] {
  if (cases.length <= most) return cases;
  const isLoud = ({standing}: Case): boolean => standing === 'fail' || standing === 'error';
  const kept = new Set([...cases.filter(isLoud), ...cases.filter((one) => !isLoud(one))].slice(0, most));
  return cases.filter((one) => kept.has(one));
}

/** Which element says it; a pass has none. */
const ELEMENT: Readonly<Partial<Record<Standing, 'failure' | 'error' | 'skipped'>>> = {
  fail: 'failure',
  error: 'error',
  skip: 'skipped',
  known: 'skipped',
};

function renderSuite(
  name: string,
  time: number,
  all: readonly Case[],
  results: Results,
  limits: Limits,
  ci: CiFlavour | undefined,
): Xml {
  const cases = worthMost(all, limits.cases);
  const count = (element: string): string => String(cases.filter(({standing}) => ELEMENT[standing] === element).length);
  return {
    $: {
      name: attribute(name),
      tests: String(cases.length),
      failures: count('failure'),
      errors: count('error'),
      skipped: count('skipped'),
      time: seconds(time),
      timestamp: timestampOf(results),
    },
    properties: {property: propertiesOf(results).map(([key, value]) => ({$: {name: key, value: attribute(value)}}))},
    testcase: cases.map((one) => renderCase(name, one, limits, ci)),
  };
}

function renderCase(
  suite: string,
  {name, standing, type, message, text, place, log}: Case,
  limits: Limits,
  ci: CiFlavour | undefined,
): Xml {
  const element = ELEMENT[standing];
  const where: Record<string, string> =
    ci === undefined || place === undefined ? {} : {file: attribute(place.file), line: String(place.line)};
  return {
    $: {classname: attribute(suite), name: attribute(name), ...where},
    ...(element === undefined
      ? {}
      : {
          [element]: {
            $: {type: attribute(type), message: attribute(message)},
            _: clip(cleanText(`${message}\n${text}`), limits.text),
          },
        }),
    ...(ci === undefined || log === undefined ? {} : {'system-out': `[[ATTACHMENT|${attribute(ci.links + log)}]]`}),
  };
}

function propertiesOf(results: Results): [string, string][] {
  const {series, base, verdict, command, coverage} = results;
  const missed = coverageLines(coverage);
  const lacks = treeLines(results);
  return [
    ['verdict', verdict],
    ['command', command],
    ...(series === null ? [] : [['series', series.title] as [string, string]]),
    ...(base === null ? [] : [['base', `${base.commit} (${base.name})`] as [string, string]]),
    ...(missed.length === 0 ? [] : [['not compiled', missed.join('; ')] as [string, string]]),
    ...(lacks.length === 0 ? [] : [['not in this tree', lacks.join('; ')] as [string, string]]),
  ];
}

function timestampOf({started}: Results): string {
  return attribute(started.replace(/(?:\.\d+)?Z?$/, ''));
}

/** Newlines and tabs in an attribute are read back as blanks: write them so. */
function attribute(text: string): string {
  return clip(cleanText(text).replace(/[\n\t]/g, ' '), MAX_ATTRIBUTE);
}

/** `0.400`: the schema takes neither a sign nor an exponent. */
function seconds(value: number): string {
  return Math.max(0, Number.isFinite(value) ? value : 0).toFixed(3);
}

/** A test's subtests all carry the seconds of the whole test: each test counts once. */
function secondsOf(rows: readonly Comparison[]): number {
  const tests = new Map(rows.map(({test, seconds: spent = 0}) => [test.split('/', 1)[0], spent]));
  return [...tests.values()].reduce((sum, spent) => sum + spent, 0);
}
