// SPDX-License-Identifier: MIT
import {renderTruthTable, TRUTH_BEGIN, updateTruthTable} from '../../reports/truth-table.js';
import type {Request} from '../run/request.js';
import {makeTruthTable} from '../run/truth-table.js';
import {brokenPromise} from '../verdict/truth-table.js';
import type {SelfcheckFlags} from './commands/selfcheck.js';
import {documentOf} from './document.js';
import {EXIT} from './exit-codes.js';
import {say, sayJson} from './say.js';
import {withContext} from './with-context.js';

/** Known failure rates through the judging: the tables on stdout, and whether every cell holds what is stated. */
export async function simulateCommand(runs: number, request: Request, flags: SelfcheckFlags): Promise<number> {
  return withContext({jsonl: false}, async (ctx) => {
    const document = documentOf(ctx, flags.writeDocs, 'docs/statistics.md', TRUTH_BEGIN);
    const {alpha, power, maxRuns} = request;
    const table = await makeTruthTable(ctx, {alpha, power, maxRuns}, runs, flags.seed);
    document?.((text) => updateTruthTable(text, table));
    if (flags.json) sayJson(table);
    else say(renderTruthTable(table));
    return table.cells.some((cell) => brokenPromise(cell, table) !== undefined) ? EXIT.bad : EXIT.good;
  });
}
