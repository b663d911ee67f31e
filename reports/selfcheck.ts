// SPDX-License-Identifier: MIT
import {cleanLine, clip} from '../harness/lib/text.js';
import type {KOfN, SelfcheckReport, SelfcheckRow, SentinelOutcome, SentinelReport} from '../harness/sentinel/report.js';
import {verdictOf} from '../harness/sentinel/report.js';
import {wrap} from './wrap.js';

export const WORDS: Readonly<Record<SentinelOutcome, string>> = {
  detected: 'detected',
  missed: 'MISSED',
  good: 'good',
  'not-good': 'NOT GOOD',
  'not-tried': 'not tried',
  'does-not-apply': 'does not apply',
  'left-out': 'left out',
};
/** A thread's subject is a sentence; its beginning is enough to know it. */
const THREAD_WIDTH = 34;

/** The last screen of `kverdict selfcheck --sentinels`: a table, why what was not seen, and where the files are. */
export function renderSelfcheck(report: SelfcheckReport, {width, out}: {width: number; out: string}): string {
  const header = ['sentinel', 'thread', 'profile', 'result', 'base', 'patched', 'seconds'];
  const rows = report.sentinels.flatMap((sentinel) =>
    rowsOf(sentinel).map((row, index) => [
      index === 0 ? sentinel.name : '',
      index === 0 ? clip(sentinel.thread, THREAD_WIDTH) : '',
      row?.profile ?? '-',
      WORDS[row?.outcome ?? sentinel.outcome],
      kOfN(row?.base),
      kOfN(row?.patched),
      index === 0 ? sentinel.seconds.toFixed(0) : '',
    ]),
  );
  const notes = report.sentinels.flatMap(notesOf);
  const {kernelVersion, origin} = report.tree;
  return [
    `${summaryOf(report)}: Linux ${kernelVersion} (${origin}), ${report.seconds.toFixed(0)} s`,
    '',
    ...table([header, ...rows.map((row) => row.map(cleanLine))]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => wrap(cleanLine(note), Math.max(20, width)))]),
    '',
    `files: ${cleanLine(out)}/selfcheck.json, and a run of verify each below sentinels/`,
    '',
  ].join('\n');
}

/** `selfcheck: 3 detected, 1 missed (known), 1 good` */
function summaryOf(report: SelfcheckReport): string {
  const counts = new Map<string, number>();
  for (const {outcome, unseen} of report.sentinels) {
    const word = `${WORDS[outcome]}${outcome === 'missed' && unseen !== undefined ? ' (known)' : ''}`;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const verdict = {'all-detected': 'passed', missed: 'FAILED', 'cannot-tell': 'CANNOT TELL'}[verdictOf(report)];
  const all = [...counts].map(([word, count]) => `${count} ${word}`).join(', ') || 'nothing was tried';
  return `selfcheck: ${verdict}: ${all}`;
}

/** A sentinel without rows still has its line. */
export const rowsOf = ({rows}: SentinelReport): (SelfcheckRow | undefined)[] =>
  rows.length === 0 ? [undefined] : rows;

function notesOf({name, outcome, detail, unseen, rows}: SentinelReport): string[] {
  const said = rows
    .filter((row) => row.outcome !== 'detected' && row.outcome !== 'good')
    .map((row) => `${name}: ${row.profile}: ${row.what}: expected ${row.expected}, saw ${row.seen}`);
  // What a compiler said is the whole of the proof.
  const found = rows.filter((row) => row.outcome === 'detected' && row.patched === null);
  return [
    ...found.map((row) => `${name}: ${row.profile}: ${row.seen}`),
    ...said,
    ...(detail === undefined ? [] : [`${name}: ${detail}`]),
    ...(unseen !== undefined && outcome === 'missed' ? [`${name}: known to be missed: ${unseen}`] : []),
  ];
}

/** Columns as wide as they must be. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export const kOfN = (counts: KOfN | null | undefined): string =>
  counts === null || counts === undefined ? '-' : `${counts.failed} of ${counts.of}`;
