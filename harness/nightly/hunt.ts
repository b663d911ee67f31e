// SPDX-License-Identifier: MIT
/** Who broke it: a bisect for each regression that the history still has to be done. */
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {renderBisect} from '../../reports/bisect.js';
import type {BisectReport} from '../bisect/report.js';
import {type BisectRow, pendingBisects} from '../history/read.js';
import {giveUpBisect, rememberBisect} from '../history/record.js';
import {KernelError, messageOf, UserError} from '../lib/errors.js';
import {REPORT_FILE, runBisect} from '../run/bisect.js';
import {type BisectRequest, readJournal, unfinished} from '../run/bisect-journal.js';
import {selector} from '../run/reproduce.js';
import {RunDir} from '../run/run-dir.js';
import {ensureCommit, fetchBranch} from '../tree/mirror.js';
import {type BisectOptions, DEFAULT_BISECT} from './config.js';
import type {Night, Visit} from './night.js';

/** @throws InfraError, and the bisect is gone on with by the next night; what cannot be done at all is remembered as such */
export async function huntRegressions(night: Night, visit: Visit): Promise<void> {
  const {ctx, history, config} = night;
  for (const row of await pendingBisects(history, visit.id)) {
    ctx.emit({type: 'note', message: `bisect ${row.suite}:${row.test} on ${row.profile}`});
    try {
      const report = endedReport(row.folder) ?? (await bisectOne(night, visit, row, config.bisect ?? DEFAULT_BISECT));
      await rememberBisect(history, row.id, report, new Date());
      ctx.emit({type: 'note', message: `bisect: ${report.because}`});
    } catch (error) {
      if (ctx.signal.aborted || !(error instanceof UserError || error instanceof KernelError)) throw error;
      ctx.emit({type: 'warning', message: `bisect ${row.suite}:${row.test}: ${error.message}`});
      await giveUpBisect(history, row.id, messageOf(error), new Date());
    }
  }
}

/** Of a bisect that ended just before we were killed. */
function endedReport(folder: string): BisectReport | undefined {
  const file = join(folder, REPORT_FILE);
  if (!existsSync(file) || !readJournal(folder).some(({type}) => type === 'end')) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as BisectReport;
}

async function bisectOne(night: Night, visit: Visit, row: BisectRow, options: BisectOptions): Promise<BisectReport> {
  const {ctx} = night;
  const goesOn = unfinished(row.folder) !== undefined;
  const run = goesOn ? RunDir.reopen(ctx.paths, row.folder) : RunDir.open(ctx.paths, row.folder, new Date());
  night.record(run);
  try {
    const report = await runBisect(ctx, await askedFor(night, visit, row, options), run);
    run.write('bisect.txt', renderBisect(report, {out: run.path}));
    return report;
  } finally {
    night.record(night.run);
    run.close();
  }
}

async function askedFor(
  {ctx, config}: Night,
  {tree, branch}: Visit,
  {profile, suite, test, selects, good, bad}: BisectRow,
  {confidence, firstParent, maxAttempts, endAttempts}: BisectOptions,
): Promise<BisectRequest> {
  const {path} = await fetchBranch(ctx, {url: tree, branch});
  for (const commit of [good, bad]) {
    if (await ensureCommit(ctx, {url: tree, commit})) continue;
    throw new UserError(`${commit.slice(0, 12)} of ${branch} cannot be had any more`);
  }
  return {
    request: {...config.request, tree: path, profiles: [profile], tests: [`${suite}${selector({test, selects})}`]},
    ...{good, bad, firstParent, confidence, limit: maxAttempts},
    ...(endAttempts === undefined ? {} : {endLimit: endAttempts}),
  };
}
