// SPDX-License-Identifier: MIT
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {Bisect, type BisectProps} from '../../../reports/history/bisect.js';
import type {BisectDetail} from '../../../reports/history/views.js';
import {BISECT_SCHEMA} from '../../bisect/report.js';
import {readBisect} from '../../history/browse-runs.js';
import {testNumbers} from '../../history/browse-tests.js';
import {readRun} from '../../history/read.js';
import {messageOf} from '../../lib/errors.js';
import type {Desk, Made} from '../page.js';
import {numberOf} from '../query.js';
import {Refusal} from '../request.js';

const text = z.string();
const number = z.number();
const end = z.object({commit: text, name: text});
/** What the page shows of bisect.json; a field more is none of its business. */
const DETAIL: z.ZodType<BisectDetail> = z.object({
  schema: z.literal(BISECT_SCHEMA),
  good: end,
  bad: end,
  candidates: number,
  culprits: z.array(
    z.object({
      ...{commit: text, subject: text, author: text, date: text, files: z.array(text)},
      patch: number.optional(),
    }),
  ),
  tested: z.array(
    z.object({commit: text, subject: text, failed: number, of: number, mute: number, why: text.optional()}),
  ),
  skipped: z.array(z.object({commit: text, subject: text, reason: text})),
  cost: z.object({
    ...{builds: number, cachedBuilds: number, attempts: number, endAttempts: number, leastSteps: number},
    leastAttempts: number.nullable(),
  }),
  drafts: z.array(text),
}) as unknown as z.ZodType<BisectDetail>;

export async function bisectPage(desk: Desk, asked: string): Promise<Made<BisectProps>> {
  const {history, views} = desk;
  const row = await readBisect(history, numberOf(asked, 'bisect'));
  const run = row === undefined ? undefined : await readRun(history, row.run_id);
  if (row === undefined || run === undefined) throw new Refusal(404, `There is no bisect ${asked} in the history.`);
  const [test_id] = await testNumbers(history, [row]);
  const {detail, gone} = readDetail(row.folder);
  return {
    title: `Bisect of ${row.suite}:${row.test}`,
    section: 'changes',
    page: Bisect,
    view: {
      bisect: views.bisect(row),
      name: views.test({...row, test_id: test_id ?? 0, branch_id: run.branch_id}),
      run: views.run(run),
      ...{detail, detailGone: gone},
    },
  };
}

function readDetail(folder: string): {detail: BisectDetail | null; gone: string} {
  const file = join(folder, 'bisect.json');
  try {
    return {detail: DETAIL.parse(JSON.parse(readFileSync(file, 'utf8'))), gone: ''};
  } catch (error) {
    const why = error instanceof z.ZodError ? `it is no ${BISECT_SCHEMA} document` : messageOf(error);
    return {detail: null, gone: `What it rests on cannot be shown, as \`${file}\` cannot be read: ${why}`};
  }
}
