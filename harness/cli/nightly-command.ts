// SPDX-License-Identifier: MIT
import {renderNight, wordFor} from '../../reports/night.js';
import {hasHistory, openHistory} from '../history/database.js';
import type {NightReport} from '../history/night.js';
import type {Context} from '../lib/context.js';
import {loadNightlyConfig, type NightlyConfig} from '../nightly/config.js';
import {planNight} from '../nightly/dry-night.js';
import {holdNight, runNight} from '../nightly/night.js';
import type {RunDir} from '../run/run-dir.js';
import type {NightlyFlags} from './commands/nightly.js';
import {EXIT, exitOfVerdict} from './exit-codes.js';
import {say, sayJson, sayScreen} from './say.js';
import {withContext} from './with-context.js';

const EXIT_OF: Readonly<Record<ReturnType<typeof wordFor>, number>> = {
  BAD: EXIT.bad,
  FAILED: EXIT.ours,
  INCONCLUSIVE: EXIT.cannotTell,
  'GOOD IN PART': exitOfVerdict('good-in-part'),
  GOOD: EXIT.good,
};

/** The exit code of a night; of one that is good in part the configuration says whether that is enough. */
export function exitOfNight(report: NightReport, {allowUncompiled}: Pick<NightlyConfig, 'allowUncompiled'>): number {
  const word = wordFor(report);
  return word === 'GOOD IN PART' ? exitOfVerdict('good-in-part', allowUncompiled) : EXIT_OF[word];
}

/** The night's lock, the history, the branches one after the other, and the night's text on stdout. */
export async function nightlyCommand(file: string, flags: NightlyFlags): Promise<number> {
  const config = loadNightlyConfig(file);
  return withContext({jsonl: flags.jsonl === true, folders: flags.dryRun ? 'copy' : 'touch'}, async (ctx, listen) => {
    if (flags.dryRun) return dryNight(ctx, config);
    await using history = await openHistory(ctx.paths);
    await using _night = await holdNight(ctx, history);
    let current: RunDir | undefined;
    listen((event) => current?.record(event));
    const record = (run: RunDir): void => {
      current = run;
    };
    const {report, folder} = await runNight(ctx, config, history, {
      record,
      exitOf: (night) => exitOfNight(night, config),
    });
    if (flags.json) sayJson(report);
    else if (flags.jsonl) sayJson({type: 'night', report}, 0);
    else say(`${renderNight(report)}\nfiles: ${folder}`);
    return report.exit ?? EXIT.ours;
  });
}

/** Makes no history and takes no lock. */
async function dryNight(ctx: Context, config: ReturnType<typeof loadNightlyConfig>): Promise<number> {
  if (!hasHistory(ctx.paths)) {
    sayScreen(await planNight(ctx, config, undefined));
    return EXIT.good;
  }
  await using history = await openHistory(ctx.paths);
  sayScreen(await planNight(ctx, config, history));
  return EXIT.good;
}
