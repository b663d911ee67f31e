// SPDX-License-Identifier: MIT
import {adviceWords} from '../verdict/advice.js';
import type {Comparison, Finding, Results, Tally} from '../verdict/results.js';
import {countsOf} from '../verdict/tally.js';
import {UNTESTABLE} from '../verdict/untestable.js';
import type {KOfN, SelfcheckRow, SentinelOutcome} from './report.js';
import type {Expectation, ExpectedChange, ExpectedFinding, Sentinel} from './sentinel.js';

/** What a verify run of a sentinel's series shows: a row for each expectation and profile. Pure. */
export function judgeSentinel(
  sentinel: Sentinel,
  results: Results,
  archOf: (profile: string) => string,
): {outcome: SentinelOutcome; rows: SelfcheckRow[]} {
  const rows =
    sentinel.expect.length === 0
      ? [judgeControl(sentinel, results)]
      : sentinel.expect.flatMap((one) => one.profiles.map((profile) => judgeOne(one, profile, results, archOf)));
  return {rows, outcome: worstOf(rows)};
}

/** One that is missed on one profile is missed: `detected` is said of all that was expected. */
function worstOf(rows: readonly SelfcheckRow[]): SentinelOutcome {
  const order = ['missed', 'not-good', 'not-tried', 'detected', 'good'] as const;
  return order.find((outcome) => rows.some((row) => row.outcome === outcome)) ?? 'not-tried';
}

function judgeOne(
  expectation: Expectation,
  profile: string,
  results: Results,
  archOf: (profile: string) => string,
): SelfcheckRow {
  const arch = archOf(profile);
  return 'suite' in expectation
    ? judgeChange(expectation, profile, results, arch)
    : judgeFinding(expectation, profile, results, arch);
}

function judgeChange(wanted: ExpectedChange, profile: string, results: Results, arch: string): SelfcheckRow {
  const {suite, test, change} = wanted;
  const there = results.comparisons.filter(
    (one) => one.profile === profile && one.suite === suite && isOf(one.test, test),
  );
  const met = there.filter((one) => one.change === change);
  // The test as it was named comes first, else the one that failed most.
  const [shown] = (met.length > 0 ? met : there).toSorted(
    (a, b) => Number(b.test === test) - Number(a.test === test) || failures(b.patched) - failures(a.patched),
  );
  const row = {profile, what: test === undefined ? suite : `${suite}:${test}`, expected: change};
  const lacks = results.untestable?.find((one) => one.profile === profile && one.suite === suite);
  if (lacks !== undefined) {
    const seen = `${UNTESTABLE[lacks.where]}: ${lacks.reason}`;
    return {...row, outcome: 'not-tried', seen, base: null, patched: null};
  }
  if (shown === undefined) return {...row, ...whyNothing(results, profile, arch), base: null, patched: null};
  const counted = {
    what: `${suite}:${shown.test}`,
    base: kOfN([shown.base]),
    patched: kOfN([shown.patched]),
    ...(shown.seconds === undefined ? {} : {testSeconds: shown.seconds}),
  };
  if (met.length > 0) return {...row, ...counted, outcome: 'detected', seen: change};
  // A side that our host did not run says nothing about who would have seen what.
  const unrun = shown.change === 'inconclusive' && (ran(shown.base) === 0 || ran(shown.patched) === 0);
  return {...row, ...counted, outcome: unrun ? 'not-tried' : 'missed', seen: wordsOf(shown)};
}

/** Is `name` the test that is wanted, a subtest of it, or one that its list gave? */
function isOf(name: string, wanted: string | undefined): boolean {
  return wanted === undefined || name === wanted || name.startsWith(`${wanted}/`) || name.startsWith(`${wanted}:`);
}

function wordsOf(row: Comparison): string {
  const {change, reason, pValue} = row;
  const advice = adviceWords([row]);
  const p = pValue === null || pValue === 1 ? '' : `, p=${pValue.toPrecision(2)}`;
  return `${change}${p}${reason === undefined ? '' : `: ${reason}`}${advice === '' ? '' : `; ${advice}`}`;
}

