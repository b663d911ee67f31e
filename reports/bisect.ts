// SPDX-License-Identifier: MIT
import type {BisectOutcome, BisectReport, TestedCommit} from '../harness/bisect/report.js';
import {cleanLine} from '../harness/lib/text.js';

const WORDS: Readonly<Record<BisectOutcome, string>> = {
  found: 'FOUND',
  several: 'ONE OF SEVERAL',
  'no-difference': 'NO DIFFERENCE',
  'end-untestable': 'CANNOT TELL',
  'out-of-attempts': 'NOT DECIDED',
};
/** Rows of a list before the rest is only counted. */
const MAX_ROWS = 20;
const MAX_FILES = 10;

/** The last screen of `kverdict bisect`. Text of commits is cleaned; nothing else is changed. */
export function renderBisect(report: BisectReport, {out}: {out: string}): string {
  const {culprits, evidence, tested, skipped, sameKernel, cost, drafts, good, bad} = report;
  const lines = [`bisect: ${WORDS[report.outcome]}: ${cleanLine(report.because)}`, ''];
  const what = report.test === '' ? '' : `${report.test} on ${report.profile}, `;
  const merges = report.merges > 0 ? `, ${report.merges} of them merges` : '';
  lines.push(`${what}${report.candidates} commits from ${good.name} (good) to ${bad.name} (bad)${merges}`);
  for (const {commit, subject, author, date, files, patch} of culprits) {
    const shown = files.slice(0, MAX_FILES).map(cleanLine).join(' ');
    lines.push('', `commit ${commit}${patch === undefined ? '' : ` (patch ${patch} of the series)`}`);
    lines.push(`Author: ${cleanLine(author)}`, `Date:   ${date}`, '', `    ${cleanLine(subject)}`, '');
    lines.push(`Files:  ${shown}${files.length > MAX_FILES ? ` and ${files.length - MAX_FILES} more` : ''}`);
  }
  if (evidence !== null) {
    const nearest = [
      ['nearest with it', evidence.at],
      ['nearest without', evidence.before],
    ] as const;
    lines.push('', 'evidence');
    for (const [where, one] of nearest) if (one !== null) lines.push(`  ${where} ${rowOf(one)}`);
    lines.push(`  all with it     fail in ${evidence.with.failed} of ${evidence.with.of} attempts`);
    lines.push(`  all without     fail in ${evidence.without.failed} of ${evidence.without.of} attempts`);
  }
  list(lines, 'tested', tested.map(rowOf));
  list(
    lines,
    'skipped',
    skipped.map(({commit, subject, reason}) => `${short(commit)} ${cleanLine(subject)}: ${cleanLine(reason)}`),
  );
  list(
    lines,
    'same kernel, not run',
    sameKernel.map(({commit, as}) => `${short(commit)} as ${short(as)}`),
  );
  lines.push('', costLine(cost));
  if (drafts.length > 0) lines.push('', 'drafts', ...drafts.map((line) => `  ${cleanLine(line)}`));
  lines.push('', `reports: ${out}`);
  return `${lines.join('\n')}\n`;
}

function rowOf({commit, subject, failed, of, mute, why}: TestedCommit): string {
  const neither = mute === 0 ? '' : `; ${mute} say neither${why === undefined ? '' : ` (${cleanLine(why)})`}`;
  return `${short(commit)} fails in ${failed} of ${of}${neither}  ${cleanLine(subject)}`;
}

function list(lines: string[], title: string, rows: readonly string[]): void {
  if (rows.length === 0) return;
  lines.push('', title, ...rows.slice(0, MAX_ROWS).map((row) => `  ${row}`));
  if (rows.length > MAX_ROWS) lines.push(`  and ${rows.length - MAX_ROWS} more`);
}

function costLine(cost: BisectReport['cost']): string {
  const builds = `${cost.builds} kernels built, ${cost.cachedBuilds} from the store (at least ${cost.leastSteps} steps are needed)`;
  const least =
    cost.leastAttempts === null ? '' : `; between the ends no search needs fewer than ${cost.leastAttempts}`;
  return `cost: ${builds}; ${cost.attempts} attempts, ${cost.endAttempts} of them at the ends${least}`;
}

const short = (commit: string): string => commit.slice(0, 12);
