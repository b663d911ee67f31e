// SPDX-License-Identifier: MIT
import {availableParallelism} from 'node:os';
import {type Command, InvalidArgumentError, Option} from 'commander';
import type {MakeVariables} from '../kernel/kernel-build.js';
import {parseDuration} from '../lib/duration.js';
import {redactLine} from '../lib/secrets.js';
import {shellLine} from '../lib/shell-quote.js';
import {proofOf} from '../run/proof.js';
import type {Request} from '../run/request.js';
import {DEFAULT_ALPHA, DEFAULT_MAX_RUNS, DEFAULT_POWER} from '../verdict/design.js';

/** Options that shape a run: shared by verify, run and shell. */
export interface RunFlags {
  tree: string;
  base?: string;
  rev?: string;
  against?: string;
  profiles: string[];
  test: string[];
  runs?: number;
  maxRuns?: number;
  see?: number;
  budget?: number;
  jobs: number;
  buildJobs: number;
  alpha?: number;
  power?: number;
  selftestsFrom: 'patched' | 'base';
  force?: boolean;
  qemu?: string;
  suites: string[];
  profileDir: string[];
  lists: string[];
  dumpGuest?: boolean;
  overrideTimeout?: number;
  out?: string;
  json?: boolean;
  jsonl?: boolean;
  dryRun?: boolean;
  allowUncompiled?: boolean;
}

/** @param without what a command has no use for */
export function addRunOptions(command: Command, without: {dryRun?: false; runs?: false} = {}): Command {
  const withTree = command
    .option('--tree <dir>', 'kernel tree: a git tree, plain source, or a tarball', '.')
    .option('-t, --test <suite[:test[/subtest]]>', 'only these; can be repeated', collect, []);
  const full = addHostOptions(withTree, without)
    .addOption(new Option('--json', 'print the results as JSON on stdout').conflicts('jsonl'))
    .option('--jsonl', 'print events on stdout, one JSON object a line, the results last');
  if (without.dryRun === false) return full;
  return full.option('-n, --dry-run', 'print every command that would run, and run none');
}

/** Where and how often: also of commands that choose the tests themselves. */
export function addHostOptions(command: Command, without: {runs?: false} = {}): Command {
  const cores = availableParallelism();
  if (without.runs !== false) {
    command
      .option('--runs <n>', 'first attempts a side of each racy test (default: what a bug of its rate needs)', positive)
      .option('--power <p>', 'chance to see a bug that shows as often as stated', probability, DEFAULT_POWER);
  }
  return command
    .option('-p, --profiles <list>', 'machines, comma-separated, or all (see `kverdict list profiles`)', list, [])
    .option('-j, --jobs <n>', 'guests at once', positive, cores)
    .option('--build-jobs <n>', 'parallel jobs of a kernel build', positive, cores)
    .option('--override-timeout <s>', 'seconds for each test of kselftest/TARGET, as in run_kselftest.sh', positive)
    .option('--suites <dir>', 'a further folder of suites; can be repeated', collect, [])
    .option('--profile-dir <dir>', 'a further folder of machines; can be repeated', collect, [])
    .option('--lists <dir>', 'a further folder of lists of what kernels may say; can be repeated', collect, [])
    .option('--dump-guest', 'keep the memory of a guest that hangs, as an ELF core')
    .option('--qemu <dir>', 'folder with the qemu-system-* to use')
    .option('--out <dir>', 'folder for the reports (default: a new one under the state directory)');
}

/** @param without what a command has no use for */
export function addCompareOptions(command: Command, without: {base?: false} = {}): Command {
  const proven = addProofOptions(command);
  if (without.base !== false)
    proven.option('--base <rev>', 'commit that the series applies to (default: base-commit:, then candidates)');
  return proven
    .addOption(
      new Option('--selftests-from <side>', "whose selftests run on both kernels: the patched tree's or the base's")
        .choices(['patched', 'base'])
        .default('patched'),
    )
    .option('--allow-uncompiled', 'exit 0 also when a part of the touched files was not compiled, and the rest is good')
    .option('--force', 'boot guests and run the tests also when nothing that runs changed');
}

/** How much proof a change needs, and what it may cost: docs/statistics.md. */
export function addProofOptions(command: Command): Command {
  return command
    .option('--alpha <p>', 'chance of a false claim in a whole run', probability, DEFAULT_ALPHA)
    .option('--max-runs <n>', 'attempts a side at most of a test whose sides differ', positive, DEFAULT_MAX_RUNS)
    .addOption(
      new Option('--see <rate>', 'as many --runs and --max-runs as see a race that shows in this share of attempts')
        .argParser(probability)
        .conflicts(['runs', 'maxRuns']),
    )
    .option('--budget <time>', 'begin no further repeat after so long, as in 90s, 30m, 2h', duration);
}

/** @throws UserError when `--see` asks for more attempts than a run can make */
export function toRequest(series: string[], flags: RunFlags, variables: MakeVariables, argv: string[]): Request {
  const rev = flags.base ?? flags.rev;
  return {
    series,
    tree: flags.tree,
    profiles: flags.profiles,
    tests: flags.test ?? [],
    jobs: flags.jobs,
    buildJobs: flags.buildJobs,
    ...proofOf(flags),
    selftestsFrom: flags.selftestsFrom ?? 'patched',
    suiteDirs: flags.suites,
    profileDirs: flags.profileDir,
    listDirs: flags.lists,
    ...(flags.dumpGuest ? {dumpGuest: true} : {}),
    ...(flags.force ? {force: true} : {}),
    variables,
    commandLine: redactLine(shellLine(['kverdict', ...argv])),
    ...(rev === undefined ? {} : {rev}),
    ...(flags.against === undefined ? {} : {against: flags.against}),
    ...(flags.budget === undefined ? {} : {budget: flags.budget}),
    ...(flags.qemu === undefined ? {} : {qemuDir: flags.qemu}),
    ...(flags.overrideTimeout === undefined ? {} : {overrideTimeout: flags.overrideTimeout}),
    ...(flags.out === undefined ? {} : {out: flags.out}),
  };
}

const list = (value: string, before: string[]): string[] => [
  ...before,
  ...value.split(',').filter((word) => word !== ''),
];

export const collect = (value: string, before: string[]): string[] => [...before, value];

export function natural(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError(`Expected an integer from 0, got \`${value}\`.`);
}

export function positive(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError(`Expected an integer from 1, got \`${value}\`.`);
}

function duration(value: string): number {
  const seconds = parseDuration(value);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError(`Expected a time such as 90s, 30m or 2h, got \`${value}\`.`);
}

function probability(value: string): number {
  const number = Number(value);
  if (number > 0 && number < 1) return number;
  throw new InvalidArgumentError(`Expected a number between 0 and 1, got \`${value}\`.`);
}
