// SPDX-License-Identifier: MIT
/**
 * A history as a nightly leaves it, in a real SQLite file, with the folders of its runs: a steady branch, and one on
 * which a race came back and a test is flaky. The same options give the same history, but for its place.
 */
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {renderPage} from '../../../reports/page/render.js';
import {BISECT_SCHEMA, type BisectReport} from '../../bisect/report.js';
import {type History, openHistory, sql} from '../../history/database.js';
import {
  beginNight,
  endNight,
  rememberBisect,
  rememberBranch,
  rememberRun,
  rememberVisit,
} from '../../history/record.js';
import type {Change, Comparison} from '../../verdict/results.js';
import {row} from '../history/stage.js';
import {syntheticResults} from './synthetic-results.js';

export interface HistoryOptions {
  /** Nights, the last one now. Default 40. */
  nights?: number;
  /** Results a run that always pass. Default 20. */
  steady?: number;
  /** Stands in every text that a guest or a patch can write. */
  poison?: string;
}

export interface SyntheticHistory {
  state: string;
  history: History;
  remove: () => Promise<void>;
}

export const RACE = 'race/no write is lost, pages pinned by vmsplice';
export const FLAKY = 'unit/event, with fork';
const SUITES = ['clear_refs', 'uffd_wp_race', 'gup_cow', 'kselftest/mm'];
const DAY_MS = 86_400_000;

export async function syntheticHistory(options: HistoryOptions = {}): Promise<SyntheticHistory> {
  const {nights = 40, poison = ''} = options;
  const state = mkdtempSync(join(tmpdir(), 'kv'));
  const history = await openHistory({state});
  // Nobody needs this one after a power cut.
  await sql`PRAGMA synchronous = OFF`.execute(history.db);
  const first = Date.now() - nights * DAY_MS;
  const nightly = `mm${poison}`;
  const [next, stable] = [
    await rememberBranch(history, {nightly, tree: `/srv/linux.git${poison}`, branch: `mm-unstable${poison}`}),
    await rememberBranch(history, {nightly, tree: `/srv/linux.git${poison}`, branch: `linux-6.12.y${poison}`}),
  ];
  for (let night = 1; night <= nights; night++) {
    const now = new Date(first + night * DAY_MS);
    const {id} = await beginNight(history, {nightly, config: '/etc/kverdict/mm.yaml', now});
    for (const [branch_id, isNext] of [
      [next, true],
      [stable, false],
    ] as const) {
      if (!isNext && night === nights) {
        const detail = `cannot fetch: the remote hung up${poison}`;
        await rememberVisit(history, {night_id: id, branch_id, tip: null, state: 'failed', detail});
        continue;
      }
      if (!isNext && night % 3 !== 0) {
        await rememberVisit(history, {
          night_id: id,
          branch_id,
          tip: hash(branch_id, night),
          state: 'unchanged',
          detail: null,
        });
        continue;
      }
      await oneRun(history, {state, night, nights, now, id, branch_id, isNext, options});
    }
    await endNight(history, id, {exit: 0, now: new Date(now.getTime() + 3_600_000)});
  }
  const remove = async (): Promise<void> => {
    await history[Symbol.asyncDispose]();
    rmSync(state, {recursive: true, force: true});
  };
  return {state, history, remove};
}

interface RunOptions {
  state: string;
  night: number;
  nights: number;
  now: Date;
  id: number;
  branch_id: number;
  isNext: boolean;
  options: HistoryOptions;
}

