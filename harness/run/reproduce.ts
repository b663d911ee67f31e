// SPDX-License-Identifier: MIT
import {shellLine} from '../lib/shell-quote.js';
import {BOOT_TEST} from '../suite/attempt.js';
import {DEFAULT_ALPHA, DEFAULT_MAX_RUNS, DEFAULT_POWER} from '../verdict/design.js';
import type {Reproduce, ReproduceTarget} from '../verdict/findings.js';
import {isSplatKey, ownKey} from '../verdict/kernel-keys.js';
import {testOf} from '../verdict/needs-more.js';
import type {Ledger} from './ledger.js';
import type {Request} from './request.js';

/**
 * One command that shows a finding again: the same series on the same base, cut down to the test and its machine, with
 * every option that has a say in what is found. How many guests and jobs at once, and where the reports go, have none.
 */
export function reproduceWith(request: Request, ledger: Ledger): Reproduce {
  return (target) => {
    const {kind, profile, suite, arch} = target;
    const asked: Request = {
      ...withAdvice(request, target),
      tests: suite === undefined ? request.tests : [`${suite}${wantedOf(target)}`],
      profiles: profile === undefined ? request.profiles : [profile],
      ...(kind === 'unchanged' ? {force: true} : {}),
    };
    const words = [
      'kverdict',
      ...(request.series.length === 0 ? ['run'] : ['verify', ...request.series]),
      ...(request.tree === '.' ? [] : ['--tree', request.tree]),
      ...commitWords(request, ledger),
      ...OPTIONS.flatMap(({flag, values}) => optionWords(flag, values(asked))),
    ];
    const variables = arch === undefined ? request.variables : {ARCH: arch, ...request.variables};
    return [
      shellLine(words),
      ...Object.entries(variables).map(([name, value]) => shellLine([`${name}=${value}`])),
    ].join(' ');
  };
}

interface Option {
  flag: string;
  /** Each with the flag before it; undefined: it was not given, or is what it is anyway; true: it has no value. */
  values(request: Request): readonly (string | number)[] | string | number | true | undefined;
}

const unless = <T>(usual: T, value: T): T | undefined => (value === usual ? undefined : value);

const OPTIONS: readonly Option[] = [
  {flag: '--profiles', values: ({profiles}) => (profiles.length === 0 ? undefined : profiles.join(','))},
  {flag: '-t', values: ({tests}) => tests},
  {flag: '--runs', values: ({runs}) => runs},
  {flag: '--max-runs', values: ({maxRuns}) => unless(DEFAULT_MAX_RUNS, maxRuns)},
  {flag: '--budget', values: ({budget}) => (budget === undefined ? undefined : `${budget}s`)},
  {flag: '--alpha', values: ({alpha}) => unless(DEFAULT_ALPHA, alpha)},
  {flag: '--power', values: ({power}) => unless(DEFAULT_POWER, power)},
  {flag: '--selftests-from', values: ({selftestsFrom}) => unless('patched', selftestsFrom)},
  {flag: '--force', values: ({force}) => force || undefined},
  {flag: '--override-timeout', values: ({overrideTimeout}) => overrideTimeout},
  {flag: '--suites', values: ({suiteDirs}) => suiteDirs},
  {flag: '--profile-dir', values: ({profileDirs}) => profileDirs},
  {flag: '--lists', values: ({listDirs}) => listDirs},
  {flag: '--dump-guest', values: ({dumpGuest}) => dumpGuest || undefined},
  {flag: '--qemu', values: ({qemuDir}) => qemuDir},
];

function optionWords(flag: string, values: ReturnType<Option['values']>): string[] {
  if (values === undefined) return [];
  if (values === true) return [flag];
  return [values].flat().flatMap((value) => [flag, String(value)]);
}

/** As many attempts as show the difference, when these were too few, and the time that they take. */
function withAdvice(request: Request, {advice}: ReproduceTarget): Request {
  if (advice === undefined) return request;
  const runs = Math.max(request.runs ?? 0, advice.runs ?? 0);
  const {budget: _, ...unhurried} = request;
  return {...unhurried, ...(runs === 0 ? {} : {runs}), maxRuns: Math.max(request.maxRuns, advice.maxRuns)};
}

/** The commits by hash; as they were asked for where they could not be found, or the series applies to none. */
function commitWords({series, rev, against}: Request, {base, history}: Ledger): string[] {
  const own = history?.commit ?? (against === undefined ? base?.commit : undefined) ?? rev;
  const other = against === undefined ? undefined : (base?.commit ?? against);
  if (series.length > 0) return optionWords('--base', base?.commit ?? rev);
  return [...optionWords('--rev', own), ...optionWords('--against', other)];
}

/** What `-t` has after the suite. A result that became a skip may have another name, and is looked for in the whole test. */
function wantedOf({kind, test, selects}: ReproduceTarget): string {
  if (test === undefined) return '';
  return kind === 'skip-regressed' ? selector({test: testOf(test)}) : selector({test, selects});
}

/**
 * What `-t` has after the suite. Nobody can ask for what a kernel prints, for a boot, or for a result without a name of
 * its own: they come with the test, with the suite, and with what the result is a part of (`Comparison.selects`).
 */
export function selector({test, selects}: {test: string; selects?: string | null | undefined}): string {
  const whole = testOf(test);
  if (whole === BOOT_TEST) return '';
  if (isSplatKey(whole, test) || test === ownKey(whole)) return `:${whole}`;
  return `:${selects ?? test}`;
}
