// SPDX-License-Identifier: MIT
import {renderTerminal} from '../../reports/terminal.js';
import type {Emit} from '../lib/events.js';
import {resolvePaths} from '../lib/paths.js';
import {shellQuote} from '../lib/shell-quote.js';
import {Ledger} from '../run/ledger.js';
import {runSuites, verifySeries} from '../run/pipeline.js';
import {placeRun, placeSeries} from '../run/place.js';
import {makePlan} from '../run/prepare.js';
import type {Request} from '../run/request.js';
import {RunDir} from '../run/run-dir.js';
import {writeReports} from '../run/write-reports.js';
import type {Results} from '../verdict/results.js';
import {EXIT, exitOfVerdict} from './exit-codes.js';
import {sayJson, sayScreen, tell} from './say.js';
import {wantsColour, widthOf} from './terminal.js';
import {withContext} from './with-context.js';

interface OutputFlags {
  json?: boolean;
  jsonl?: boolean;
  dryRun?: boolean;
  allowUncompiled?: boolean;
}

const PLACES = {verify: placeSeries, run: placeRun} as const;
const PIPELINES = {verify: verifySeries, run: runSuites} as const;

/** What verify and run have in common: a folder, a pipeline, reports, and the last screen on stdout. */
export async function runCommand(verb: keyof typeof PIPELINES, request: Request, flags: OutputFlags): Promise<number> {
  return withContext({jsonl: flags.jsonl === true, folders: flags.dryRun ? 'copy' : 'touch'}, async (ctx, listen) => {
    if (flags.dryRun) {
      const {dryRun} = await import('../run/dry-run.js');
      const ledger = new Ledger(request.commandLine);
      const placed = await PLACES[verb](ctx, request, ledger);
      const lines = await dryRun(ctx, makePlan(ctx, request), placed, request);
      // What was asked was a copy; a run has these places.
      sayScreen(lines.replaceAll(ctx.paths.cache, shellQuote(resolvePaths().cache)));
      return EXIT.good;
    }
    const run = RunDir.open(ctx.paths, request.out, new Date());
    const record: Emit = (event) => run.record(event);
    listen(record);
    try {
      const results = await PIPELINES[verb](ctx, request, run);
      writeReports(run, results);
      print(results, run, flags);
      return exitOfVerdict(results.verdict, flags.allowUncompiled);
    } finally {
      run.close();
    }
  });
}

function print(results: Results, run: RunDir, flags: OutputFlags): void {
  if (flags.json) sayJson(results);
  else if (flags.jsonl) sayJson({type: 'results', results}, 0);
  else {
    const text = renderTerminal(results, {
      colour: wantsColour(process.stdout),
      width: widthOf(process.stdout),
      out: run.path,
    });
    sayScreen(text);
  }
  if (flags.json || flags.jsonl) tell(`reports: ${run.path}`);
}
