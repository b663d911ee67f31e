// SPDX-License-Identifier: MIT
import {existsSync, realpathSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {renderBisect} from '../../reports/bisect.js';
import type {BisectOutcome} from '../bisect/report.js';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {acquireLock} from '../lib/lock.js';
import {shellLine} from '../lib/shell-quote.js';
import {REPORT_FILE, runBisect} from '../run/bisect.js';
import {type BisectRequest, folderName, unfinished} from '../run/bisect-journal.js';
import type {Request} from '../run/request.js';
import {RunDir} from '../run/run-dir.js';
import type {BisectFlags} from './commands/bisect.js';
import {EXIT} from './exit-codes.js';
import {sayJson, sayScreen} from './say.js';
import {withContext} from './with-context.js';

const EXIT_OF: Readonly<Record<BisectOutcome, number>> = {
  found: EXIT.good,
  several: EXIT.cannotTell,
  'no-difference': EXIT.cannotTell,
  'end-untestable': EXIT.cannotTell,
  'out-of-attempts': EXIT.cannotTell,
};

/** A folder, a search, bisect.json, and the last screen on stdout. */
export async function bisectCommand(request: Request, flags: BisectFlags): Promise<number> {
  return withContext({jsonl: flags.jsonl === true}, async (ctx, listen) => {
    const {asked, folder} = place(ctx, request, flags);
    await using _lock = await acquireLock(ctx, `${folder}.bisect`, `the bisect in ${folder}`);
    const goesOn = unfinished(folder) !== undefined && sameQuestion(ctx, folder, asked);
    const run = goesOn ? RunDir.reopen(ctx.paths, folder) : RunDir.open(ctx.paths, folder, new Date());
    listen((event) => run.record(event));
    try {
      const report = await runBisect(ctx, asked, run);
      if (flags.json) sayJson(report);
      else if (flags.jsonl) sayJson({type: 'bisect', report}, 0);
      else sayScreen(renderBisect(report, {out: run.path}));
      return EXIT_OF[report.outcome];
    } catch (error) {
      if (unfinished(folder) !== undefined) {
        ctx.emit({type: 'note', message: `To go on: ${shellLine(['kverdict', 'bisect', '--resume', folder])}`});
      }
      throw error;
    } finally {
      run.close();
    }
  });
}

function place(ctx: Context, request: Request, flags: BisectFlags): {asked: BisectRequest; folder: string} {
  if (flags.resume !== undefined) {
    const folder = resolve(flags.resume);
    const start = unfinished(folder);
    if (start === undefined) {
      const ended = existsSync(join(folder, REPORT_FILE));
      throw new UserError(`There is no bisect in \`${folder}\` that could go on`, {
        hint: ended ? 'It has ended: its bisect.json says how.' : 'Which folder it was is the last line of its output.',
      });
    }
    return {asked: start.asked, folder};
  }
  const {good, bad, reporter, link, endAttempts} = flags;
  const asked: BisectRequest = {
    // A later call may come from another folder.
    request: {...request, tree: absolute(request.tree), series: request.series.map(absolute)},
    ...(good === undefined ? {} : {good, bad: bad ?? 'HEAD'}),
    firstParent: flags.firstParent === true,
    confidence: flags.confidence,
    ...(endAttempts === undefined ? {} : {endLimit: endAttempts}),
    limit: flags.maxAttempts,
    ...(reporter === undefined ? {} : {reporter}),
    ...(link === undefined ? {} : {link}),
  };
  const own = join(ctx.paths.state, 'runs', folderName(asked));
  return {asked, folder: request.out === undefined ? own : resolve(request.out)};
}

/** With --out: the folder may hold another bisect, which then makes place for this one. */
function sameQuestion(ctx: Context, folder: string, asked: BisectRequest): boolean {
  const start = unfinished(folder);
  if (start === undefined) return false;
  const [then, now] = [start.asked, asked].map((one) => folderName(one));
  if (then !== now)
    ctx.emit({type: 'note', message: `The bisect in ${folder} was another one: it is not gone on with`});
  return then === now;
}

/** Of what is a file; a range, a Message-ID or `-` stays as it is. */
const absolute = (word: string): string => (existsSync(word) ? realpathSync(word) : word);
