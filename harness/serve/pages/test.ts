// SPDX-License-Identifier: MIT
import {Test, type TestProps} from '../../../reports/history/test.js';
import {browseRuns, runsByNumber} from '../../history/browse-runs.js';
import {branchesOfTest, browseChanges, readTest} from '../../history/browse-tests.js';
import {changeViews, type Desk, type Made, pointsOf} from '../page.js';
import {fromOf, numberOf, paged} from '../query.js';
import {Refusal} from '../request.js';
import {HREF} from '../views.js';

/** Runs in the picture and in the table. */
const LIMIT = 120;
const MAX_CHANGES = 20;

export async function testPage(desk: Desk, number: string): Promise<Made<TestProps>> {
  const {history, asked, views} = desk;
  const test_id = numberOf(number, 'test');
  const name = await readTest(history, test_id);
  if (name === undefined) throw new Refusal(404, `There is no test ${number} in the history.`);
  const seenOn = await branchesOfTest(history, test_id);
  const wanted = asked.query.get('branch') ?? '';
  const branch_id = wanted === '' ? seenOn[0] : numberOf(wanted, 'branch');
  if (branch_id === undefined || !seenOn.includes(branch_id)) {
    throw new Refusal(404, `No run of branch ${wanted} had a result of this test.`);
  }
  const from = fromOf(asked.query);
  const runs = await browseRuns(history, {branchId: branch_id, words: [], from, limit: LIMIT});
  const one = {...name, test_id, branch_id};
  const [row] = await pointsOf(desk, [one], runs.rows);
  const changes = await browseChanges(history, {
    ...{testId: test_id, branchId: branch_id, words: [], from: 0, limit: MAX_CHANGES},
  });
  const more = from + runs.rows.length < runs.total;
  const part = {rows: row?.points ?? [], from, limit: LIMIT, total: runs.total, more};
  return {
    title: `${name.suite}:${name.test}`,
    section: 'tests',
    page: Test,
    view: {
      name: views.test(one),
      others: seenOn
        .filter((id) => id !== branch_id)
        .map((id) => ({line: views.line(id), href: HREF.test(test_id, id)})),
      page: paged(`/tests/${test_id}`, asked.query, part),
      changes: await changeViews(
        desk,
        changes,
        await runsByNumber(
          history,
          changes.map(({run_id}) => run_id),
        ),
      ),
    },
  };
}
