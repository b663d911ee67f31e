// SPDX-License-Identifier: MIT
/** What JUnit calls a test case: the verdict, each finding without a test, each row of a suite. */
import {pWords} from '../harness/verdict/p-words.js';
import type {Comparison, Results} from '../harness/verdict/results.js';
import {messageOf} from './compiler-place.js';
import {type Standing, standingOf, tallyWords} from './standing.js';

export interface Case {
  name: string;
  standing: Standing;
  type: string;
  message: string;
  text: string;
  /** In the tree, when a compiler named it. */
  place?: {file: string; line: number} | undefined;
  /** Relative to the run's folder. */
  log?: string | undefined;
}

/** The verdict is a case of its own, so that a run in which nothing could be built is not an empty, green report. */
export function runCases({verdict, because, findings, builds}: Results): Case[] {
  const VERDICT: Record<Results['verdict'], Standing> = {
    good: 'pass',
    // Neither green nor red: a part of the series was not tested.
    'good-in-part': 'skip',
    bad: 'fail',
    inconclusive: 'error',
    'infra-error': 'error',
  };
  return [
    {name: 'verdict', standing: VERDICT[verdict], type: verdict, message: because, text: ''},
    ...findings
      .filter(({test}) => test === undefined)
      .map(
        (finding, index): Case => ({
          name: `${finding.kind} ${index + 1}: ${finding.title}`,
          standing: finding.severity === 'bad' ? 'fail' : 'known',
          type: finding.kind,
          message: finding.title,
          text: `${finding.detail ?? ''}\nreproduce: ${finding.reproduce}`,
          place: messageOf(finding, builds),
        }),
      ),
  ];
}

/** Subtests that a lost guest took with it are told with their test, not three hundred times. */
export function casesOf(rows: readonly Comparison[]): Case[] {
  return rows.filter(({follows}) => follows === undefined).map((row) => caseOf(row, rows));
}

function caseOf(row: Comparison, rows: readonly Comparison[]): Case {
  const {change, reason = '', evidence} = row;
  const rates = `base: ${tallyWords(row.base)}, patched: ${tallyWords(row.patched)}`;
  const with_ = rows.filter(({follows}) => follows === row.test);
  const lines = [
    ...(with_.length === 0 ? [] : [`with it: ${listed(with_.map(({test}) => test))}`]),
    ...(row.pValue === null ? [] : [pWords(row)]),
    ...(evidence?.log === undefined ? [] : [`log: ${evidence.log}`]),
    ...(evidence?.console === undefined ? [] : [`console: ${evidence.console}`]),
    ...(evidence?.diagnosis === undefined ? [] : [`diagnosis: ${evidence.diagnosis}`]),
    ...(evidence?.memoryDump === undefined ? [] : [`memory: ${evidence.memoryDump}`]),
    ...(evidence?.diagnostics ?? []),
  ];
  const standing = standingOf(row);
  const message =
    standing === 'skip' && reason !== '' ? reason : `${change}: ${rates}${reason === '' ? '' : `: ${reason}`}`;
  return {name: row.test, standing, type: change, message, text: lines.join('\n'), log: evidence?.log};
}

const MAX_NAMES = 20;

function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
