// SPDX-License-Identifier: MIT
import type {CompilerMessage} from '../kernel/kernel-build.js';
import {clip} from '../lib/text.js';
import {cameOf} from './came.js';
import {fixedWords, lessOftenWords} from './excluded.js';
import {countFollowers, markFollowers} from './followers.js';
import {deadOn, guestFindings} from './guest-findings.js';
import {fromChangingNames} from './name-findings.js';
import {testOf} from './needs-more.js';
import {pWords} from './p-words.js';
import type {Advice} from './promise.js';
import type {BuildRecord, Change, Comparison, Finding, GuestRecord, ProfileRecord} from './results.js';
import {countsOf, wasSeen} from './tally.js';

/** What a reproduce command is about; the caller knows the command line. */
export type ReproduceTarget = Pick<Finding, 'kind' | 'profile' | 'suite' | 'test'> & {
  arch?: string;
  /** Of a row that nobody can ask for by its name: what shows it. */
  selects?: string;
  /** How many attempts would show it. */
  advice?: Advice;
};
export type Reproduce = (target: ReproduceTarget) => string;

/**
 * A new compiler warning is reported, as the kernel test robot does, and is no verdict: it may be a false one of this
 * gcc, and a series with one still does what it says. `-Werror` configurations make it a failed build by themselves.
 */
export const NEW_WARNING_SEVERITY: Finding['severity'] = 'warning';

interface Wording {
  severity: Finding['severity'] | ((row: Comparison) => Finding['severity']);
  kind: Finding['kind'];
  /** @param alone the run had no series, and nothing was compared */
  title(test: string, rates: string, alone: boolean, row: Comparison): string;
}

/** Changes that are worth a finding. `unchanged` is not, `new` only when it fails. */
const WORDING: Readonly<Partial<Record<Change, Wording>>> = {
  regressed: {severity: 'bad', kind: 'regressed', title: (test, rates) => `${test}: regressed (${rates})`},
  gone: {severity: 'bad', kind: 'gone', title: (test) => `${test}: no result with the series, base gives one`},
  'skip-regressed': {
    severity: 'bad',
    kind: 'skip-regressed',
    title: (test) => `${test}: skipped with the series, passes on base`,
  },
  new: {
    severity: 'bad',
    kind: 'new-failure',
    title: (test, rates, alone) => `${test}: fails${alone ? '' : ', and base does not have it'} (${rates})`,
  },
  flaky: {severity: 'warning', kind: 'flaky', title: (test, rates) => `${test}: flaky (${rates})`},
  inconclusive: {
    severity: 'warning',
    kind: 'inconclusive',
    title: (test, rates, _, row) =>
      wasSeen(row) ? `${test}: inconclusive (${rates})` : `${test}: ${clip(row.reason ?? 'inconclusive', MAX_WHY)}`,
  },
  // It was broken before; but that it may be worse is for a person to know.
  'still-failing': {
    severity: (row) => (failsInMore(row) ? 'warning' : 'info'),
    kind: 'still-failing',
    title: (test, rates, _, row) =>
      `${test}: fails with and without the series${failsInMore(row) ? ', in more attempts with it' : ''} (${rates})`,
  },
  fixed: {
    severity: 'info',
    kind: 'fixed',
    title: (test, rates, _, row) => `${test}: fixed (${rates}); ${fixedWords(row)}`,
  },
  'less-often': {
    severity: 'info',
    kind: 'less-often',
    title: (test, _, __, row) =>
      `${test}: fails less often (${[lessOftenWords(row), pWords(row)].filter(Boolean).join('; ')})`,
  },
};

/** Characters of a reason in a title. */
const MAX_WHY = 200;

/** The patched side fails in a larger share of its attempts. */
function failsInMore({base, patched}: Comparison): boolean {
  const [b, p] = [countsOf(base), countsOf(patched)];
  return p.failed * b.passed > b.failed * p.passed;
}

const SEVERITIES: readonly Finding['severity'][] = ['bad', 'warning', 'info'];

/** Everything a person must look at, worst first; within a severity in the order of the flow. */
export function findingsOf(
  {
    comparisons,
    builds,
    guests,
    profiles = [],
  }: {
    comparisons: readonly Comparison[];
    builds: readonly BuildRecord[];
    guests: readonly GuestRecord[];
    profiles?: readonly ProfileRecord[];
  },
  reproduce: Reproduce,
): Finding[] {
  const findings = [
    ...builds.flatMap((build) => fromBuild(build, builds, reproduce)),
    ...guestFindings({guests, builds, profiles}, reproduce),
    ...fromComparisons(
      comparisons.filter(({profile}) => !deadOn(profile, guests)),
      reproduce,
    ),
  ];
  return worstFirst(findings);
}

