// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {Wide} from '../page/parts.js';
import {Moment} from '../page/verdict-box.js';
import {FilterForm} from './filter-form.js';
import {CommitLink, Pager, VerdictBadge} from './pieces.js';
import type {Choices, Filter, Paged, RunView} from './views.js';

export interface RunsProps {
  page: Paged<RunView>;
  filter: Filter;
  choices: Choices;
}

/** Every run, newest first. */
export function Runs({page, filter, choices}: RunsProps): VNode {
  return (
    <>
      <h1>Runs</h1>
      <FilterForm
        action="/runs"
        fields={['branch', 'verdict']}
        {...{filter, choices}}
        hint="words of a commit’s hash or subject"
      />
      <Pager page={page} one="run" many="runs" />
      {page.rows.length === 0 ? null : (
        <Wide label="Runs">
          <table class="listing">
            <thead>
              <tr>
                <th scope="col">commit</th>
                <th scope="col">verdict</th>
                <th scope="col">branch</th>
                <th scope="col">when</th>
                <th scope="col">passed</th>
                <th scope="col">failed</th>
                <th scope="col">skipped</th>
              </tr>
            </thead>
            <tbody>
              {page.rows.map((run) => (
                <Row key={run.href} run={run} />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </>
  );
}

function Row({run}: {run: RunView}): VNode {
  const {pass, fail, skip} = run.counts;
  return (
    <tr>
      <th scope="row">
        <CommitLink run={run} />
        <small class="below">{run.because}</small>
      </th>
      <td>
        <VerdictBadge run={run} />
      </td>
      <td>{run.line}</td>
      <td class="number">
        <Moment at={run.started} />
      </td>
      <td class="number count">{pass}</td>
      <td class={`number count ${fail > 0 ? 'fail' : ''}`}>{fail}</td>
      <td class="number count">{skip}</td>
    </tr>
  );
}