async function oneRun(history: History, one: RunOptions): Promise<void> {
  const {state, night, nights, now, id, branch_id, isNext, options} = one;
  const {poison = ''} = options;
  const broke = Math.ceil(nights * 0.7);
  const isBroken = isNext && night >= broke;
  const breaks = isNext && night === broke;
  const folder = join(state, 'runs', `${branch_id}-${night}`);
  const files = night === nights || breaks ? writeFolder(folder, breaks) : [];
  const commit = hash(branch_id, night);
  const suite = `clear_refs${poison}`;
  const test = `${RACE}${poison}`;
  const why = `a counter is 59871, not 60000${poison}`;
  const number = await rememberRun(
    history,
    {
      ...{night_id: id, branch_id, commit, folder, comparable: 1, started: now.toISOString(), seconds: 1234.5},
      subject: `${breaks ? 'fs/proc: walk page tables under mmap_lock for read' : `mm: tidy up part ${night}`}${poison}`,
      ...{author: `Ada Example${poison} <ada@example.org>`, author_date: now.toISOString()},
      ...{
        base_commit: night === 1 || (!isNext && night === 3) ? null : hash(branch_id, night - 1),
        kernel_version: '6.12.95',
      },
      verdict: breaks ? 'bad' : 'good',
      because: breaks
        ? `x86_64 ${suite}:${test}: regressed (failed: base 0/5, patched 4/5)`
        : `nothing got worse${poison}`,
    },
    {comparisons: comparisonsOf(one, {suite, test, isBroken, breaks, why}), reports: files, hunts: []},
  );
  if (!breaks) return;
  const hunt = {
    profile: 'x86_64',
    suite,
    test,
    good: hash(branch_id, night - 1),
    bad: commit,
    folder: join(folder, 'bisect'),
  };
  const {id: bisect} = await history.db
    .insertInto('bisects')
    .values({
      run_id: number,
      ...hunt,
      state: 'pending',
      selects: null,
      because: null,
      culprit: null,
      culprit_subject: null,
      culprit_author: null,
      culprits: null,
      confidence: null,
      ended: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const report = bisectReport(hunt, poison);
  mkdirSync(hunt.folder, {recursive: true});
  writeFileSync(join(hunt.folder, 'bisect.json'), JSON.stringify(report));
  await rememberBisect(history, bisect, report, now);
}

interface Story {
  suite: string;
  test: string;
  isBroken: boolean;
  breaks: boolean;
  why: string;
}

function comparisonsOf(
  {night, isNext, options}: RunOptions,
  {suite, test, isBroken, breaks, why}: Story,
): Comparison[] {
  const {steady = 20, poison = ''} = options;
  const race: [Change, string, string] = breaks
    ? ['regressed', 'ffpff', 'ppppp']
    : isBroken
      ? ['still-failing', 'ffpff', 'fpfff']
      : ['unchanged', 'ppp', 'ppp'];
  const isFlaky = isNext && night % 4 === 1;
  const rows = [
    row(test, ...race, {suite, reason: why}),
    row(`${FLAKY}${poison}`, isFlaky ? 'flaky' : 'unchanged', isFlaky ? 'pfp' : 'ppp', 'ppp', {
      suite: `userfaultfd${poison}`,
      reason: why,
    }),
    row(`hugetlb/${'a long name of a subtest, '.repeat(4)}`, 'unchanged', 's', 's', {
      suite: `gup_cow${poison}`,
      reason: 'no huge pages',
    }),
    ...(night > 10
      ? [row('added later', night === 11 ? 'new' : 'unchanged', 'p', night === 11 ? '' : 'p', {suite: 'clear_refs'})]
      : []),
  ];
  for (let index = 0; index < steady; index++) {
    const profile = index % 2 === 0 ? 'x86_64' : 'arm64';
    const name = `unit/case ${Math.floor(index / 2)}`;
    rows.push(row(name, 'unchanged', 'p', 'p', {suite: SUITES[index % SUITES.length] ?? '', profile}));
  }
  return rows;
}

function writeFolder(folder: string, bad: boolean): {format: string; file: string}[] {
  const results = syntheticResults({verdict: bad ? 'bad' : 'good', subtests: 20, single: false});
  mkdirSync(join(folder, 'attempts/x86_64'), {recursive: true});
  writeFileSync(join(folder, 'report.html'), renderPage(results, {links: ''}));
  writeFileSync(join(folder, 'results.json'), JSON.stringify(results));
  writeFileSync(join(folder, 'attempts/x86_64/base-1.log'), 'ok 1 <script>window.alarm=1</script>\n');
  return [
    {format: 'html', file: 'report.html'},
    {format: 'json', file: 'results.json'},
  ];
}

function bisectReport(
  hunt: {profile: string; suite: string; test: string; good: string; bad: string},
  poison: string,
): BisectReport {
  const culprit = {
    commit: hash(9, 9),
    subject: `fs/proc: walk page tables under mmap_lock for read${poison}`,
    author: `Ada Example${poison} <ada@example.org>`,
    date: '2026-10-01T12:00:00Z',
    files: [`fs/proc/task_mmu.c${poison}`],
  };
  const at = {
    commit: culprit.commit,
    subject: culprit.subject,
    failed: 9,
    of: 10,
    mute: 1,
    why: `the guest was lost${poison}`,
  };
  const before = {commit: hash(9, 8), subject: `mm: something else${poison}`, failed: 0, of: 12, mute: 0};
  return {
    ...{
      schema: BISECT_SCHEMA,
      kverdict: '0.1.0',
      command: 'kverdict bisect',
      started: '2026-11-01T00:00:00Z',
      seconds: 600,
    },
    ...{resumed: false, outcome: 'found', because: `patch found: ${culprit.subject}`, profile: hunt.profile},
    ...{
      test: `${hunt.suite}:${hunt.test}`,
      hunted: null,
      racy: true,
      series: null,
      candidates: 14,
      merges: 0,
      firstParent: false,
    },
    good: {commit: hunt.good, name: `v6.12-rc1${poison}`},
    bad: {commit: hunt.bad, name: `mm-unstable${poison}`},
    confidence: {asked: 0.99, reached: 0.9941},
    culprits: [culprit],
    evidence: {without: {failed: 0, of: 30}, with: {failed: 19, of: 24}, at, before},
    tested: [at, before],
    skipped: [{commit: hash(9, 7), subject: `mm: does not build${poison}`, reason: `it does not build${poison}`}],
    sameKernel: [],
    cost: {builds: 4, cachedBuilds: 2, attempts: 54, endAttempts: 10, leastSteps: 4, leastAttempts: 9},
    drafts: [`Fixes: ${culprit.commit.slice(0, 12)} ("${culprit.subject}")`, '#regzbot introduced: …'],
  };
}

const hash = (branch: number, night: number): string =>
  `${(branch * 1000 + night).toString(16)}`.padStart(8, '0').repeat(5);
