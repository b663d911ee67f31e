// SPDX-License-Identifier: MIT
/** A history with a branch and a night, and runs that are easily made. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {History} from '../../history/database.js';
import {openHistory} from '../../history/database.js';
import {beginNight, type Hunt, rememberBranch, rememberRun} from '../../history/record.js';
import type {Change, Comparison, Tally} from '../../verdict/results.js';
import {emptyTally} from '../../verdict/tally.js';

export class HistoryStage {
  readonly state = mkdtempSync(join(tmpdir(), 'kv'));
  #count = 0;

  open(migrations?: readonly string[]): Promise<History> {
    return openHistory({state: this.state}, migrations === undefined ? {} : {migrations});
  }

  async branch(history: History, branch = 'master'): Promise<number> {
    return rememberBranch(history, {nightly: 'toy', tree: '/srv/linux', branch});
  }

  async night(history: History): Promise<number> {
    return (await beginNight(history, {nightly: 'toy', config: '/etc/toy.yaml', now: new Date(0)})).id;
  }

  /** A judged commit, one a call: `c1`, `c2`, …; each compared with the one before. */
  async run(
    history: History,
    comparisons: readonly Comparison[],
    more: {branchId?: number; hunts?: readonly Hunt[]; comparable?: number} = {},
  ): Promise<number> {
    const branch_id = more.branchId ?? (await this.branch(history));
    const night_id = await this.night(history);
    const at = ++this.#count;
    const row = {
      ...{night_id, branch_id, commit: `c${at}`, subject: `change ${at}`, author: 'A <a@b.example>'},
      ...{author_date: '2026-01-01T00:00:00Z', base_commit: at === 1 ? null : `c${at - 1}`, verdict: 'good' as const},
      ...{because: 'so', kernel_version: '6.12.95', comparable: more.comparable ?? 1, folder: `/runs/${at}`},
      ...{started: new Date(at * 86_400_000).toISOString(), seconds: 12.5},
    };
    return rememberRun(history, row, {
      comparisons,
      reports: [{format: 'html', file: 'report.html'}],
      hunts: more.hunts ?? [],
    });
  }

  remove(): void {
    rmSync(this.state, {recursive: true, force: true});
  }
}

/** `ppf` against `ppp`: a letter an attempt. */
export function row(
  test: string,
  change: Change,
  patched: string,
  base = '',
  more: Partial<Comparison> = {},
): Comparison {
  return {
    ...{profile: 'x86_64', suite: 'toy', test, change, pValue: null, adjusted: 1},
    ...{base: tally(base), patched: tally(patched)},
    ...(base.length > 1 || patched.length > 1 ? {outcomes: {base, patched}} : {}),
    ...more,
  };
}

const SLOTS = {p: 'pass', f: 'fail', s: 'skip', t: 'timeout', c: 'crash', m: 'missing', a: 'absent'} as const;

function tally(letters: string): Tally {
  const counted = emptyTally();
  for (const letter of letters) {
    const slot = SLOTS[letter as keyof typeof SLOTS];
    counted[slot] = (counted[slot] ?? 0) + 1;
  }
  return counted;
}
