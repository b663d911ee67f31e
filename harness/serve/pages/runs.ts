// SPDX-License-Identifier: MIT
import {Runs, type RunsProps} from '../../../reports/history/runs.js';
import {browseRuns, countStates} from '../../history/browse-runs.js';
import {choicesOf, type Desk, type Made} from '../page.js';
import {conditionsOf, fromOf, paged, readFilter} from '../query.js';

const LIMIT = 50;

export async function runsPage(desk: Desk): Promise<Made<RunsProps>> {
  const {history, asked, views} = desk;
  const filter = readFilter(asked.query);
  const from = fromOf(asked.query);
  const {rows, total} = await browseRuns(history, {...conditionsOf(filter), from, limit: LIMIT});
  const runs = (await countStates(history, rows)).map((run) => views.run(run));
  const page = paged('/runs', asked.query, {rows: runs, from, limit: LIMIT, total, more: from + rows.length < total});
  return {
    ...{title: 'Runs', section: 'runs', page: Runs},
    view: {page, filter, choices: await choicesOf(desk)},
  };
}
