// SPDX-License-Identifier: MIT
import {existsSync} from 'node:fs';
import {Run, type RunProps} from '../../../reports/history/run.js';
import {countStates, neighbours, newestRuns} from '../../history/browse-runs.js';
import {browseChanges, failuresOf} from '../../history/browse-tests.js';
import {bisectsOf, readRun, reportsOf} from '../../history/read.js';
import {changeViews, type Desk, type Made, NEWEST, pointsOf} from '../page.js';
import {numberOf} from '../query.js';
import {Refusal} from '../request.js';
import {HREF} from '../views.js';

const MAX_CHANGES = 100;
const MAX_FAILING = 200;
/** What a person opens first. */
const ORDER = ['html', 'terminal', 'json'];

export async function runPage(desk: Desk, number: string): Promise<Made<RunProps>> {
  const {history, views} = desk;
  const row = await readRun(history, numberOf(number, 'run'));
  if (row === undefined) throw new Refusal(404, `There is no run ${number} in the history.`);
  const [run] = await countStates(history, [row]);
  const {before, after} = await neighbours(history, row);
  const changes = await browseChanges(history, {runId: row.id, words: [], from: 0, limit: MAX_CHANGES});
  const failing = await failuresOf(history, row, MAX_FAILING + 1);
  const around = await newestRuns(history, NEWEST, row);
  const reports = await reportsOf(history, row.id);
  const isThere = existsSync(row.folder);
  return {
    title: `${row.commit.slice(0, 12)} ${row.subject}`,
    section: 'runs',
    page: Run,
    view: {
      ...{run: views.run(run ?? row), base: row.base_commit ?? '', folder: row.folder},
      before: before === undefined ? null : views.run(before),
      after: after === undefined ? null : views.run(after),
      files: isThere ? [...reports].sort(byUse).map(({file}) => ({name: file, href: HREF.file(row.id, file)})) : [],
      filesGone: isThere
        ? 'It left no reports.'
        : 'Its folder is gone (`kverdict clean runs`?): only this is left of it.',
      changes: await changeViews(desk, changes, [row]),
      failing: await pointsOf(desk, failing.slice(0, MAX_FAILING), around),
      isCut: failing.length > MAX_FAILING,
      bisects: (await bisectsOf(history, row.id)).map((bisect) => views.bisect(bisect)),
    },
  };
}

function byUse(a: {format: string}, b: {format: string}): number {
  const place = ({format}: {format: string}): number => (ORDER.includes(format) ? ORDER.indexOf(format) : ORDER.length);
  return place(a) - place(b);
}
