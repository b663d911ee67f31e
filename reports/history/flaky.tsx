// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {Wide} from '../page/parts.js';
import {FilterForm} from './filter-form.js';
import {Pager, Strip, share, TestLink} from './pieces.js';
import type {Choices, Filter, FlakeView, Paged} from './views.js';

export interface FlakyProps {
  page: Paged<FlakeView>;
  filter: Filter;
  choices: Choices;
}

/** Which tests say yes and no to the same kernel, most often first. */
export function Flaky({page, filter, choices}: FlakyProps): VNode {
  return (
    <>
      <h1>Flaky tests</h1>
      <p class="quiet">
        Unsteady is the share of differences among all chances for one: attempts at one commit that passed and failed,
        and neighbouring runs that differ without a change that was proven.
      </p>
      <FilterForm
        action="/flaky"
        fields={['branch', 'profile', 'suite', 'days']}
        {...{filter, choices}}
        hint="words of a machine, suite or test"
      />
      <Pager page={page} one="flaky test" many="flaky tests" />
      <FlakeTable flakes={page.rows} />
    </>
  );
}

export function FlakeTable({flakes}: {flakes: readonly FlakeView[]}): VNode {
  if (flakes.length === 0) return <p class="quiet">No test is flaky.</p>;
  return (
    <Wide label="Flaky tests">
      <table class="listing">
        <thead>
          <tr>
            <th scope="col">test</th>
            <th scope="col">unsteady</th>
            <th scope="col">at one commit</th>
            <th scope="col">between runs</th>
            <th scope="col">newest runs</th>
          </tr>
        </thead>
        <tbody>
          {flakes.map((flake) => (
            <Flake key={flake.href} flake={flake} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Flake({flake}: {flake: FlakeView}): VNode {
  const {mixed, sides, flips, points} = flake;
  return (
    <tr>
      <th scope="row">
        <TestLink of={flake} withLine={true} />
      </th>
      <td class="number">{share(flake.share)}</td>
      <td class="number">{`${mixed} of ${sides}`}</td>
      <td class="number">{flips}</td>
      <td>
        <Strip points={points} />
      </td>
    </tr>
  );
}
