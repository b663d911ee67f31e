// SPDX-License-Identifier: MIT
import type {Status, SubtestResult} from '../ktap/result.js';
import {isFailure, worse} from '../ktap/severity.js';
import type {Attempt} from '../suite/attempt.js';

/** How one test, or one subtest of it, ended in one attempt. */
export interface Outcome {
  /** `test` for the test as a whole, `test/sub/…` for a subtest: what `-t suite:…` takes. */
  key: string;
  status: Status;
  reason?: string;
  diagnostics: readonly string[];
  /** `infra`: our host or harness did not run it. It says nothing about either kernel. */
  blame: 'kernel' | 'infra';
  /** A skip that the suite itself expects of this kernel (`skipWithout`), or of this tree. */
  declared: boolean;
}

interface Ending {
  status: Status;
  reason: string;
}

/** One row: when it applies, and how the test as a whole then ended. */
interface PrecedenceRow {
  name: string;
  ending(attempt: Attempt): Ending | undefined;
}

/**
 * How a test as a whole ended: the first row that applies. No row: it ran to its end and its exit fits its results,
 * so that only its subtests speak. Only the first row hides results; under all others those that were reported stay.
 */
export const PRECEDENCE: readonly PrecedenceRow[] = [
  {name: 'not run', ending: ({notRun}) => notRun && {status: notRun.status, reason: notRun.reason}},
  {
    name: 'guest lost',
    ending: ({lost, exit}) => {
      if (lost !== undefined) return {status: 'crash', reason: `${LOST[lost.how]}: ${lost.detail}`};
      return exit.endedBy === 'guest-lost' ? {status: 'crash', reason: 'the guest was lost'} : undefined;
    },
  },
  {
    name: 'time limit',
    ending: ({exit, seconds}) =>
      exit.endedBy === 'timeout'
        ? {status: 'timeout', reason: `it did not end within its time limit (${seconds.toFixed(0)} s)`}
        : undefined,
  },
  {name: 'the reader says', ending: ({report}) => wholeOf(report.results)},
  {
    name: 'killed',
    ending: ({exit}) => (exit.code === null ? {status: 'crash', reason: 'killed by a signal'} : undefined),
  },
  {
    name: 'no result',
    ending: ({report}) => (report.results.length === 0 ? {status: 'missing', reason: 'it gave no result'} : undefined),
  },
  {
    name: 'unexplained exit',
    ending: ({exit, report}) =>
      exit.code !== 0 && exit.code !== 4 && report.results.every(({status}) => status === 'pass')
        ? {status: 'fail', reason: `exit ${exit.code}, though every result is a pass`}
        : undefined,
  },
];

const LOST = {panic: 'kernel panic', 'qemu-exited': 'QEMU exited', silent: 'the guest went silent'} as const;

/** From what was seen in one attempt to outcomes, each key once. Pure, and total: there is no attempt without one. */
export function judgeAttempt(attempt: Attempt): Outcome[] {
  const {notRun, report, test, skipExpected} = attempt;
  const blame = notRun?.blame ?? 'kernel';
  const isDeclared = (status: Status): boolean =>
    status === 'skip' && (notRun !== undefined || skipExpected !== undefined);
  const outcomes = new Map<string, Outcome>();

  const ending = endingOf(attempt);
  if (ending !== undefined) {
    const said = report.results.find(({path}) => path.length === 0)?.diagnostics ?? [];
    outcomes.set(test, {
      key: test,
      status: ending.status,
      ...reasonOf(ending.reason),
      diagnostics: said,
      blame,
      declared: isDeclared(ending.status),
    });
  }
  if (notRun !== undefined) return [...outcomes.values()];
  for (const result of report.results) {
    if (result.path.length === 0) continue;
    const outcome = outcomeOf(test, result, isDeclared(result.status));
    const before = outcomes.get(outcome.key);
    if (before === undefined) outcomes.set(outcome.key, outcome);
    else if (worse(before.status, outcome.status) !== before.status) outcomes.set(outcome.key, outcome);
  }
  return [...outcomes.values()];
}

/** The row that decides, or undefined: the test ran to its end. */
export function endingOf(attempt: Attempt): Ending | undefined {
  for (const row of PRECEDENCE) {
    const ending = row.ending(attempt);
    if (ending !== undefined) return ending;
  }
  return undefined;
}

/** The failing one of several, as the words of a finding. */
export function isFailing(outcome: Outcome): boolean {
  return outcome.blame === 'kernel' && isFailure(outcome.status);
}

function outcomeOf(test: string, {path, status, reason, diagnostics}: SubtestResult, declared: boolean): Outcome {
  return {key: [test, ...path].join('/'), status, ...reasonOf(reason), diagnostics, blame: 'kernel', declared};
}

function wholeOf(results: readonly SubtestResult[]): Ending | undefined {
  let found: Ending | undefined;
  for (const {path, status, reason = ''} of results) {
    if (path.length === 0 && (found === undefined || worse(found.status, status) !== found.status))
      found = {status, reason};
  }
  return found;
}

function reasonOf(reason: string | undefined): {reason?: string} {
  return reason === undefined || reason === '' ? {} : {reason};
}
