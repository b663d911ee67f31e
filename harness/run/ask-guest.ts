// SPDX-License-Identifier: MIT
/** One guest of a profile, asked what it reports and put to the profile's self-checks. */
import type {ArchName, KernelBuild} from '../kernel/kernel-build.js';
import type {Context} from '../lib/context.js';
import {shellQuote} from '../lib/shell-quote.js';
import type {Profile} from '../machine/profile.js';
import {compileSuites} from '../suite/compile.js';
import {setUpGuest} from '../suite/guest-setup.js';
import {makeSuite} from '../suite/manifest.js';
import {runTest} from '../suite/run-test.js';
import type {Suite} from '../suite/suite.js';
import {judgeAttempt} from '../verdict/outcome.js';
import {bootOn} from './boot-for-unit.js';
import type {Work} from './build-everything.js';
import type {Bench} from './lab.js';
import {variablesFor} from './prepare.js';

export interface Said {
  passed: number;
  /** The first check that did not pass, and how many others. */
  failure?: string;
  /** It may be another answer the next time: a busy host, a compiler that is not installed. */
  unsure?: true;
}

/** Seconds a self-check may take with KVM on an ordinary host. */
const CHECK_SECONDS = 5;
/** MiB; the programs need little, and what a profile has for its suites would only cost time. */
const MEMORY = 512;

/** @throws BootFailed or InfraError when the guest does not come up */
export async function askGuest(ctx: Context, work: Work, bench: Bench, kernel: KernelBuild): Promise<Said> {
  const {profile, accelerator} = bench;
  const suite = selfCheckSuite(profile);
  const compiled = await compile(ctx, work, profile.arch, suite);
  const [missing] = compiled.missing;
  if (missing !== undefined) {
    return {passed: 0, unsure: true, failure: `self-check \`${missing.program}\` was not built: ${missing.reason}`};
  }
  const folder = `selfchecks/${profile.name}-${accelerator.kind}-${kernel.key.slice(0, 8)}`;
  const shape = {
    name: 'check',
    vcpus: Math.min(2, profile.vcpus),
    memory: Math.min(MEMORY, profile.memory),
    cmdline: '',
    directory: work.run.folder(folder),
  };
  const scale = (seconds: number) => bench.pace.limit(accelerator, seconds);
  await using guest = await bootOn(ctx, work.run, bench, kernel, shape);
  const broken = await setUpGuest(guest, suite, compiled.directory, scale);
  if (broken !== undefined)
    return {passed: 0, failure: broken.reason, ...(broken.blame === 'infra' ? {unsure: true} : {})};

  let passed = 0;
  let unsure = false;
  const failures: string[] = [];
  for (const test of suite.tests) {
    const attempt = await runTest(ctx, {
      ...{guest, scale, side: 'base', profile: profile.name, number: 1, config: new Map()},
      test: {suite, test, name: test.name, run: test.run},
      runDirectory: work.run.path,
      log: `${folder}/${test.name}.log`,
    });
    const outcomes = judgeAttempt(attempt);
    passed += outcomes.filter(({status}) => status === 'pass').length;
    failures.push(
      ...outcomes
        .filter(({status}) => status !== 'pass')
        .map(({key, status, reason}) => wordsOf(test.name, key, status, reason)),
    );
    unsure ||=
      attempt.notRun?.blame === 'infra' ||
      attempt.exit.endedBy === 'timeout' ||
      (attempt.lost !== undefined && attempt.lost.how !== 'panic');
    // One wrong answer is enough, and the next program would need what this one missed.
    if (failures.length > 0) break;
  }
  const [first] = failures;
  if (first === undefined) return {passed};
  const others = failures.length === 1 ? '' : `, and ${failures.length - 1} more`;
  return {passed, failure: `${first}${others}`, ...(unsure ? {unsure: true} : {})};
}

/** `self-check \`mte\` failed: a stored tag is loaded again` */
function wordsOf(test: string, key: string, status: string, reason: string | undefined): string {
  const check = key === test ? '' : `: ${key.slice(test.length + 1)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  if (test === REPORTS) return `the guest does not report what it must${check}${why}`;
  return `self-check \`${test}\` ${VERB[status] ?? `ended as ${status}`}${check}${why}`;
}

const VERB: Readonly<Partial<Record<string, string>>> = {fail: 'failed', skip: 'was skipped', timeout: 'took too long'};
const REPORTS = 'reports';

/** The self-checks as a suite, so that they are built, pushed, run and read as every test is. */
export function selfCheckSuite(profile: Profile): Suite {
  const {selfChecks, selfCheckDirectory} = profile;
  const reports = reportsScript(profile);
  return makeSuite(selfCheckDirectory, {
    summary: `self-checks of ${profile.name}`,
    profiles: [profile.name],
    programs: selfChecks.map((name) => ({own: name, sources: [`${name}.c`]})),
    guest: {},
    tests: [
      ...(reports === undefined ? [] : [{name: REPORTS, run: reports, timeout: CHECK_SECONDS}]),
      ...selfChecks.map((name) => ({name, run: `./${name}`, timeout: CHECK_SECONDS})),
    ],
  });
}

/** Prints KTAP: one line for each thing that the guest must report. */
function reportsScript({reports: {hwcaps, paths}}: Profile): string | undefined {
  const checks = [
    ...hwcaps.map((word) => ({
      name: `${word} in /proc/cpuinfo`,
      when: `grep -E '^(Features|flags)[[:space:]]*:' /proc/cpuinfo | grep -qw ${shellQuote(word)}`,
    })),
    // The pattern is not quoted: it is for the guest's shell to fill in. The schema lets nothing else through.
    ...paths.map((path) => ({name: path.replaceAll('*', '+'), when: `set -- ${path} && [ -e "$1" ]`})),
  ];
  if (checks.length === 0) return undefined;
  const lines = checks.map(({name, when}, index) => {
    const line = shellQuote(`ok ${index + 1} ${name}`);
    return `if ${when}; then echo ${line}; else echo ${shellQuote('not ')}${line}; fi`;
  });
  return [`echo 'KTAP version 1'; echo 1..${checks.length}`, ...lines].join('\n');
}

async function compile(
  ctx: Context,
  {tree, run, request}: Work,
  arch: ArchName,
  suite: Suite,
): Promise<{directory: string; missing: readonly {program: string; reason: string}[]}> {
  const compiled = await compileSuites(ctx, {
    suites: [suite],
    arch,
    sourceDir: tree.sourceDir,
    outDir: run.folder('selfchecks', 'programs', suite.profiles[0] ?? ''),
    variables: variablesFor(arch, request.variables),
    installHeaders: () => Promise.reject(new Error('A self-check has no program of the tree')),
  });
  const built = compiled.get(suite.name);
  if (built === undefined) throw new Error(`${suite.name} was not compiled`);
  return built;
}
