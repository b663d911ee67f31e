// SPDX-License-Identifier: MIT
import {availableParallelism} from 'node:os';
import {type Command, InvalidArgumentError, Option} from 'commander';
import type {MakeVariables} from '../kernel/kernel-build.js';
import {shellLine} from '../lib/shell-quote.js';
import {DEFAULT_ALPHA, DEFAULT_RUNS, type Request} from '../run/request.js';

/** Options that shape a run: shared by verify, run and shell. */
export interface RunFlags {
  tree: string;
  base?: string;
  rev?: string;
  profiles: string[];
  test: string[];
  runs: number;
  jobs: number;
  buildJobs: number;
  alpha: number;
  selftestsFrom: 'patched' | 'base';
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
}

export function addRunOptions(command: Command): Command {
  const withTree = command
    .option('--tree <dir>', 'kernel tree: a git tree, plain source, or a tarball', '.')
    .option('-t, --test <suite[:test[/subtest]]>', 'only these; can be repeated', collect, []);
  return addHostOptions(withTree)
    .addOption(new Option('--json', 'print results.json on stdout').conflicts('jsonl'))
    .option('--jsonl', 'print events on stdout, one JSON object a line, the results last')
    .option('-n, --dry-run', 'print every command that would run, and run none');
}

/** Where and how often: also of commands that choose the tests themselves. */
export function addHostOptions(command: Command): Command {
  const cores = availableParallelism();
  return command
    .option('-p, --profiles <list>', 'machines, comma-separated, or all (see `kverdict list profiles`)', list, [])
    .option('--runs <n>', 'attempts a side of each racy test', positive, DEFAULT_RUNS)
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

export function addCompareOptions(command: Command): Command {
  return command
    .option('--base <rev>', 'commit that the series applies to (default: base-commit:, then candidates)')
    .option('--alpha <p>', 'level of significance for a change', probability, DEFAULT_ALPHA)
    .addOption(
      new Option('--selftests-from <side>', "whose selftests run on both kernels: the patched tree's or the base's")
        .choices(['patched', 'base'])
        .default('patched'),
    );
}

export function toRequest(series: string[], flags: RunFlags, variables: MakeVariables, argv: string[]): Request {
  const rev = flags.base ?? flags.rev;
  return {
    series,
    tree: flags.tree,
    profiles: flags.profiles,
    tests: flags.test,
    runs: flags.runs,
    jobs: flags.jobs,
    buildJobs: flags.buildJobs,
    alpha: flags.alpha ?? DEFAULT_ALPHA,
    selftestsFrom: flags.selftestsFrom ?? 'patched',
    suiteDirs: flags.suites,
    profileDirs: flags.profileDir,
    listDirs: flags.lists,
    ...(flags.dumpGuest ? {dumpGuest: true} : {}),
    variables,
    commandLine: shellLine(['kverdict', ...argv]),
    ...(rev === undefined ? {} : {rev}),
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

function positive(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError(`Expected an integer from 1, got \`${value}\`.`);
}

function probability(value: string): number {
  const number = Number(value);
  if (number > 0 && number < 1) return number;
  throw new InvalidArgumentError(`Expected a number between 0 and 1, got \`${value}\`.`);
}
