// SPDX-License-Identifier: MIT
import {VERSION} from '../lib/version.js';
import {neverSeen, type Selection} from '../suite/select.js';
import {compareAttempts} from '../verdict/compare.js';
import {coverageOf} from '../verdict/coverage.js';
import {findingsOf, type Reproduce, worstFirst} from '../verdict/findings.js';
import {markFollowers} from '../verdict/followers.js';
import {withOwnSelftests} from '../verdict/own-selftests.js';
import {problemLines} from '../verdict/problems.js';
import {type AttemptRecord, type Finding, RESULTS_SCHEMA, type Results} from '../verdict/results.js';
import {symbolFindings} from '../verdict/symbol-findings.js';
import {unchangedFindings} from '../verdict/unchanged.js';
import {decideVerdict} from '../verdict/verdict.js';
import type {Ledger} from './ledger.js';
import {reproduceWith} from './reproduce.js';
import {designOf, type Request} from './request.js';

/** From what was seen to what it means. Pure but for the clock. */
export function conclude(
  ledger: Ledger,
  request: Request,
  selection: Selection,
  {single = request.series.length === 0 && request.against === undefined}: {single?: boolean} = {},
): Results {
  const reproduce = reproduceWith(request, ledger);
  const compared = compareAttempts(ledger.attempts, {design: ledger.design ?? designOf(request), single});
  const comparisons = markFollowers(withOwnSelftests(compared, ledger.own, ledger.attempts));
  const {builds, guests, changes, profiles, touched, untestable} = ledger;
  const coverage = touched && coverageOf(touched.files, {arches: touched.arches, comparisons, changes, profiles});
  const findings = worstFirst([
    ...ledger.findings,
    ...unsupported(ledger, reproduce),
    ...unchangedFindings(changes, profiles, reproduce),
    ...gaveNothing(ledger, reproduce),
    ...askedInVain(ledger, selection, reproduce({kind: 'infra'})),
    ...symbolFindings(ledger, reproduce),
    ...findingsOf({comparisons, builds, guests, profiles}, reproduce),
  ]);
  return {
    schema: RESULTS_SCHEMA,
    kverdict: VERSION,
    ...decideVerdict({comparisons, findings, builds, changes, coverage, profiles, untestable}),
    ...ledger.facts(),
    ...(coverage === undefined ? {} : {coverage}),
    ...(ledger.design === undefined ? {} : {design: ledger.design}),
    comparisons,
    attempts: attemptRecords(ledger, single),
    findings,
    problems: problemLines(ledger.attempts),
  };
}

/** A suite that was to run on a profile and of which there is no attempt at all, for no reason that is known. */
function gaveNothing(ledger: Ledger, reproduce: Reproduce): Finding[] {
  return ledger.promised
    .filter((one) => !isExplained(ledger, one.profile) && !wasRun(ledger, one))
    .map(({profile, suite, own}) => ({
      severity: 'warning',
      kind: 'infra',
      title: own
        ? `${profile} ${suite}: base's own selftests were not run: what the series did to them is not known`
        : `${profile} ${suite}: not one test ran`,
      reproduce: reproduce({kind: 'infra', profile, suite}),
      ...{profile, suite},
    }));
}

function wasRun(ledger: Ledger, {profile, suite, own}: Ledger['promised'][number]): boolean {
  const here = (own ? ledger.own : ledger.attempts).filter((one) => one.profile === profile && one.suite === suite);
  // Of the two sides a comparison tells what our host did not run; of base's own there is one attempt, and no row.
  return here.length > 0 && !(own && here.some(({notRun}) => notRun?.blame === 'infra'));
}

/** Where a kernel was not built or not booted, or a machine is not trusted, that is said, and nothing else is news. */
function isExplained({profiles, builds, guests}: Ledger, profile: string): boolean {
  const record = profiles.find(({name}) => name === profile);
  if (record?.supported === false) return true;
  if (builds.some(({status, arch}) => status === 'failed' && (record === undefined || arch === record.arch)))
    return true;
  return guests.some((one) => one.profile === profile && one.ended === 'boot-failed');
}

function attemptRecords(ledger: Ledger, single: boolean): AttemptRecord[] {
  return ledger.attempts.map(
    ({profile, suite, test, side, number, repeat, startedAt, seconds, limit, given, guest, log, console}) => ({
      ...{profile, suite, test, side: single ? 'only' : side, number},
      ...(repeat === undefined ? {} : {repeat}),
      ...(startedAt === undefined ? {} : {at: Number(((startedAt - ledger.started.getTime()) / 1000).toFixed(3))}),
      seconds: Number(seconds.toFixed(3)),
      ...(limit === undefined ? {} : {limit}),
      ...(given === undefined ? {} : {given: Number(given.toFixed(3))}),
      guest,
      ...(log === undefined ? {} : {log}),
      ...(console === undefined ? {} : {console}),
    }),
  );
}

/** A subtest that was asked for by name and that no guest gave: nothing green may be said about it. */
function askedInVain(ledger: Ledger, selection: Selection, reproduce: string): Finding[] {
  if (ledger.attempts.length === 0) return [];
  const seen = ledger.attempts.flatMap(({suite, test, report}) =>
    report.results.map(({path}) => ({suite, test, path})),
  );
  return neverSeen(selection, seen).map((name) => ({
    severity: 'warning',
    kind: 'infra',
    title: `no guest gave a result for \`${name}\`, which -t asks for`,
    reproduce,
  }));
}

/** A profile that this host cannot be trusted with: said in every report, and never red. */
function unsupported({profiles, guests}: Ledger, reproduce: Reproduce): Finding[] {
  return profiles
    .filter(({supported}) => !supported)
    .map(({name, reason, accelerator}) => ({
      severity: 'warning',
      // A QEMU that is too old is too old for every kernel: where nothing else could be booted, the host is why there is
      // no verdict. What a self-check says may be about this kernel, and then git bisect had better skip it.
      kind: guests.length === 0 && accelerator === null ? 'infra' : 'unsupported',
      title: `${name}: unsupported here: ${reason ?? ''}`,
      reproduce: reproduce({kind: 'unsupported', profile: name}),
      profile: name,
    }));
}