/** A sorted copy; what is equally bad stays in its order. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function fromBuild(build: BuildRecord, all: readonly BuildRecord[], reproduce: Reproduce): Finding[] {
  const {arch, side} = build;
  const findings: Finding[] = build.newWarnings.map((message) => ({
    severity: NEW_WARNING_SEVERITY,
    kind: 'new-warning',
    title: `${arch}: new warning: ${place(message)}: ${message.text}${message.option === undefined ? '' : ` [${message.option}]`}`,
    reproduce: reproduce({kind: 'new-warning', arch}),
  }));
  if (build.extraWarnings?.failed !== undefined) {
    findings.push({
      severity: 'warning',
      kind: 'problem',
      title: `${arch}: touched files were not looked at with further warnings: ${build.extraWarnings.failed}`,
      reproduce: reproduce({kind: 'problem', arch}),
    });
  }
  if (build.status === 'ok') return findings;
  const base = all.find((one) => one.arch === arch && one.side === 'base');
  // Only a base that builds makes a broken build the series' own.
  const ours = side === 'patched' && base?.status === 'ok';
  const [error] = build.errors;
  const where = error === undefined ? '' : `: ${place(error)}: ${error.text}`;
  const who =
    side === 'patched' ? 'the series does not build' : `${side === 'base' ? 'base' : 'the kernel'} does not build`;
  const finding: Finding = {
    severity: ours ? 'bad' : 'warning',
    kind: 'build-failed',
    title: `${arch}: ${who}${where}`,
    ...(build.errors.length > 1 ? {detail: build.errors.map((e) => `${place(e)}: error: ${e.text}`).join('\n')} : {}),
    reproduce: reproduce({kind: 'build-failed', arch}),
  };
  return [finding, ...findings];
}

function fromComparisons(unmarked: readonly Comparison[], reproduce: Reproduce): Finding[] {
  const findings: Finding[] = [];
  const comparisons = markFollowers(unmarked);
  const followers = countFollowers(comparisons);
  // A run without a series: nothing is compared.
  const alone = comparisons.every(({base}) => Object.values(base).every((count) => count === 0));
  for (const comparison of comparisons) {
    const {profile, suite, test, change, reason, advice, selects} = comparison;
    const wording = WORDING[change];
    if (wording === undefined || comparison.follows !== undefined) continue;
    if (change === 'new' && countsOf(comparison.patched).failed === 0) continue;
    const also = followers.get(comparison) ?? 0;
    const rates = alone ? ratesAlone(comparison) : ratesOf(comparison);
    const title = wording.title(`${profile} ${suite}:${test}`, rates, alone, comparison);
    findings.push({
      severity: typeof wording.severity === 'string' ? wording.severity : wording.severity(comparison),
      kind: wording.kind,
      title:
        also === 0
          ? title
          : `${title}, and ${also} ${testOf(test) === test ? 'of its subtests with it' : `more of ${testOf(test)}`}`,
      // What base said as it failed is not what the series did.
      ...(reason === undefined ? {} : {detail: clip(change === 'fixed' ? `on base: ${reason}` : reason, 500)}),
      reproduce: reproduce({
        ...{kind: wording.kind, profile, suite, test},
        ...(selects === undefined ? {} : {selects}),
        ...(advice === undefined ? {} : {advice}),
      }),
      profile,
      suite,
      test,
    });
  }
  return [...findings, ...fromChangingNames(comparisons, reproduce)];
}

/** `failed 1/1` */
function ratesAlone(comparison: Comparison): string {
  if (comparison.asked === 'absences') return `came ${cameOf(comparison, 'patched')}`;
  const {failed, passed} = countsOf(comparison.patched);
  return `failed ${failed}/${failed + passed}`;
}

/** `failed: base 0/5, patched 5/5, p=0.0079, adjusted 0.040` */
function ratesOf(comparison: Comparison): string {
  const side = (name: 'base' | 'patched'): string => {
    if (comparison.asked === 'absences') return cameOf(comparison, name);
    const tally = comparison[name];
    const {failed, passed} = countsOf(tally);
    return failed + passed === 0 ? (tally.skip > 0 ? 'skipped' : 'none') : `${failed}/${failed + passed}`;
  };
  const what = comparison.asked === 'absences' ? 'came' : 'failed';
  const sides = `${what}: base ${side('base')}, patched ${side('patched')}`;
  return [sides, pWords(comparison)].filter(Boolean).join(', ');
}

function place({file, line, column}: CompilerMessage): string {
  return file === '' ? 'linker' : `${file}:${line}${column > 0 ? `:${column}` : ''}`;
}
