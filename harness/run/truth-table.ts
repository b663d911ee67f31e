// SPDX-License-Identifier: MIT
import {availableParallelism} from 'node:os';
import {Worker} from 'node:worker_threads';
import type {Context} from '../lib/context.js';
import {InfraError} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import {VERSION} from '../lib/version.js';
import type {Design} from '../verdict/design.js';
import {type Cell, type CellResult, cellsOf, TRUTH_TABLE_SCHEMA, type TruthTable} from '../verdict/truth-table.js';

/** What a worker gets. */
export interface CellWork {
  cell: Cell;
  design: Pick<Design, 'alpha' | 'power'>;
  runs: number;
  seed: number;
}

/** Every cell, on all cores. A cell has a seed of its own, so the table does not depend on their number. */
export async function makeTruthTable(
  ctx: Context,
  design: Pick<Design, 'alpha' | 'power' | 'maxRuns'>,
  runs: number,
  seed: number,
): Promise<TruthTable> {
  const cells = cellsOf(design);
  const results: CellResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < cells.length; index = next++) {
      const cell = cells[index];
      if (cell === undefined) return;
      const label = `${runs} runs: base ${cell.rates.base}, patched ${cell.rates.patched}, ${cell.first} first attempts`;
      results[index] = await inStep(ctx.emit, 'simulate', `cell ${index}`, label, async (step) => {
        const result = await inWorker(ctx, {cell, design, runs, seed: seed + index});
        step.end('ok', result.found === undefined ? `alarms ${result.alarms.rate}` : `found ${result.found.rate}`);
        return result;
      });
    }
  };
  await Promise.all(Array.from({length: availableParallelism()}, work));
  return {schema: TRUTH_TABLE_SCHEMA, kverdict: VERSION, ...design, runs, seed, cells: results};
}

function inWorker(ctx: Context, workerData: CellWork): Promise<CellResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./truth-table-worker.js', import.meta.url), {workerData});
    const stop = (): void => void worker.terminate().then(() => reject(ctx.signal.reason));
    ctx.signal.addEventListener('abort', stop, {once: true});
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      ctx.signal.removeEventListener('abort', stop);
      reject(new InfraError(`A simulation ended with ${code} and without a result`));
    });
  });
}
