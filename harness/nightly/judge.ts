// SPDX-License-Identifier: MIT
/** The tip of a branch, against the commit of it that was judged before. */
import {join} from 'node:path';
import {lastJudged} from '../history/read.js';
import {type Hunt, rememberRun, rememberVisit} from '../history/record.js';
import {InfraError} from '../lib/errors.js';
import {cleanLine} from '../lib/text.js';
import {BLAMABLE} from '../run/bisect-target.js';
import {runSuites} from '../run/pipeline.js';
import {RunDir} from '../run/run-dir.js';
import {writeReports} from '../run/write-reports.js';
import {factsOf} from '../tree/commit-list.js';
import {ensureCommit, fetchBranch} from '../tree/mirror.js';
import {openTree} from '../tree/open-tree.js';
import type {Comparison, Results} from '../verdict/results.js';
import {isComparable} from './comparable.js';
import type {Night, Visit} from './night.js';

/** Fetches, judges and remembers; a tip that is judged already is left. @throws what makes it impossible, to be tried again */
export async function judgeTip(night: Night, visit: Visit): Promise<void> {
  const {ctx, config, history} = night;
  const {path, tip} = await fetchBranch(ctx, {url: visit.tree, branch: visit.branch});
  const last = await lastJudged(history, visit.id);
  if (last?.commit === tip) {
    ctx.emit({type: 'note', message: `${tip.slice(0, 12)} is judged already: ${last.verdict}`});
    const state = last.night_id === night.id ? 'judged' : 'unchanged';
    await rememberVisit(history, {night_id: night.id, branch_id: visit.id, tip, state, detail: null});
    return;
  }
  const tree = await openTree(ctx, {tree: path, rev: tip});
  const facts = await factsOf(ctx, tree, tip);
  const base = await baseFor(night, visit, tip);
  const compared = base === undefined ? 'compared with nothing' : `against ${base.slice(0, 12)}`;
  ctx.emit({type: 'note', message: `${tip.slice(0, 12)} ("${cleanLine(facts.subject)}"), ${compared}`});

  const run = RunDir.open(ctx.paths, join(night.run.path, slug(visit), tip.slice(0, 12)), new Date());
  night.record(run);
  try {
    const request = {...config.request, tree: path, rev: tip, tests: visit.tests, profiles: visit.profiles};
    const results = await runSuites(ctx, base === undefined ? request : {...request, against: base}, run);
    const reports = writeReports(run, results, config.formats);
    if (results.verdict === 'infra-error') throw new InfraError(`not judged: ${results.because} (${run.path})`);
    const hunts = base === undefined ? [] : huntsOf(night, results, {good: base, bad: tip, folder: run.path});
    const row = {
      ...{night_id: night.id, branch_id: visit.id, commit: tip, subject: facts.subject, author: facts.author},
      ...{author_date: facts.date, base_commit: base ?? null, verdict: results.verdict, because: results.because},
      ...{kernel_version: tree.kernelVersion, comparable: isComparable(results) ? 1 : 0, folder: run.path},
      ...{started: results.started, seconds: results.seconds},
    };
    const files = reports.map(({name, file}) => ({format: name, file}));
    await rememberRun(history, row, {comparisons: results.comparisons, reports: files, hunts});
    ctx.emit({type: 'note', message: `${results.verdict}: ${results.because}`});
  } finally {
    night.record(night.run);
    run.close();
  }
}

/** The newest commit of the branch that can be compared with, if it can still be had. */
async function baseFor({ctx, history}: Night, {id, tree}: Visit, tip: string): Promise<string | undefined> {
  const last = await lastJudged(history, id, {comparable: true});
  if (last === undefined || last.commit === tip) return undefined;
  if (await ensureCommit(ctx, {url: tree, commit: last.commit})) return last.commit;
  const message = `${last.commit.slice(0, 12)}, which was judged last, cannot be had any more: nothing is compared`;
  ctx.emit({type: 'warning', message});
  return undefined;
}

/** A bisect for each change for the worse that has a test, worst first; of too many the rest is left. */
function huntsOf(
  {config}: Night,
  {findings, comparisons}: Results,
  {good, bad, folder}: {good: string; bad: string; folder: string},
): Hunt[] {
  if (config.bisect === undefined) return [];
  const {most} = config.bisect;
  return findings
    .flatMap(({kind, profile, suite, test}) =>
      BLAMABLE.has(kind) && profile && suite && test ? [{profile, suite, test}] : [],
    )
    .map((name, at) => ({
      selects: comparisons.find((row) => isOf(row, name))?.selects ?? null,
      ...{...name, good, bad, folder: join(folder, 'bisects', String(at + 1))},
      state: at < most ? 'pending' : 'left',
    }));
}

const isOf = (row: Comparison, {profile, suite, test}: Pick<Comparison, 'profile' | 'suite' | 'test'>): boolean =>
  row.profile === profile && row.suite === suite && row.test === test;

/** A folder of the night: the branch, and enough of the tree to tell two apart. */
function slug({id, branch}: Visit): string {
  return `${branch.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}-${id}`;
}
