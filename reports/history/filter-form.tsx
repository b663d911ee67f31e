// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {Change} from '../../harness/verdict/results.js';
import {CHANGE, VERDICT} from '../page/words.js';
import {STATE} from './state.js';
import type {Choice, Choices, Filter} from './views.js';

type Field = Exclude<keyof Filter, 'q'>;

const FIELDS: Readonly<Record<Field, {label: string; options: (choices: Choices) => readonly Choice[]}>> = {
  branch: {label: 'branch', options: ({branches}) => branches},
  profile: {label: 'machine', options: ({profiles}) => profiles},
  suite: {label: 'suite', options: ({suites}) => suites},
  verdict: {label: 'verdict', options: () => wordsOf(VERDICT)},
  state: {label: 'state', options: () => wordsOf(STATE)},
  change: {label: 'change', options: () => CHANGED.map((value) => ({value, word: CHANGE[value].word}))},
  days: {label: 'time', options: () => DAYS.map((days) => ({value: `${days}`, word: `${days} days`}))},
};

/** What a list of changes can be asked for, and how far back a ranking looks. */
export const CHANGED = [
  'regressed',
  'gone',
  'skip-regressed',
  'fixed',
  'less-often',
  'new',
] as const satisfies readonly Change[];
export const DAYS = [7, 30, 90, 365] as const;

function wordsOf(table: Readonly<Record<string, {word: string}>>): Choice[] {
  return Object.entries(table).map(([value, {word}]) => ({value, word}));
}

interface FormProps {
  action: string;
  fields: readonly Field[];
  filter: Filter;
  choices: Choices;
  /** What the words are looked for in. */
  hint: string;
}

/** A form that makes an address: it works without a script, and what it shows can be linked to. */
export function FilterForm({action, fields, filter, choices, hint}: FormProps): VNode {
  const isActive = filter.q !== '' || fields.some((field) => field !== 'days' && filter[field] !== '');
  return (
    <search>
      <form class="filter" method="get" action={action}>
        <label class="words-field">
          <span>{hint}</span>
          <input type="search" name="q" value={filter.q} autocomplete="off" />
        </label>
        {fields.map((field) => (
          <label key={field}>
            <span>{FIELDS[field].label}</span>
            <select name={field}>
              {field === 'days' ? null : <option value="">all</option>}
              {FIELDS[field].options(choices).map(({value, word}) => (
                <option key={value} value={value} selected={filter[field] === value}>
                  {word}
                </option>
              ))}
            </select>
          </label>
        ))}
        <button type="submit">Filter</button>
        {isActive ? <a href={action}>all</a> : null}
      </form>
    </search>
  );
}
