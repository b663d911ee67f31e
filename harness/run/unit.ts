// SPDX-License-Identifier: MIT
import {readFileSync} from 'node:fs';
import type {Guest} from '../guest/guest.js';
import {configValues} from '../kernel/kconfig.js';
import type {Context} from '../lib/context.js';
import {InfraError, KernelError} from '../lib/errors.js';
import type {Scale} from '../machine/host-pace.js';
import {type Attempt, BOOT_TEST} from '../suite/attempt.js';
import type {CompiledSuite} from '../suite/compile.js';
import {expandTests, notBuilt, type RunnableTest} from '../suite/expand.js';
import {type NotRun, setUpGuest} from '../suite/guest-setup.js';
import {KernelWatch} from '../suite/kernel-watch.js';
import {runTest} from '../suite/run-test.js';
import {matches} from '../suite/select.js';
import type {GuestRecord} from '../verdict/results.js';
import {bootForUnit} from './boot-for-unit.js';
import {fileName} from './file-name.js';
import {isGivenUp, type Tries, triesIn, wantsProof} from './given-up.js';
import {type Bench, kernelKey, type Lab} from './lab.js';
import type {Unit} from './schedule.js';
import {skipOn} from './untestable.js';

/**
 * Runs one unit to its end, whatever happens to its guests: a guest that is lost costs the test that ran on it, and
 * the rest goes on in a new one. What was seen goes to the ledger.
 */
export async function runUnit(ctx: Context, lab: Lab, unit: Unit): Promise<void> {
  const bench = lab.benches.get(unit.profile);
  const kernel = lab.kernels.get(kernelKey(lab.archOf(unit.profile), unit.side));
  // The ledger says already why: a build that failed, a profile that this host cannot be trusted with.
  if (bench === undefined || kernel === undefined || isGivenUp(triesOn(lab, unit.profile), unit.side)) return;
  let left: RunnableTest[] | undefined;
  for (;;) {
    const rest = await runInOneGuest(ctx, lab, bench, unit, left);
    if (rest === AGAIN) continue;
    if (rest.length === 0) return;
    left = rest;
  }
}

const triesOn = (lab: Lab, profile: string): Tries => triesIn(lab.ledger.guests, profile, lab.nameOf);

/** The guest did not come up, which once is no proof: another one is to be tried. */
const AGAIN = 'again';

/**
 * @param planned what an earlier guest of this unit left; undefined: all of the unit
 * @returns the tests that are still to be run, in another guest
 */
async function runInOneGuest(
  ctx: Context,
  lab: Lab,
  bench: Bench,
  unit: Unit,
  planned: RunnableTest[] | undefined,
): Promise<RunnableTest[] | typeof AGAIN> {
  const {suite, profile, side} = unit;
  const giveUp = (notRun: NotRun): RunnableTest[] => {
    // Without a base a kernel that does not boot is neither good nor bad: the guest's record says it, no test fails.
    if (notRun.status === 'crash' && lab.nameOf(side) === 'only') return [];
    for (const name of planned?.map((test) => test.name) ?? declaredNames(lab, bench, unit)) {
      attemptsFor(lab, unit).push(notRunAttempt(name, unit, notRun));
    }
    return [];
  };
  const untestable = skipOn(lab.untestable, unit);
  if (untestable !== undefined) return giveUp(untestable);
  const modules = lab.modules.get(kernelKey(lab.archOf(profile), side))?.get(suite.name);
  const [absent] = modules?.missing ?? [];
  // The set-up of every test wants it; there is nothing to boot a guest for.
  if (absent !== undefined) return giveUp(notBuilt(absent));
  const giveBackMemory = await lab.tokens.acquire({cpus: 0, memory: suite.guest.memory}, ctx.signal);
  try {
    const {guest, record} = await bootForUnit(ctx, lab, bench, unit);
    await using _guest = guest;
    const prepared = await withCores(ctx, lab, 1, async () => {
      const programs = programsFor(bench, unit)?.directory ?? '';
      const failure = await setUpGuest(guest, suite, programs, scaleOf(bench), modules?.files);
      return failure ?? planned ?? (await testsOf(lab, bench, unit, guest));
    });
    const watch = new KernelWatch(guest, lab.policy, {suite: suite.name, profile});
    const lost = 'status' in prepared ? prepared.lost : undefined;
    const booted = await bootAttempt(watch, lost, unit, guest.name);
    if (lost !== undefined) Object.assign(record, {ended: 'lost', detail: lost.detail});
    // Base's own selftests run on a kernel whose boots are told already.
    let last: Attempt = {...booted, ...consoleOf(record)};
    if (!unit.own) lab.ledger.attempts.push(last);
    if (!Array.isArray(prepared)) return giveUp(prepared);
    for (const [index, test] of prepared.entries()) {
      const cores = suite.guest.vcpus;
      const attempt = await withCores(ctx, lab, cores, () => runOne(ctx, lab, bench, unit, watch, test));
      last = {...attempt, ...repeatOf(unit), ...consoleOf(record)};
      attemptsFor(lab, unit).push(last);
      if (attempt.lost !== undefined) {
        record.ended = 'lost';
        record.detail = attempt.lost.detail;
        return prepared.slice(index + 1);
      }
      if (silencesLockdep(attempt)) {
        await addLateReports(watch, last);
        return prepared.slice(index + 1);
      }
    }
    await addLateReports(watch, last);
    return [];
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof KernelError || error instanceof InfraError)) throw error;
    return wantsProof(triesOn(lab, profile), side) ? AGAIN : giveUp(because(error));
  } finally {
    giveBackMemory();
  }
}

