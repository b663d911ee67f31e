// SPDX-License-Identifier: MIT
import type {History} from '../history/database.js';
import {lastJudged, listBranches, pendingBisects} from '../history/read.js';
import type {Context} from '../lib/context.js';
import {KverdictError} from '../lib/errors.js';
import {makePlan} from '../run/prepare.js';
import {askTip} from '../tree/mirror.js';
import type {NightlyConfig, Watched} from './config.js';

/** What a night would do, a branch a paragraph. Servers are asked for their tips; nothing is fetched, built or written. */
export async function planNight(ctx: Context, config: NightlyConfig, history: History | undefined): Promise<string> {
  const lines: string[] = [];
  for (const watched of config.watched) {
    const {lanes} = makePlan(ctx, {...config.request, tests: watched.tests, profiles: watched.profiles});
    const suites = [...new Set(lanes.map(({suite, profile}) => `${suite.name} on ${profile}`))];
    lines.push(`${watched.branch} of ${watched.tree}`, `  ${await whatToJudge(ctx, config, watched, history)}`);
    lines.push(`  suites: ${suites.join(', ')}`);
  }
  return `${lines.join('\n')}\n`;
}

async function whatToJudge(
  ctx: Context,
  config: NightlyConfig,
  {tree, branch}: Watched,
  history: History | undefined,
): Promise<string> {
  let tip: string;
  try {
    tip = await askTip(ctx, {url: tree, branch});
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof KverdictError)) throw error;
    return error.message;
  }
  if (history === undefined) return `judge ${tip.slice(0, 12)}, compared with nothing`;
  const known = (await listBranches(history)).find(
    (one) => one.nightly === config.name && one.tree === tree && one.branch === branch,
  );
  if (known === undefined) return `judge ${tip.slice(0, 12)}, compared with nothing`;
  const [last, base] = [await lastJudged(history, known.id), await lastJudged(history, known.id, {comparable: true})];
  const bisects = (await pendingBisects(history, known.id)).map(({suite, test}) => `bisect ${suite}:${test}`);
  const against = base === undefined ? 'compared with nothing' : `against ${base.commit.slice(0, 12)}`;
  const judged = `${tip.slice(0, 12)} is judged already: ${last?.verdict}`;
  return [last?.commit === tip ? judged : `judge ${tip.slice(0, 12)}, ${against}`, ...bisects].join('; ');
}
