// SPDX-License-Identifier: MIT
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {inStep} from '../lib/events.js';
import {VERSION} from '../lib/version.js';
import type {Attempt} from '../suite/attempt.js';
import {openTree} from '../tree/open-tree.js';
import {kernelVersionAt, resolveCommit} from '../tree/resolve.js';
import {
  falseAlarmsOf,
  ITSELF_SCHEMA,
  type ItselfReport,
  type ItselfRun,
  isFalseAlarm,
  itselfRun,
  resample,
} from '../verdict/itself.js';
import {verifyItself} from './pipeline.js';
import {designOf, type Request} from './request.js';
import {RunDir} from './run-dir.js';
import {writeReports} from './write-reports.js';

export const ITSELF_FILE = 'itself.json';
/** What every run saw, by its number: `--recorded` draws from them. */
const ATTEMPTS_FILE = 'attempts.json';

export interface ItselfRequest {
  /** Live runs. */
  runs: number;
  /** Runs that are drawn from what the live ones recorded. */
  resample: number;
  seed: number;
  /** Folders of earlier ones: their runs are counted and drawn from as well. */
  recorded: readonly string[];
  /** No series. */
  request: Request;
  run: RunDir;
  /** Told which run's folder events belong to; undefined: to none. */
  onRun: (run: RunDir | undefined) => void;
}

interface Recorded {
  report: ItselfReport;
  attempts: Attempt[][];
}

/**
 * A kernel against itself, so many times, each a run of its own through the whole of `verify`. The report is written anew
 * after each: what was won stays when the next one is interrupted.
 */
export async function checkItself(ctx: Context, work: ItselfRequest): Promise<ItselfReport> {
  const {request, run} = work;
  const started = new Date();
  const tree = await openTree(ctx, {tree: request.tree});
  const commit = await resolveCommit(ctx, tree, request.rev ?? tree.head);
  const earlier = work.recorded.map(readRecorded);
  const attempts = earlier.flatMap((one) => one.attempts);
  const report: ItselfReport = {
    ...{schema: ITSELF_SCHEMA, kverdict: VERSION, command: request.commandLine, started: started.toISOString()},
    ...{seconds: 0, complete: false},
    tree: {origin: tree.origin, commit, kernelVersion: await kernelVersionAt(ctx, tree, commit)},
    machines: [...new Set(earlier.flatMap((one) => one.report.machines))],
    design: earlier[0]?.report.design ?? designOf(request),
    runs: earlier.flatMap((one) => one.report.runs.map(({folder: _, ...rest}) => rest)),
    falseAlarms: falseAlarmsOf([]),
  };
  const write = (): void => {
    report.seconds = (Date.now() - started.getTime()) / 1000;
    report.falseAlarms = falseAlarmsOf(report.runs);
    run.write(ATTEMPTS_FILE, `${JSON.stringify(attempts)}\n`);
    run.write(ITSELF_FILE, `${JSON.stringify(report, null, 2)}\n`);
  };
  for (let number = 1; number <= work.runs; number++) {
    const label = `the kernel against itself, ${number} of ${work.runs}`;
    await inStep(ctx.emit, 'itself', `itself ${number}`, label, async (step) => {
      const one = await runOnce(ctx, {...work, request: {...request, rev: commit}}, number);
      attempts.push(one.attempts);
      report.runs.push(one.report);
      report.machines = [...new Set([...report.machines, ...one.machines])];
      report.design = one.design ?? report.design;
      step.end(isFalseAlarm(one.report) ? 'failed' : 'ok', `${one.report.verdict}: ${one.report.because}`);
    });
    write();
  }
  if (work.resample > 0) report.resampled = resample(attempts.flat(), report.design, work.resample, work.seed);
  report.complete = true;
  write();
  return report;
}

async function runOnce(
  ctx: Context,
  {request, run, onRun}: ItselfRequest,
  number: number,
): Promise<{report: ItselfRun; attempts: Attempt[]; machines: string[]; design: ItselfReport['design'] | undefined}> {
  const folder = join('itself', String(number));
  const own = RunDir.open(ctx.paths, join(run.path, folder), new Date());
  onRun(own);
  try {
    const {results, ledger} = await verifyItself(ctx, request, own);
    writeReports(own, results);
    const machines = results.guests.map(
      ({profile, qemu, accelerator}) => `${profile}: QEMU ${qemu}, ${accelerator.kind}`,
    );
    return {
      report: itselfRun(results, ledger.attempts, folder),
      attempts: ledger.attempts,
      machines: [...new Set(machines)],
      design: ledger.design,
    };
  } finally {
    onRun(undefined);
    own.close();
  }
}

/** @throws UserError for a folder that holds none */
function readRecorded(folder: string): Recorded {
  const [report, attempts] = [join(folder, ITSELF_FILE), join(folder, ATTEMPTS_FILE)];
  if (!existsSync(report) || !existsSync(attempts)) {
    throw new UserError(`\`${folder}\` holds no recorded run of a kernel against itself`, {
      hint: `It is a folder that \`kverdict selfcheck --aa N --out DIR\` wrote, with ${ITSELF_FILE} and ${ATTEMPTS_FILE}.`,
    });
  }
  try {
    return {report: JSON.parse(readFileSync(report, 'utf8')), attempts: JSON.parse(readFileSync(attempts, 'utf8'))};
  } catch (error) {
    throw new UserError(`\`${folder}\` cannot be read`, {cause: error});
  }
}
