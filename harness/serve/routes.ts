// SPDX-License-Identifier: MIT

import {Message, type MessageProps} from '../../reports/history/message.js';
import {renderHistory} from '../../reports/history/render.js';
import type {History} from '../history/database.js';
import {readRun, reportsOf} from '../history/read.js';
import type {Answer} from './answer.js';
import {type Desk, type Made, openDesk} from './page.js';
import {bisectPage} from './pages/bisect.js';
import {branchesPage} from './pages/branches.js';
import {changesPage} from './pages/changes.js';
import {flakyPage} from './pages/flaky.js';
import {runPage} from './pages/run.js';
import {runsPage} from './pages/runs.js';
import {testPage} from './pages/test.js';
import {testsPage} from './pages/tests.js';
import {numberOf} from './query.js';
import {type Asked, Refusal} from './request.js';
import {answerFile} from './run-files.js';

type Make = (desk: Desk, number: string) => Promise<Answer>;

/** By the first part of the path: all of them, and one of them by its number. */
const PAGES: Readonly<Record<string, {all?: Make; one?: Make}>> = {
  '': {all: async (desk) => answer(await branchesPage(desk))},
  runs: {all: async (desk) => answer(await runsPage(desk)), one: async (desk, n) => answer(await runPage(desk, n))},
  tests: {all: async (desk) => answer(await testsPage(desk)), one: async (desk, n) => answer(await testPage(desk, n))},
  flaky: {all: async (desk) => answer(await flakyPage(desk))},
  changes: {all: async (desk) => answer(await changesPage(desk))},
  bisects: {one: async (desk, n) => answer(await bisectPage(desk, n))},
};

/** The answer to a legal request. @throws Refusal when there is no such page */
export async function route(history: History, asked: Asked): Promise<Answer> {
  const [kind = '', number, third, ...rest] = asked.parts;
  if (kind === 'runs' && number !== undefined && third === 'files') return fileOf(history, number, rest);
  const pages = Object.hasOwn(PAGES, kind) ? PAGES[kind] : undefined;
  const make = number === undefined ? pages?.all : pages?.one;
  if (make === undefined || third !== undefined) throw new Refusal(404, 'There is no such page.');
  const desk = await openDesk(history, asked);
  if (kind === '' && desk.branches.length === 0) return answer(NOTHING_YET);
  return make(desk, number ?? '');
}

async function fileOf(history: History, number: string, parts: readonly string[]): Promise<Answer> {
  const run = await readRun(history, numberOf(number, 'run'));
  if (run === undefined) throw new Refusal(404, `There is no run ${number} in the history.`);
  const reports = await reportsOf(history, run.id);
  const pages = new Set(reports.filter(({format}) => format === 'html').map(({file}) => file));
  return answerFile(run.folder, parts, pages);
}

function answer<T extends object>({title, section, view, page}: Made<T>, status = 200): Answer {
  const {html, policy} = renderHistory({title, ...(section === undefined ? {} : {section})}, page, view);
  return {status, type: 'text/html; charset=utf-8', policy, body: html};
}

/** A page that says why there is no other one. */
export function messagePage(status: number, view: MessageProps): Answer {
  return answer({title: view.title, view, page: Message}, status);
}

const NOTHING_YET: Made<MessageProps> = {
  ...{title: 'Nothing yet', section: 'branches', page: Message},
  view: {
    title: 'Nothing yet',
    text: 'The history is there, and no branch is in it. A nightly fills it:',
    commands: ['kverdict nightly nightly.yaml'],
  },
};
