// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {ChangeBadge} from '../page/parts.js';
import {CHANGE} from '../page/words.js';
import {FilterForm} from './filter-form.js';
import {BisectLine, CommitLink, day, Pager, short, TestLink} from './pieces.js';
import {countWords} from './state.js';
import type {ChangeView, Choices, Filter, Paged} from './views.js';

export interface ChangesProps {
  page: Paged<ChangeView>;
  filter: Filter;
  choices: Choices;
}

/** Which run found that a test changed, newest first, and who did it where a bisect says so. */
export function Changes({page, filter, choices}: ChangesProps): VNode {
  return (
    <>
      <h1>Changes</h1>
      <FilterForm
        action="/changes"
        fields={['branch', 'profile', 'suite', 'change']}
        {...{filter, choices}}
        hint="words of a machine, suite or test"
      />
      <Pager page={page} one="change" many="changes" />
      <ChangeList changes={page.rows} />
    </>
  );
}

export function ChangeList({changes}: {changes: readonly ChangeView[]}): VNode {
  if (changes.length === 0) return <p class="quiet">No change was found.</p>;
  return (
    <ul class="changes">
      {changes.map((change) => (
        <li key={`${change.href} ${change.run.href}`}>
          <OneChange change={change} />
        </li>
      ))}
    </ul>
  );
}

function OneChange({change: one}: {change: ChangeView}): VNode {
  const {change, before, after, reason, run, base, bisect} = one;
  return (
    <>
      <p>
        <span class="day">{day(run.started)}</span>{' '}
        <ChangeBadge change={change} tone={change === 'new' && after.fail > 0 ? 'bad' : CHANGE[change].tone} />{' '}
        <TestLink of={one} withLine={true} />
      </p>
      <p class="why">
        {`${countWords(before)} before, ${countWords(after)} at `}
        <CommitLink run={run} />
        <small>{` against ${short(base)}`}</small>
      </p>
      {reason === '' || after.fail + after.skip === 0 ? null : <p class="why quiet">{reason}</p>}
      {bisect === null ? null : (
        <p class="why">
          <BisectLine bisect={bisect} />
        </p>
      )}
    </>
  );
}
