// SPDX-License-Identifier: MIT
/**
 * Measures the search of `kverdict bisect` on histories with a known culprit, and prints the table of docs/bisect.md.
 *
 *   node dist/scripts/simulate-bisect.js                        10 000 histories a row: some minutes
 *   node dist/scripts/simulate-bisect.js --histories 100        a look
 *   node dist/scripts/simulate-bisect.js --write-docs           bring the table in docs/bisect.md up to date
 *
 * Exits 1 when a row is right less often than the confidence that was asked for.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads';
import {type Measured, type Setting, type SimulationOptions, simulate} from '../harness/bisect/simulate.js';
import {resolvePaths} from '../harness/lib/paths.js';

const SIZES = [16, 256, 4096];
const RATES = [1, 0.5, 0.2, 0.05];
const FALSE_FAILURES = [0, 0.01];
const TABLE_BEGIN = '<!-- simulation: begin -->';
const TABLE_END = '<!-- simulation: end -->';

type Job = Setting & {options: SimulationOptions};

if (isMainThread) {
  process.exitCode = await main(process.argv.slice(2));
} else {
  const {options, ...setting} = workerData as Job;
  parentPort?.postMessage(simulate(setting, options));
}

async function main(argv: readonly string[]): Promise<number> {
  const at = argv.indexOf('--histories');
  const histories = at < 0 ? 10_000 : Number(argv[at + 1]);
  const known = argv.filter((word, index) => word !== '--write-docs' && word !== '--histories' && index !== at + 1);
  if (!Number.isInteger(histories) || histories < 1 || (known.length > 0 && at !== 0)) {
    console.error('usage: simulate-bisect [--histories N] [--write-docs]');
    return 129;
  }
  const options: SimulationOptions = {confidence: 0.99, histories, seed: 1, buildCost: 4};
  const settings = SIZES.flatMap((size) =>
    RATES.flatMap((bad) => FALSE_FAILURES.map((falseFailures): Setting => ({size, bad, falseFailures}))),
  );
  const rows = await runAll(settings.map((setting) => ({...setting, options})));
  const table = render(rows, options);
  console.log(table);
  if (argv.includes('--write-docs')) writeTable(table);
  return rows.every(({right}) => right >= options.confidence) ? 0 : 1;
}

/** Each row in a thread of its own, as many at once as there are cores; the long ones first. */
async function runAll(jobs: readonly Job[]): Promise<Measured[]> {
  const rows = new Map<number, Measured>();
  const waiting = [...jobs.keys()].reverse();
  const lane = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const job = jobs[index];
      if (job === undefined) return;
      rows.set(index, await inThread(job));
      console.error(`${rows.size} of ${jobs.length}: ${job.size} commits, ${job.bad}, ${job.falseFailures}`);
    }
  };
  await Promise.all(Array.from({length: availableParallelism()}, lane));
  return jobs.flatMap((_, index) => rows.get(index) ?? []);
}

function inThread(job: Job): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), {workerData: job});
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function render(rows: readonly Measured[], {confidence, histories, seed, buildCost}: SimulationOptions): string {
  const head = [
    `${histories} histories a row, confidence ${confidence}, a build costs ${buildCost} attempts, seed ${seed}.`,
    '',
    '| commits | fails, bad | fails, good | right | attempts | at the ends | builds | plain: right | plain: attempts | bound |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
  ];
  const body = rows.map((row) => {
    const {size, bad, falseFailures, right, attempts, endAttempts, builds, plainRight, plainAttempts, bound} = row;
    const counts = [attempts, endAttempts, builds].map((count) => count.toFixed(1));
    const cells = [size, bad, falseFailures, right.toFixed(4), ...counts, plainRight.toFixed(4)];
    return `| ${[...cells, plainAttempts.toFixed(1), bound.toFixed(1)].join(' | ')} |`;
  });
  return [...head, ...body].join('\n');
}

function writeTable(table: string): void {
  const file = join(resolvePaths().project, 'docs/bisect.md');
  const text = readFileSync(file, 'utf8');
  const [begin, end] = [text.indexOf(TABLE_BEGIN), text.indexOf(TABLE_END)];
  if (begin < 0 || end < begin) throw new Error(`${file} has no place for the table: ${TABLE_BEGIN} and ${TABLE_END}`);
  writeFileSync(file, `${text.slice(0, begin)}${TABLE_BEGIN}\n${table}\n${text.slice(end)}`);
}
