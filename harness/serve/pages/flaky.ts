// SPDX-License-Identifier: MIT
import {Flaky, type FlakyProps} from '../../../reports/history/flaky.js';
import type {FlakeView} from '../../../reports/history/views.js';
import {newestRuns} from '../../history/browse-runs.js';
import {branchesOfTest, testNumbers} from '../../history/browse-tests.js';
import {type Flake, flakeRanking} from '../../history/read-tests.js';
import {choicesOf, type Desk, type Made, NEWEST, pointsOf} from '../page.js';
import {conditionsOf, fromOf, paged, readFilter} from '../query.js';

const LIMIT = 50;
/** Beyond so many nobody ranks. */
const MAX_FLAKES = 5000;
const DEFAULT_DAYS = 90;
const DAY_MS = 86_400_000;

export async function flakyPage(desk: Desk): Promise<Made<FlakyProps>> {
  const {asked} = desk;
  const read = readFilter(asked.query);
  const filter = {...read, days: read.days === '' ? `${DEFAULT_DAYS}` : read.days};
  const from = fromOf(asked.query);
  const conditions = {...conditionsOf(filter), days: Number(filter.days), from, limit: LIMIT};
  const {rows, total} = await flakesOf(desk, conditions);
  const page = paged('/flaky', asked.query, {rows, from, limit: LIMIT, total, more: from + rows.length < total});
  return {
    ...{title: 'Flaky tests', section: 'flaky', page: Flaky},
    view: {page, filter, choices: await choicesOf(desk)},
  };
}

interface FlakeFilter {
  branchId?: number;
  profile?: string;
  suite?: string;
  words: readonly string[];
  days: number;
  from: number;
  limit: number;
}

/** A part of the ranking; each links to the test on the asked branch, else on the one that saw it last. */
export async function flakesOf(desk: Desk, filter: FlakeFilter): Promise<{rows: FlakeView[]; total: number}> {
  const {history, now} = desk;
  const {branchId, days, from, limit} = filter;
  const since = new Date(now - days * DAY_MS).toISOString();
  const all = await flakeRanking(history, {...(branchId === undefined ? {} : {branchId}), since, limit: MAX_FLAKES});
  const fitting = all.filter((flake) => fits(flake, filter));
  const shown = fitting.slice(from, from + limit);
  const numbers = await testNumbers(history, shown);
  const runs = await newestRuns(history, NEWEST);
  const rows: FlakeView[] = [];
  for (const [index, flake] of shown.entries()) {
    const test_id = numbers[index];
    if (test_id === undefined) continue;
    const branch_id = branchId ?? (await branchesOfTest(history, test_id))[0] ?? 0;
    const [row] = await pointsOf(desk, [{...flake, test_id, branch_id}], runs);
    if (row !== undefined) rows.push({...flake, ...row});
  }
  return {rows, total: fitting.length};
}

function fits({profile, suite, test}: Flake, filter: FlakeFilter): boolean {
  const text = `${profile} ${suite}:${test}`.toLowerCase();
  return (
    (filter.profile === undefined || filter.profile === profile) &&
    (filter.suite === undefined || filter.suite === suite) &&
    filter.words.every((word) => text.includes(word.toLowerCase()))
  );
}
