// SPDX-License-Identifier: MIT
import {Changes, type ChangesProps} from '../../../reports/history/changes.js';
import {runsByNumber} from '../../history/browse-runs.js';
import {browseChanges} from '../../history/browse-tests.js';
import {changeViews, choicesOf, type Desk, type Made} from '../page.js';
import {conditionsOf, fromOf, paged, readFilter} from '../query.js';

const LIMIT = 50;

export async function changesPage(desk: Desk): Promise<Made<ChangesProps>> {
  const {history, asked} = desk;
  const filter = readFilter(asked.query);
  const from = fromOf(asked.query);
  const found = await browseChanges(history, {...conditionsOf(filter), from, limit: LIMIT + 1});
  const shown = found.slice(0, LIMIT);
  const rows = await changeViews(
    desk,
    shown,
    await runsByNumber(
      history,
      shown.map(({run_id}) => run_id),
    ),
  );
  const page = paged('/changes', asked.query, {rows, from, limit: LIMIT, total: null, more: found.length > LIMIT});
  return {
    ...{title: 'Changes', section: 'changes', page: Changes},
    view: {page, filter, choices: await choicesOf(desk)},
  };
}