function judgeFinding(wanted: ExpectedFinding, profile: string, results: Results, arch: string): SelfcheckRow {
  const {finding, file, option} = wanted;
  const row = {
    profile,
    what: file === undefined ? finding : `${finding} in ${file}`,
    expected: option === undefined ? finding : `${finding} ${option}`,
    ...{base: null, patched: null},
  };
  const build = results.builds.find((one) => one.arch === arch && one.side === 'patched');
  if (finding === 'boot-failed') {
    const boot = results.findings.find((one) => one.kind === finding && one.profile === profile && isBad(one));
    if (boot !== undefined) return {...row, outcome: 'detected', seen: boot.title};
  } else if (build !== undefined) {
    const messages = finding === 'new-warning' ? build.newWarnings : build.errors;
    const met = messages.find(
      (one) => (file === undefined || one.file === file) && (option === undefined || one.option === option),
    );
    if (met !== undefined && (finding === 'new-warning' || build.status === 'failed')) {
      const said = met.option === undefined ? '' : ` [${met.option}]`;
      return {...row, outcome: 'detected', seen: `${met.file}:${met.line}: ${met.text}${said}`};
    }
    const failed = build.extraWarnings?.failed;
    if (finding === 'new-warning' && failed !== undefined) return {...row, outcome: 'not-tried', seen: failed};
  }
  const built = build !== undefined && finding !== 'boot-failed';
  const nothing = whyNothing(built ? {...results, findings: []} : results, profile, arch);
  return {...row, ...nothing, seen: nothing.outcome === 'missed' ? `no ${finding}` : nothing.seen};
}

/** Why there is no result: the host, a base that is no measure, or the sentinel's own doing. */
function whyNothing(results: Results, profile: string, arch: string): {outcome: 'missed' | 'not-tried'; seen: string} {
  const ours = results.findings.find(
    (one) => (one.kind === 'unsupported' || one.kind === 'infra') && (one.profile ?? profile) === profile,
  );
  if (ours !== undefined) return {outcome: 'not-tried', seen: ours.title};
  const base = results.builds.find((one) => one.arch === arch && one.side === 'base');
  if (base?.status === 'failed') return {outcome: 'not-tried', seen: `base does not build for ${arch}`};
  const other = results.findings.find(
    (one) =>
      isBad(one) && (one.profile === profile || one.title.startsWith(`${arch}: `) || one.kind === 'series-conflict'),
  );
  return {outcome: 'missed', seen: other?.title ?? 'no result of it'};
}

/** A control of which a part was not compiled was not tried as a whole, and raised no alarm. */
const CONTROL: Readonly<Record<Results['verdict'], SelfcheckRow['outcome']>> = {
  good: 'good',
  'good-in-part': 'not-tried',
  bad: 'not-good',
  inconclusive: 'not-good',
  'infra-error': 'not-tried',
};

function judgeControl(sentinel: Sentinel, results: Results): SelfcheckRow {
  const profiles = [...new Set(sentinel.run.flatMap((one) => one.profiles))];
  const {comparisons, verdict, because} = results;
  return {
    profile: profiles.join(', '),
    what: 'verdict',
    expected: 'good',
    outcome: CONTROL[verdict],
    seen: `${verdict}: ${because}`,
    base: kOfN(comparisons.map((one) => one.base)),
    patched: kOfN(comparisons.map((one) => one.patched)),
  };
}

const isBad = ({severity}: Finding): boolean => severity === 'bad';
const failures = (tally: Tally): number => countsOf(tally).failed;
const ran = (tally: Tally): number => failures(tally) + countsOf(tally).passed;

function kOfN(tallies: readonly Tally[]): KOfN {
  return {
    failed: tallies.reduce((sum, tally) => sum + failures(tally), 0),
    of: tallies.reduce((sum, tally) => sum + ran(tally), 0),
  };
}
