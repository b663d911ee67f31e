// SPDX-License-Identifier: MIT
import type {Status, SubtestResult, TestExit} from './result.js';
import {isFailure} from './severity.js';

interface ExitMeaning {
  status: Status;
  reason: string;
}

/**
 * kselftest's exit codes (tools/testing/selftests/kselftest.h), and those of timeout(1) and the shell. 2 is KSFT_XFAIL,
 * but also what a shell or getopt gives for a mistake: alone it is a failure, as in kselftest's own runner.
 */
const EXITS: ReadonlyMap<number, ExitMeaning> = new Map([
  [0, {status: 'pass', reason: 'exit 0'}],
  [1, {status: 'fail', reason: 'exit 1'}],
  [2, {status: 'fail', reason: 'exit 2 (KSFT_XFAIL, or a usage error: not believed without a result line)'}],
  [3, {status: 'xpass', reason: 'exit 3 (KSFT_XPASS)'}],
  [4, {status: 'skip', reason: 'exit 4 (KSFT_SKIP)'}],
  [124, {status: 'timeout', reason: 'exit 124 (timeout(1))'}],
  [126, {status: 'error', reason: 'exit 126: the program could not be executed'}],
  [127, {status: 'error', reason: 'exit 127: the program, or its loader, was not found'}],
]);

const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** What an exit code says by itself. Total: 128+N is death by signal N, anything unknown is a failure. */
export function statusOfExit(code: number): ExitMeaning {
  const known = EXITS.get(code);
  if (known !== undefined) return known;
  const signal = code - 128;
  if (signal >= 1 && signal <= 64) {
    return {status: 'crash', reason: `exit ${code}: killed by ${SIGNALS[signal] ?? `signal ${signal}`}`};
  }
  return {status: 'fail', reason: `exit ${code}`};
}

/** What the rest of a test is when it was ended from outside, and why; undefined: it ended by itself. */
export function endedFromOutside(exit: TestExit): ExitMeaning | undefined {
  if (exit.endedBy === 'guest-lost') return {status: 'crash', reason: 'the guest was lost while the test ran'};
  if (exit.endedBy === 'timeout') return {status: 'timeout', reason: 'the test did not end within its time limit'};
  if (exit.code === null) return {status: 'crash', reason: 'the test program was killed by a signal'};
  return undefined;
}

/** Codes that a result line of the same kind explains. */
const EXPLAINED: Readonly<Record<number, Status>> = {2: 'xfail', 3: 'xpass', 4: 'skip'};

/**
 * The result of the test as a whole (`path: []`), where the exit says more than the results do; undefined when the
 * two agree. An exit that is not 0 is never lost, and an exit of 0 never repairs a result.
 *
 * @param said the last diagnostic line, the likeliest reason of a program that gave no result
 */
export function wholeOf(exit: TestExit, results: readonly SubtestResult[], said?: string): SubtestResult | undefined {
  const outside = endedFromOutside(exit);
  if (outside !== undefined || exit.code === null) return outside && whole(outside.status, outside.reason);
  const meaning = statusOfExit(exit.code);
  const words = said === undefined ? meaning.reason : `${meaning.reason}; it said: ${said}`;
  if (results.length === 0) {
    if (meaning.status === 'pass') return whole('missing', 'exit 0, and not one result line');
    return whole(meaning.status, words);
  }
  if (meaning.status === 'pass') return undefined;
  if (meaning.status === 'crash' || meaning.status === 'timeout') return whole(meaning.status, meaning.reason);
  const explains = EXPLAINED[exit.code];
  if (results.some(({status}) => isFailure(status) || status === explains)) return undefined;
  const status = meaning.status === 'skip' ? 'skip' : 'fail';
  return whole(status, `${meaning.reason}, though no result line says so`);
}

function whole(status: Status, reason: string): SubtestResult {
  return {path: [], status, reason, diagnostics: []};
}
