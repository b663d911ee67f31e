// SPDX-License-Identifier: MIT
import {renderItself} from '../../reports/itself.js';
import {UsageError} from '../lib/errors.js';
import {checkItself} from '../run/itself.js';
import type {Request} from '../run/request.js';
import {RunDir} from '../run/run-dir.js';
import {type ItselfVerdict, itselfVerdict} from '../verdict/itself.js';
import type {SelfcheckFlags} from './commands/selfcheck.js';
import {EXIT} from './exit-codes.js';
import {sayJson, sayScreen} from './say.js';
import {withContext} from './with-context.js';

const EXIT_OF: Readonly<Record<ItselfVerdict, number>> = {
  passed: EXIT.good,
  failed: EXIT.bad,
  'cannot-tell': EXIT.cannotTell,
};

/** A kernel against itself, so many times: the rate of false alarms on stdout, and the exit code. */
export async function itselfCommand(runs: number, request: Request, flags: SelfcheckFlags): Promise<number> {
  if (runs === 0 && flags.recorded.length === 0) {
    throw new UsageError('`--aa 0` runs nothing, and there is nothing recorded', {hint: 'Give --recorded a folder.'});
  }
  return withContext({jsonl: false}, async (ctx, listen) => {
    const run = RunDir.open(ctx.paths, request.out, new Date());
    let current: RunDir = run;
    listen((event) => current.record(event));
    try {
      const report = await checkItself(ctx, {
        ...{runs, request, run, resample: flags.resample, seed: flags.seed, recorded: flags.recorded},
        onRun: (own) => {
          current = own ?? run;
        },
      });
      if (flags.json) sayJson(report);
      else sayScreen(renderItself(report, run.path));
      return EXIT_OF[itselfVerdict(report)];
    } finally {
      run.close();
    }
  });
}
