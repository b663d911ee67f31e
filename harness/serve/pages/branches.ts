// SPDX-License-Identifier: MIT
import {Branches, type BranchesProps} from '../../../reports/history/branches.js';
import {countStates, lastVisits, newestRuns, runsByNumber} from '../../history/browse-runs.js';
import {browseChanges} from '../../history/browse-tests.js';
import {changeViews, type Desk, type Made, NEWEST} from '../page.js';
import {flakesOf} from './flaky.js';

const FEW = 10;
const DAYS = 90;

export async function branchesPage(desk: Desk): Promise<Made<BranchesProps>> {
  const {history, branches, views} = desk;
  const runs = await newestRuns(history, NEWEST);
  const visits = await lastVisits(history);
  const ofBranch = branches.map(async (branch) => {
    const mine = runs.filter(({branch_id}) => branch_id === branch.id);
    const [last] = await countStates(history, mine.slice(-1));
    const visit = visits.find(({branch_id}) => branch_id === branch.id);
    const said = visit === undefined ? null : {...visit, detail: visit.detail ?? ''};
    return views.branch(branch, {runs: mine, last}, said);
  });
  const changes = await browseChanges(history, {words: [], from: 0, limit: FEW});
  const flakes = await flakesOf(desk, {words: [], days: DAYS, from: 0, limit: FEW});
  return {
    ...{title: 'Branches', section: 'branches', page: Branches},
    view: {
      branches: await Promise.all(ofBranch),
      changes: await changeViews(
        desk,
        changes,
        await runsByNumber(
          history,
          changes.map(({run_id}) => run_id),
        ),
      ),
      flakes: flakes.rows,
    },
  };
}