/** lockdep reports once and is off until the next boot: tests behind that one need a kernel that still sees. */
function silencesLockdep({kernel}: Attempt): boolean {
  const printed = [...(kernel?.splats ?? []), ...(kernel?.allowed ?? []).map(({splat}) => splat)];
  return printed.some(({kind}) => kind === 'lockdep');
}

/** Runs `work` while it holds so many of the host's cores: tests that need them do not lie about each other. */
async function withCores<T>(ctx: Context, lab: Lab, cpus: number, work: () => Promise<T>): Promise<T> {
  const giveBack = await lab.tokens.acquire({cpus, memory: 0}, ctx.signal);
  try {
    return await work();
  } finally {
    giveBack();
  }
}

const attemptsFor = ({ledger}: Lab, {own}: Unit): Attempt[] => (own ? ledger.own : ledger.attempts);

const programsFor = ({programs, own}: Bench, unit: Unit): CompiledSuite | undefined =>
  (unit.own ? own : programs).get(unit.suite.name);

const repeatOf = ({repeat}: Unit): Pick<Attempt, 'repeat'> => (repeat === undefined ? {} : {repeat});

const scaleOf =
  ({pace, accelerator}: Bench): Scale =>
  (seconds) =>
    pace.limit(accelerator, seconds);

async function testsOf(lab: Lab, bench: Bench, unit: Unit, guest: Guest): Promise<RunnableTest[]> {
  const tests = await expandTests(guest, unit.suite, {
    arch: bench.profile.arch,
    selection: lab.selection,
    missing: programsFor(bench, unit)?.missing ?? [],
    scale: scaleOf(bench),
  });
  return tests.filter(({name, test}) => unit.only?.({name, first: lab.firstOf(test)}) ?? true);
}

const consoleOf = ({console: file}: GuestRecord): Pick<Attempt, 'console'> =>
  file === undefined ? {} : {console: file};

/**
 * What the kernel said before the first test: kept beside the tests, as every guest of both sides has it.
 *
 * @param gone the guest was lost before it
 */
async function bootAttempt(watch: KernelWatch, gone: Attempt['lost'], unit: Unit, guest: string): Promise<Attempt> {
  const {profile, suite, side, number} = unit;
  const kernel = await watch.look(gone === undefined);
  const lost = gone ?? kernel.lost;
  return {
    ...{profile, suite: suite.name, test: BOOT_TEST, side, number, guest, seconds: 0, kernel},
    ...repeatOf(unit),
    exit: lost === undefined ? {code: 0} : {code: null, endedBy: 'guest-lost'},
    ...(lost === undefined ? {} : {lost}),
    ...(kernel.starved === undefined ? {} : {notRun: {status: 'error', reason: kernel.starved, blame: 'infra'}}),
    report: {results: [{path: [], status: 'pass', diagnostics: []}], problems: []},
  };
}

/** What is printed when the last test of a guest is over is that test's, as far as anybody can tell. */
async function addLateReports(watch: KernelWatch, {kernel}: Attempt): Promise<void> {
  const late = await watch.look(false);
  kernel?.splats.push(...late.splats);
  kernel?.allowed.push(...late.allowed);
}

function runOne(
  ctx: Context,
  lab: Lab,
  bench: Bench,
  unit: Unit,
  watch: KernelWatch,
  test: RunnableTest,
): Promise<Attempt> {
  const {profile, side, number} = unit;
  const kernel = lab.kernels.get(kernelKey(bench.profile.arch, side));
  return runTest(ctx, {
    ...{guest: watch.guest, watch, test, side, profile, number, dumpGuest: lab.dumpGuest},
    config: kernel === undefined ? new Map() : configValues(readFileSync(kernel.config, 'utf8')),
    scale: scaleOf(bench),
    runDirectory: lab.run.path,
    log: `attempts/${profile}/${unit.suite.name}/${fileName(test.name)}/${side}${unit.own ? '-own' : ''}-${number}.log`,
  });
}

/** What stands in for the tests when no guest could be asked for their names. */
function declaredNames(lab: Lab, bench: Bench, {suite, only}: Unit): string[] {
  return suite.tests
    .filter((test) => {
      const {name, arches} = test;
      const here = arches.includes(bench.profile.arch) && matches(lab.selection, suite.name, name);
      return here && (only?.({name, first: lab.firstOf(test)}) ?? true);
    })
    .map(({name}) => name);
}

function because(error: Error): NotRun {
  const reason = error.message.split('\n')[0] ?? '';
  return error instanceof KernelError
    ? {status: 'crash', reason, blame: 'kernel'}
    : {status: 'error', reason, blame: 'infra'};
}

function notRunAttempt(test: string, unit: Unit, {status, reason, blame}: NotRun): Attempt {
  const {profile, suite, side, number} = unit;
  return {
    ...{profile, suite: suite.name, test, side, number, notRun: {status, reason, blame}},
    ...repeatOf(unit),
    exit: {code: null},
    report: {results: [], problems: []},
    seconds: 0,
    guest: '',
  };
}
