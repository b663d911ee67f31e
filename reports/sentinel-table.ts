// SPDX-License-Identifier: MIT
import {cleanLine} from '../harness/lib/text.js';
import type {SelfcheckReport, SentinelReport} from '../harness/sentinel/report.js';
import {kOfN, rowsOf, WORDS} from './selfcheck.js';

export const TABLE_BEGIN = '<!-- selfcheck: begin -->';
export const TABLE_END = '<!-- selfcheck: end -->';
const HEADER = '| sentinel | thread | profile | seen in | result | base | patched | seconds | measured on |';
const RULE = '|---|---|---|---|---|---|---|---|---|';

/**
 * A document with its table between the markers brought up to date: rows of the sentinels of this report are replaced,
 * those of others that are `known` stay, those of what is gone go.
 *
 * @returns undefined when the document has not both markers, in their order
 */
export function updateDocument(text: string, report: SelfcheckReport, known: readonly string[]): string | undefined {
  const [begin, end] = [text.indexOf(TABLE_BEGIN), text.indexOf(TABLE_END)];
  if (begin === -1 || end < begin) return undefined;
  const rows = new Map<string, string[]>();
  for (const line of text.slice(begin, end).split('\n')) {
    const name = /^\| `([^`]+)` \|/.exec(line)?.[1];
    if (name !== undefined && known.includes(name)) rows.set(name, [...(rows.get(name) ?? []), line]);
  }
  for (const sentinel of report.sentinels) {
    // Nothing was measured: what was measured before stays.
    if (sentinel.outcome === 'left-out' || sentinel.outcome === 'does-not-apply') continue;
    rows.set(sentinel.name, markdownRows(sentinel, report));
  }
  const lines = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, all]) => all);
  return [text.slice(0, begin) + TABLE_BEGIN, '', HEADER, RULE, ...lines, '', text.slice(end)].join('\n');
}

function markdownRows(sentinel: SentinelReport, report: SelfcheckReport): string[] {
  const day = report.started.slice(0, 10);
  const on = [`Linux ${sentinel.kernel}`, sentinel.machine ?? 'not booted', `${report.host.cpus} CPUs`, day].join(', ');
  return rowsOf(sentinel).map((row) => {
    const outcome = row?.outcome ?? sentinel.outcome;
    const known = outcome === 'missed' && sentinel.unseen !== undefined ? `: ${sentinel.unseen}` : '';
    const why = outcome === 'not-tried' ? `: ${row?.seen ?? sentinel.detail ?? ''}` : '';
    const cells = [
      `\`${sentinel.name}\``,
      sentinel.thread,
      row?.profile ?? '-',
      row?.what ?? '-',
      `${outcome === 'missed' ? '**missed**' : WORDS[outcome]}${known}${why}`,
      kOfN(row?.base),
      kOfN(row?.patched),
      sentinel.seconds.toFixed(0),
      on,
    ];
    return `| ${cells.map((cell) => cleanLine(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  });
}
