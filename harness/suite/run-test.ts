// SPDX-License-Identifier: MIT
import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Guest, GuestRunResult} from '../guest/guest.js';
import type {Side} from '../kernel/kernel-build.js';
import {createLineFeeder} from '../ktap/line-feeder.js';
import {createReader} from '../ktap/reader.js';
import type {TestExit, TestReport} from '../ktap/result.js';
import {explainSkips} from '../ktap/skip-reason.js';
import type {Context} from '../lib/context.js';
import {diskFull, isDiskFull} from '../lib/disk-full.js';
import {inStep, type Step} from '../lib/events.js';
import {shellQuote} from '../lib/shell-quote.js';
import type {Limit, Scale} from '../machine/host-pace.js';
import type {Attempt} from './attempt.js';
import type {RunnableTest} from './expand.js';
import {guestDirectory} from './guest-setup.js';
import {hostFault} from './host-fault.js';
import type {KernelWatch} from './kernel-watch.js';
import {MAX_LOG_BYTES, RawLog} from './raw-log.js';
import type {Test} from './suite.js';

export interface RunTestOptions {
  guest: Guest;
  test: RunnableTest;
  side: Side;
  profile: string;
  /** 1-based. */
  number: number;
  /** Makes this host's limit of the test's own. */
  scale: Scale;
  /** What the guest's kernel was configured with: `CONFIG_X` and its value. */
  config: ReadonlyMap<string, string>;
  runDirectory: string;
  /** Relative to the run's folder. */
  log: string;
  /** Of this guest; without it only the test's own words count (self-checks of a machine). */
  watch?: KernelWatch;
  /** Keep the memory of a guest that hangs: a file of the guest's size. */
  dumpGuest?: boolean | undefined;
}

