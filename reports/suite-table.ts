// SPDX-License-Identifier: MIT
/** Results of each suite on several kernels, in Markdown: the table of docs/suites.md. */
import type {Comparison, Results} from '../harness/verdict/results.js';
import {foldSkipped} from './skipped.js';
import {bySuite, failures} from './standing.js';

/** What a run is of: `6.12`, `7.3`. */
const versionOf = ({base}: Pick<Results, 'base'>): string => /^\d+\.\d+/.exec(base?.kernelVersion ?? '')?.[0] ?? '?';

/**
 * A row for each suite and the profiles that have the same counts, a column for each kernel, the newest first; then what
 * failed and what was skipped, with the reason. Several runs of one kernel are one column; of a suite and profile that
 * several of them have, the last one counts.
 */
export function suiteTable(runs: readonly Pick<Results, 'base' | 'comparisons'>[]): string {
  const versions = [...new Set(runs.map(versionOf))].sort(newestFirst);
  const cells = new Map<string, Map<string, Comparison[]>>();
  for (const run of runs) {
    for (const {profile, suite, rows} of bySuite(run.comparisons)) {
      const key = `${suite} ${profile}`;
      cells.set(key, (cells.get(key) ?? new Map()).set(versionOf(run), rows));
    }
  }
  const groups = new Map<string, {suite: string; profiles: string[]; counts: string[]}>();
  for (const [key, columns] of [...cells].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [suite = '', profile = ''] = key.split(' ');
    const counts = versions.map((version) => countsOf(columns.get(version)));
    const group = groups.get(`${suite} ${counts.join(' ')}`) ?? {suite, profiles: [], counts};
    group.profiles.push(profile);
    groups.set(`${suite} ${counts.join(' ')}`, group);
  }
  const line = (words: readonly string[]): string => `| ${words.join(' | ')} |`;
  const header = ['suite', 'profile', ...versions];
  const rows = [...groups.values()].map(({suite, profiles, counts}) => [
    `\`${suite}\``,
    profiles.join(', '),
    ...counts,
  ]);
  const table = [header, header.map(() => '---'), ...rows].map(line);
  return `${[...table, '', ...runs.flatMap(notesOf)].join('\n')}\n`;
}

const newestFirst = (a: string, b: string): number => b.localeCompare(a, 'en', {numeric: true});

/** `10/0/3`: passed, failed at least once, only skipped; `-`: not run. */
function countsOf(rows: readonly Comparison[] | undefined): string {
  if (rows === undefined) return '-';
  const fail = rows.filter(({patched}) => failures(patched) > 0).length;
  const pass = rows.filter(({patched}) => failures(patched) === 0 && patched.pass > 0).length;
  return `${pass}/${fail}/${rows.length - pass - fail}`;
}

function notesOf(run: Pick<Results, 'base' | 'comparisons'>): string[] {
  const failed = run.comparisons.filter(({patched}) => failures(patched) > 0);
  const skips = foldSkipped(run.comparisons);
  return [
    ...failed.map(
      ({profile, suite, test, reason = ''}) => `- ${versionOf(run)}: failed: ${profile} ${suite}:${test}: ${reason}`,
    ),
    ...skips.map(
      ({suite, profiles, count, reason}) =>
        `- ${versionOf(run)}: skipped ${count}: ${suite} on ${profiles.join(', ')}: ${reason}`,
    ),
  ];
}
