// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {Results} from '../../harness/verdict/results.js';
import {CHANGE} from './words.js';

/** Keys of the page; page.js acts on them. */
const KEYS: readonly [string, string][] = [
  ['/', 'filter'],
  ['j, k', 'next, previous finding'],
  ['Enter', 'open or close it'],
  ['e', 'open or close all'],
  ['d', 'light or dark'],
  ['Esc', 'take the filter away'],
  ['?', 'these keys'],
];

/** What needs the script: hidden until it runs, so that nothing is offered that does not work. */
export function Toolbar({results}: {results: Results}): VNode {
  const changes = Object.keys(CHANGE).filter(
    (change) => results.series !== null && results.comparisons.some((one) => one.change === change),
  );
  return (
    <search class="toolbar" id="toolbar" hidden>
      <label>
        <span class="unseen">Filter by profile, suite or test</span>
        <input type="search" id="filter" placeholder="Filter: words of a profile, suite or test" autocomplete="off" />
        <span class="key" aria-hidden="true">
          /
        </span>
      </label>
      <label>
        <span class="unseen">Show results that are</span>
        <select id="change">
          <option value="">all results</option>
          {changes.length === 0 ? null : <option value="!unchanged">all but unchanged</option>}
          {changes.map((change) => (
            <option key={change} value={change}>
              {CHANGE[change as keyof typeof CHANGE].word}
            </option>
          ))}
          <option value="#fail">any failure</option>
          <option value="#skip">any skip</option>
        </select>
      </label>
      <output id="shown" aria-live="polite" />
      <span class="buttons">
        <button type="button" id="all">
          Open all
        </button>
        <button type="button" id="theme">
          Dark
        </button>
        <button type="button" id="help" aria-haspopup="dialog">
          Keys
        </button>
      </span>
      <dialog id="keys" aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl>
          {KEYS.map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </dialog>
    </search>
  );
}