/** Looks like a result at any depth. */
const RESULT = /^[\s#]*(?:not )?ok\b/;
const PROGRESS_MS = 1000;

/**
 * Runs one test once. Whatever the test does is in the attempt: a hang, a panic and a guest that went away are answers.
 *
 * @throws InfraError when the log cannot be written
 */
export async function runTest(ctx: Context, options: RunTestOptions): Promise<Attempt> {
  const {guest, test, side, profile, number} = options;
  const startedAt = Date.now();
  const skipExpected = whySkip(test.test, options.config);
  const identity = {profile, suite: test.suite.name, test: test.name, side, number, guest: guest.name};
  if (test.notRun !== undefined) {
    const report = {results: [], problems: []};
    return {...identity, exit: {code: null}, report, notRun: test.notRun, seconds: 0};
  }
  const label = `${test.suite.name}:${test.name} ${side} #${number} on ${profile}`;
  const id = `attempt-${profile}-${side}-${test.suite.name}-${test.name}-${number}`;
  return await inStep(ctx.emit, 'attempt', id, label, async (step) => {
    const limit = limitOf(test.test, options.scale);
    const {done, exit, report} = await runAndRead(options, limit, countResults(step));
    const kernel = await options.watch?.look(done.lost === undefined);
    const lost = done.lost === undefined ? kernel?.lost : howLost(done.lost, guest);
    const diagnosed = lost?.how === 'silent' ? await diagnoseHang(options) : {};
    const bad = report.results.filter(({status}) => !['pass', 'skip', 'xfail'].includes(status)).length;
    const splat = kernel?.splats[0];
    const said = bad === 0 ? undefined : `${bad} of ${report.results.length} did not pass`;
    const host = hostFault(done, kernel);
    step.end('ok', host ?? (splat === undefined ? (lost?.detail ?? said) : `the kernel: ${splat.title}`));
    return {
      ...identity,
      startedAt,
      exit: lost === undefined ? exit : {code: null, endedBy: 'guest-lost'},
      report,
      ...(kernel === undefined ? {} : {kernel}),
      ...diagnosed,
      ...(lost === undefined ? {} : {lost}),
      ...(host === undefined ? {} : {notRun: {status: 'error', reason: host, blame: 'infra'}}),
      limit,
      ...(done.given === undefined ? {} : {given: done.given}),
      ...(skipExpected === undefined ? {} : {skipExpected}),
      ...notRead(report, kernel, lost),
      seconds: done.seconds,
      log: options.log,
    };
  });
}

/** Output that our reader does not know is our fault, unless the kernel said something meanwhile: that stands. */
function notRead(
  {unread}: TestReport,
  kernel: Attempt['kernel'],
  lost: Attempt['lost'],
): Pick<Attempt, 'notRun'> | undefined {
  if (unread === undefined || lost !== undefined) return undefined;
  const isQuiet = kernel === undefined || kernel.splats.length + (kernel.taint?.fresh.length ?? 0) === 0;
  return isQuiet ? {notRun: {status: 'error', reason: unread, blame: 'infra'}} : undefined;
}

function whySkip({skipWithout}: Test, config: ReadonlyMap<string, string>): string | undefined {
  return Object.entries(skipWithout).find(([symbol]) => !config.has(symbol))?.[1];
}

/** A limit that the user or the tree sets on the clock is not scaled; it too counts the time that the host gives. */
function limitOf({timeout, wallTimeout}: Test, scale: Scale): Limit {
  return wallTimeout === undefined ? scale(timeout) : {seconds: wallTimeout, because: 'as it was asked for'};
}

async function runAndRead(
  {guest, test, runDirectory, log}: RunTestOptions,
  limit: Limit,
  seen: (line: string) => void,
): Promise<{
  done: GuestRunResult;
  exit: TestExit;
  report: TestReport;
}> {
  const file = join(runDirectory, log);
  const reader = createReader(test.test.reader);
  const feeder = createLineFeeder((text, end) => {
    seen(text);
    reader.line(text, end);
  });
  const raw = openLog(file);
  let done: GuestRunResult;
  try {
    done = await guest.run(`cd ${shellQuote(guestDirectory(test.suite))} && { ${test.run}\n}`, {
      timeoutSeconds: limit.seconds,
      onOutput: (chunk) => {
        raw.write(chunk);
        feeder.write(chunk);
      },
    });
  } finally {
    closeLog(raw, file);
  }
  feeder.end();
  const exit = exitOf(done);
  const report = explainSkips(reader.end(exit));
  if (!raw.isCut) return {done, exit, report};
  const message = `it printed ${raw.bytes} bytes; all of them were read, the log holds the first ${MAX_LOG_BYTES}`;
  return {done, exit, report: {...report, problems: [...report.problems, {line: 0, message}]}};
}

/** A guest that hangs is about to be ended: first whatever it can still tell. */
async function diagnoseHang({
  guest,
  runDirectory,
  log,
  dumpGuest,
}: RunTestOptions): Promise<Pick<Attempt, 'diagnosis' | 'memoryDump'>> {
  const stem = log.replace(/\.log$/, '');
  const [diagnosis, memoryDump] = [`${stem}.diagnosis.txt`, `${stem}.core`];
  const text = await guest.diagnose(dumpGuest ? {memoryDump: join(runDirectory, memoryDump)} : {});
  const file = join(runDirectory, diagnosis);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw isDiskFull(error) ? diskFull(file, 1, 'the diagnosis of a guest', error) : error;
  }
  return {diagnosis, ...(existsSync(join(runDirectory, memoryDump)) ? {memoryDump} : {})};
}

/** A test of minutes and thousands of results shows that it goes on; the reader alone says what counts. */
export function countResults(step: Pick<Step, 'progress'>, now = () => performance.now()): (line: string) => void {
  let results = 0;
  let told = now();
  return (line) => {
    if (!RESULT.test(line)) return;
    results++;
    if (now() - told < PROGRESS_MS) return;
    told = now();
    step.progress(results, undefined, 'results');
  };
}

function exitOf(done: GuestRunResult): TestExit {
  if (done.lost !== undefined) return {code: null, endedBy: 'guest-lost'};
  if (done.timedOut) return {code: null, endedBy: 'timeout'};
  return {code: done.code};
}

/** The console is asked first: a panic makes QEMU exit and SSH go quiet as well. */
function howLost(detail: string, guest: Guest): NonNullable<Attempt['lost']> {
  if (/panic/i.test(detail) || /Kernel panic - not syncing/.test(guest.console())) return {how: 'panic', detail};
  return {how: /\bQEMU\b.*\b(exit|end|gone|kill)/i.test(detail) ? 'qemu-exited' : 'silent', detail};
}

function openLog(file: string): RawLog {
  try {
    return new RawLog(file);
  } catch (error) {
    throw isDiskFull(error) ? diskFull(file, MAX_LOG_MIB, "a test's log", error) : error;
  }
}

function closeLog(log: RawLog, file: string): void {
  try {
    log.close();
  } catch (error) {
    throw isDiskFull(error) ? diskFull(file, MAX_LOG_MIB, "a test's log", error) : error;
  }
}

const MAX_LOG_MIB = MAX_LOG_BYTES / 1024 / 1024;
