// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {Wide} from '../page/parts.js';
import {FilterForm} from './filter-form.js';
import {Pager, StateBadge, Strip, TestLink} from './pieces.js';
import {countWords, stateOf} from './state.js';
import type {Choices, Filter, Paged, TestRow} from './views.js';

export interface TestsProps {
  page: Paged<TestRow>;
  filter: Filter;
  choices: Choices;
}

/** Every test of every branch, as its newest run saw it. */
export function Tests({page, filter, choices}: TestsProps): VNode {
  return (
    <>
      <h1>Tests</h1>
      <FilterForm
        action="/tests"
        fields={['branch', 'profile', 'suite', 'state']}
        {...{filter, choices}}
        hint="words of a machine, suite or test"
      />
      <Pager page={page} one="test" many="tests" />
      {page.rows.length === 0 ? null : <TestTable rows={page.rows} withLine={true} />}
    </>
  );
}

export function TestTable({rows, withLine}: {rows: readonly TestRow[]; withLine: boolean}): VNode {
  return (
    <Wide label="Tests">
      <table class="listing">
        <thead>
          <tr>
            <th scope="col">test</th>
            <th scope="col">last</th>
            <th scope="col">attempts</th>
            <th scope="col">newest runs</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.href} row={row} withLine={withLine} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Row({row, withLine}: {row: TestRow; withLine: boolean}): VNode {
  const last = row.points.at(-1);
  const state = last === undefined ? 'none' : stateOf(last.counts);
  const reason = state === 'pass' ? '' : (last?.reason ?? '');
  return (
    <tr>
      <th scope="row">
        <TestLink of={row} withLine={withLine} />
        {reason === '' ? null : <small class="below">{reason}</small>}
      </th>
      <td>
        <StateBadge state={state} />
      </td>
      <td class="number">
        {last === undefined || state === 'none' || state === 'skip' ? '–' : countWords(last.counts)}
      </td>
      <td>
        <Strip points={row.points} />
      </td>
    </tr>
  );
}
