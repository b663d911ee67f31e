// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {Choices} from '../../reports/history/views.js';
import {bisectsOfRuns} from '../history/browse-runs.js';
import {type ChangedOutcome, outcomesOfTests, profilesAndSuites, type TestOfBranch} from '../history/browse-tests.js';
import type {History} from '../history/database.js';
import {type BranchRow, listBranches, type RunRow} from '../history/read.js';
import {bisectFor} from '../history/read-tests.js';
import type {Asked} from './request.js';
import {lineNames, Views} from './views.js';

/** What every page is made from. */
export interface Desk {
  history: History;
  asked: Asked;
  branches: readonly BranchRow[];
  views: Views;
  /** Milliseconds. */
  now: number;
}

/** A page before it is text; `view` is cleaned before `page` gets it. */
export interface Made<T extends object = object> {
  title: string;
  section?: 'branches' | 'runs' | 'tests' | 'flaky' | 'changes';
  view: T;
  page: (view: T) => VNode;
}

export async function openDesk(history: History, asked: Asked): Promise<Desk> {
  const branches = await listBranches(history);
  return {history, asked, branches, views: new Views(lineNames(branches)), now: Date.now()};
}

export async function choicesOf({history, branches, views}: Desk): Promise<Choices> {
  const {profiles, suites} = await profilesAndSuites(history);
  const plain = (words: readonly string[]) => words.map((word) => ({value: word, word}));
  return {
    branches: branches.map(({id}) => ({value: `${id}`, word: views.line(id)})),
    ...{profiles: plain(profiles), suites: plain(suites)},
  };
}

/** The newest runs of a branch that a line of a list shows. */
export const NEWEST = 30;

/** For each test, a point a run of its branch, whether the run saw it or not. */
export async function pointsOf({history, views}: Desk, tests: readonly TestOfBranch[], runs: readonly RunRow[]) {
  const outcomes = await outcomesOfTests(history, {
    tests: [...new Set(tests.map(({test_id}) => test_id))],
    runs: runs.map(({id}) => id),
  });
  const known = new Map(outcomes.map((one) => [`${one.run_id} ${one.test_id}`, one]));
  return tests.map((test) => {
    const mine = runs.filter(({branch_id}) => branch_id === test.branch_id);
    const points = mine.map((run) => views.point(run, known.get(`${run.id} ${test.test_id}`)));
    return {...views.test(test), points};
  });
}

/** With the run of each and the bisect that hunts it. */
export async function changeViews({history, views}: Desk, rows: readonly ChangedOutcome[], runs: readonly RunRow[]) {
  const bisects = await bisectsOfRuns(history, [...new Set(rows.map(({run_id}) => run_id))]);
  return rows.flatMap((row) => {
    const run = runs.find(({id}) => id === row.run_id);
    return run === undefined ? [] : [views.change(row, run, bisectFor(row, bisects))];
  });
}
