// SPDX-License-Identifier: MIT
/** From what the tree's makefiles installed to tests: how run_kselftest.sh would start each of them. */
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {KernelError} from '../lib/errors.js';
import {type IntakeRule, isOneName, takeHead, takeText} from '../lib/intake.js';
import {shellQuote} from '../lib/shell-quote.js';
import {cleanLine, clip} from '../lib/text.js';
import type {MissingProgram} from './programs.js';
import type {Test} from './suite.js';

/** What runner.sh gives a test whose folder has no `settings`. */
export const DEFAULT_TIMEOUT = 45;
/**
 * `timeout=0` in `settings` is no limit at all; a run must end. Seconds on the clock: the tests that ask for it wait for
 * timers, which do not get slower with the CPU.
 */
export const NO_LIMIT_SECONDS = 900;
const LIST = 'kselftest-list.txt';
/** `make install` keeps links between the files of a target. */
const INSTALLED: IntakeRule = {
  what: 'of the installed selftests',
  blame: 'kernel',
  maxBytes: 4 * 1024 * 1024,
  links: 'below',
};
/** The largest target has 200. */
const MAX_TESTS = 5000;
/** Shells and interpreters print no more than this in front of their path. */
const SHEBANG_BYTES = 256;

/** Names of a collection's tests, in the order of `kselftest-list.txt`, each once. */
export function testNames(list: string, collection: string): string[] {
  const lines = list.split('\n').filter((line) => line.startsWith(`${collection}:`));
  return [...new Set(lines.map((line) => line.slice(collection.length + 1).trim()))].filter((name) => name !== '');
}

/** The tests that an installed target says it has. @throws KernelError for names that cannot be files of it */
export function listedTests(root: string, target: string): string[] {
  const names = testNames(takeText(root, LIST, INSTALLED) ?? '', target);
  const odd = names.find((name) => !isOneName(name));
  if (odd !== undefined) {
    throw new KernelError(`${LIST} names \`${clip(cleanLine(odd), 80)}\`, which is no name of one file`);
  }
  if (names.length <= MAX_TESTS) return names;
  throw new KernelError(`${LIST} has ${names.length} tests; the limit is ${MAX_TESTS}`);
}

/** The `timeout` of a `settings` file in seconds; 0 means none. Anything unreadable is the default. */
export function settingsTimeout(text: string): number {
  let timeout = DEFAULT_TIMEOUT;
  for (const line of text.split('\n')) {
    const value = /^timeout=(\d+)\s*$/.exec(line.trim())?.[1];
    if (value !== undefined) timeout = Number(value);
  }
  return timeout;
}

/**
 * The tests of an installed target, and one for every other file that was not built: it is nobody's test, and it must
 * not be forgotten. A test that is not there is run all the same, so that its error is told.
 *
 * @param root what `make install` filled
 */
export function testsOfTarget(root: string, target: string, missing: readonly MissingProgram[]): Test[] {
  const names = listedTests(root, target);
  const timeout = settingsTimeout(takeText(root, join(target, 'settings'), INSTALLED) ?? '');
  const absent = missing.map(({program}) => program).filter((name) => !names.includes(name));
  return [...names, ...absent].map((name) => ({
    name,
    run: runCommand(describe(root, target, name), timeout),
    reader: 'ktap-or-exit',
    ...(timeout === 0 ? {timeout: NO_LIMIT_SECONDS, wallTimeout: NO_LIMIT_SECONDS} : {timeout}),
    racy: false,
    arches: ['x86_64', 'arm64'],
    skipWithout: {},
  }));
}

/** A test's file as it was installed. */
export interface TestFile {
  name: string;
  executable: boolean;
  /** The words behind `#!`; undefined: not a script. */
  interpreter?: string;
  /** It is no file that could be looked at: why. */
  refused?: string;
  /** The target has a `ksft_runner.sh` for files that cannot be executed. */
  runner: boolean;
}

function describe(root: string, target: string, name: string): TestFile {
  const runner = existsSync(join(root, target, 'ksft_runner.sh'));
  try {
    const file = takeHead(root, join(target, name), SHEBANG_BYTES, INSTALLED);
    const [first = ''] = (file?.head.toString('latin1') ?? '').split('\n');
    const interpreter = /^#!\s*(\S.*?)\s*$/.exec(first)?.[1];
    return {
      name,
      executable: file === undefined || (file.mode & 0o111) !== 0,
      ...(interpreter === undefined ? {} : {interpreter}),
      runner,
    };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return {name, executable: false, refused: error.message, runner};
  }
}

/**
 * The shell line that starts a test as runner.sh does, in its folder: `./NAME`, or by the target's runner, or by the
 * interpreter that the file names. An interpreter that the guest lacks is told by name, as an error (exit 127).
 */
export function runCommand({name, executable, interpreter, refused, runner}: TestFile, timeout: number): string {
  if (refused !== undefined) return `echo ${shellQuote(cleanLine(refused))}; exit 126`;
  const environment = `export skip_rc=4 timeout_rc=124 kselftest_default_timeout=${DEFAULT_TIMEOUT} kselftest_timeout=${timeout}`;
  const file = shellQuote(`./${name}`);
  const lines = [environment];
  const program = interpreter === undefined ? undefined : interpreterName(interpreter);
  if (program !== undefined) {
    const words = `the guest has no \`${program}\`, by which ${name} is to be run`;
    lines.push(`command -v ${shellQuote(program)} >/dev/null || { echo ${shellQuote(words)}; exit 127; }`);
  }
  if (executable) lines.push(`exec ${file}`);
  else if (runner) lines.push(`exec ./ksft_runner.sh ${file}`);
  else if (interpreter !== undefined) lines.push(`exec ${interpreter.split(/\s+/).map(shellQuote).join(' ')} ${file}`);
  else lines.push(`echo ${shellQuote(`${name} is not executable, and names no interpreter`)}; exit 126 # ${file}`);
  return lines.join('\n');
}

/** `/usr/bin/env bash` is about bash. */
function interpreterName(line: string): string {
  const [first = '', ...rest] = line.split(/\s+/);
  return /\/env$/.test(first) ? (rest.find((word) => !word.startsWith('-') && !word.includes('=')) ?? first) : first;
}
