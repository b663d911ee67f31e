// SPDX-License-Identifier: MIT
import {Tests, type TestsProps} from '../../../reports/history/tests.js';
import {newestRuns} from '../../history/browse-runs.js';
import {browseTests} from '../../history/browse-tests.js';
import {choicesOf, type Desk, type Made, NEWEST, pointsOf} from '../page.js';
import {conditionsOf, fromOf, paged, readFilter} from '../query.js';

const LIMIT = 100;

export async function testsPage(desk: Desk): Promise<Made<TestsProps>> {
  const {history, asked} = desk;
  const filter = readFilter(asked.query);
  const from = fromOf(asked.query);
  const found = await browseTests(history, {...conditionsOf(filter), from, limit: LIMIT}, NEWEST);
  const rows = await pointsOf(desk, found.rows, await newestRuns(history, NEWEST));
  const {total} = found;
  const page = paged('/tests', asked.query, {rows, from, limit: LIMIT, total, more: from + rows.length < total});
  return {
    ...{title: 'Tests', section: 'tests', page: Tests},
    view: {page, filter, choices: await choicesOf(desk)},
  };
}
