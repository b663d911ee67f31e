// SPDX-License-Identifier: MIT
import {shellLine} from '../lib/shell-quote.js';
import {BOOT_TEST} from '../suite/attempt.js';
import {DEFAULT_MAX_RUNS} from '../verdict/design.js';
import type {Reproduce} from '../verdict/findings.js';
import {isSplatKey, ownKey} from '../verdict/kernel-keys.js';
import {testOf} from '../verdict/needs-more.js';
import type {Ledger} from './ledger.js';
import type {Request} from './request.js';

/** One command that shows a finding again: the same series on the same base, cut down to the test and its machine. */
export function reproduceWith(request: Request, ledger: Ledger): Reproduce {
  const base = ledger.base?.commit;
  return ({kind, profile, suite, test, arch}) => {
    const asked = suite === undefined ? request.tests : [test === undefined ? suite : `${suite}${selector(test)}`];
    const where = asked.flatMap((word) => ['-t', word]);
    const words = [
      'kverdict',
      ...(request.series.length === 0 ? ['run'] : ['verify', ...request.series]),
      ...(request.tree === '.' ? [] : ['--tree', request.tree]),
      ...(base === undefined ? [] : request.series.length > 0 ? ['--base', base] : commitWords(base, ledger)),
      ...(profile === undefined ? [] : ['--profiles', profile]),
      ...where,
      ...(request.runs === undefined ? [] : ['--runs', String(request.runs)]),
      ...(request.maxRuns === DEFAULT_MAX_RUNS || (request.series.length === 0 && request.against === undefined)
        ? []
        : ['--max-runs', String(request.maxRuns)]),
      ...(request.force || kind === 'unchanged' ? ['--force'] : []),
      ...(request.overrideTimeout === undefined ? [] : ['--override-timeout', String(request.overrideTimeout)]),
      ...request.suiteDirs.flatMap((dir) => ['--suites', dir]),
      ...(request.profileDirs ?? []).flatMap((dir) => ['--profile-dir', dir]),
      ...(request.listDirs ?? []).flatMap((dir) => ['--lists', dir]),
      ...(request.qemuDir === undefined ? [] : ['--qemu', request.qemuDir]),
    ];
    const variables = arch === undefined ? request.variables : {ARCH: arch, ...request.variables};
    return [
      shellLine(words),
      ...Object.entries(variables).map(([name, value]) => shellLine([`${name}=${value}`])),
    ].join(' ');
  };
}

/** Of `run`: the commit, or the commit and what it was compared with. */
function commitWords(base: string, {history}: Ledger): string[] {
  return history === undefined ? ['--rev', base] : ['--rev', history.commit, '--against', base];
}

/** Of `-t`, what comes after the suite. Nobody can ask for what a kernel prints, nor for a boot: they come with the test, and with the suite. */
export function selector(test: string): string {
  const whole = testOf(test);
  if (whole === BOOT_TEST) return '';
  return isSplatKey(whole, test) || test === ownKey(whole) ? `:${whole}` : `:${test}`;
}
