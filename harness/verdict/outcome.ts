// SPDX-License-Identifier: MIT
import type {Status, SubtestResult} from '../ktap/result.js';
import {isFailure, worse} from '../ktap/severity.js';
import {cleanLine} from '../lib/text.js';
import {limitWords} from '../machine/host-pace.js';
import type {Attempt} from '../suite/attempt.js';
import {complaintsOf, ownKey} from './kernel-keys.js';

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
  /** It was promised and never came: whether another attempt has it under this name is not known here. */
  promised?: true;
}

interface Ending {
  status: Status;
  reason: string;
}

/** One row: when it applies, and how the test as a whole then ended. */
interface PrecedenceRow {
  name: string;
  /** It overrules the test: what that said of the whole is then a row of its own. */
  kernel?: true;
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
    ending: (attempt) => {
      const {lost, exit} = attempt;
      if (lost === undefined && exit.endedBy !== 'guest-lost') return undefined;
      const how = lost === undefined ? 'the guest was lost' : `${LOST[lost.how]}: ${lost.detail}`;
      return {status: 'crash', reason: withDetail(how, attempt)};
    },
  },
  {
    name: 'time limit',
    ending: (attempt) => {
      if (attempt.exit.endedBy !== 'timeout') return undefined;
      const {limit, seconds} = attempt;
      const how = `it did not end within its time limit (${limit === undefined ? `${seconds.toFixed(0)} s` : limitWords(limit)})`;
      return {status: 'timeout', reason: withDetail(how, attempt)};
    },
  },
  {
    name: 'kernel report',
    kernel: true,
    ending: (attempt) => {
      const [first, ...more] = complaintsOf(attempt);
      if (first === undefined) return undefined;
      const died = [first, ...more].some(({status}) => status === 'crash');
      const also = more.length === 0 ? '' : `, and ${more.length} more`;
      return {status: died ? 'crash' : 'fail', reason: `${first.reason}${also}`};
    },
  },
  {
    name: 'kernel unknown',
    kernel: true,
    ending: ({kernel}) => (kernel?.problem === undefined ? undefined : {status: 'error', reason: kernel.problem}),
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

  const row = decidingRow(attempt);
  const ending = row?.ending(attempt);
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
  for (const one of complaintsOf(attempt)) outcomes.set(one.key, {...one, blame, declared: false});
  // What both sides' kernels say must not hide what the test says.
  const own = row?.kernel
    ? endingOf(
        attempt,
        PRECEDENCE.filter(({kernel}) => !kernel),
      )
    : undefined;
  if (own !== undefined) {
    const key = ownKey(test);
    outcomes.set(key, {key, ...own, diagnostics: [], blame, declared: isDeclared(own.status)});
  }
  const ended = attempt.exit.endedBy !== undefined || attempt.lost !== undefined;
  for (const result of report.results) {
    if (result.path.length === 0 || (ended && isPlaceholder(result))) continue;
    const outcome = outcomeOf(test, result, isDeclared(result.status));
    const before = outcomes.get(outcome.key);
    if (before === undefined) outcomes.set(outcome.key, outcome);
    else if (worse(before.status, outcome.status) !== before.status) outcomes.set(outcome.key, outcome);
  }
  return [...outcomes.values()];
}

/** How the test as a whole ended, or undefined: it ran to its end. */
export function endingOf(attempt: Attempt, rows: readonly PrecedenceRow[] = PRECEDENCE): Ending | undefined {
  return decidingRow(attempt, rows)?.ending(attempt);
}

/** What the kernel said decides, not what the test did. */
export const isOverruled = (attempt: Attempt): boolean => decidingRow(attempt)?.kernel === true;

function decidingRow(attempt: Attempt, rows: readonly PrecedenceRow[] = PRECEDENCE): PrecedenceRow | undefined {
  return rows.find((row) => row.ending(attempt) !== undefined);
}

/** What the kernel said explains more than how the guest went away; and how much of the plan was not reached. */
function withDetail(how: string, attempt: Attempt): string {
  const [first] = complaintsOf(attempt);
  const left = attempt.report.results.filter(isPlaceholder).length;
  const said = first === undefined ? '' : `; ${first.reason}`;
  return cleanLine(`${how}${said}${left === 0 ? '' : `; ${left} planned results never came`}`);
}

/**
 * A number of the plan without a result. When something has ended the test from outside these say nothing that the
 * whole does not say: hundreds of rows for one lost guest.
 */
const isPlaceholder = ({standIn}: SubtestResult): boolean => standIn === 'promised';

/** The failing one of several, as the words of a finding. */
export function isFailing(outcome: Outcome): boolean {
  return outcome.blame === 'kernel' && isFailure(outcome.status);
}

function outcomeOf(test: string, result: SubtestResult, declared: boolean): Outcome {
  const {path, status, reason, diagnostics} = result;
  const key = [test, ...path].join('/');
  const promised = isPlaceholder(result) ? {promised: true as const} : {};
  return {key, status, ...reasonOf(reason), diagnostics, blame: 'kernel', declared, ...promised};
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
