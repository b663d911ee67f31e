// SPDX-License-Identifier: MIT
import {VERSION} from '../lib/version.js';
import {neverSeen, type Selection} from '../suite/select.js';
import {compareAttempts} from '../verdict/compare.js';
import {findingsOf, type Reproduce, worstFirst} from '../verdict/findings.js';
import {markFollowers} from '../verdict/followers.js';
import {problemLines} from '../verdict/problems.js';
import {type AttemptRecord, type Finding, RESULTS_SCHEMA, type Results} from '../verdict/results.js';
import {decideVerdict} from '../verdict/verdict.js';
import type {Ledger} from './ledger.js';
import {reproduceWith} from './reproduce.js';
import type {Request} from './request.js';

/** From what was seen to what it means. Pure but for the clock. */
export function conclude(ledger: Ledger, request: Request, selection: Selection): Results {
  const single = request.series.length === 0;
  const reproduce = reproduceWith(request, ledger);
  const comparisons = markFollowers(compareAttempts(ledger.attempts, {alpha: request.alpha, single}));
  const {builds, guests} = ledger;
  const findings = worstFirst([
    ...ledger.findings,
    ...unsupported(ledger, reproduce),
    ...askedInVain(ledger, selection, reproduce({kind: 'infra'})),
    ...findingsOf({comparisons, builds, guests}, reproduce),
  ]);
  return {
    schema: RESULTS_SCHEMA,
    kverdict: VERSION,
    ...decideVerdict({comparisons, findings, builds}),
    ...ledger.facts(),
    comparisons,
    attempts: attemptRecords(ledger, single),
    findings,
    problems: problemLines(ledger.attempts),
  };
}

function attemptRecords(ledger: Ledger, single: boolean): AttemptRecord[] {
  return ledger.attempts.map(({profile, suite, test, side, number, startedAt, seconds, guest, log, console}) => ({
    ...{profile, suite, test, side: single ? 'only' : side, number},
    ...(startedAt === undefined ? {} : {at: Number(((startedAt - ledger.started.getTime()) / 1000).toFixed(3))}),
    seconds: Number(seconds.toFixed(3)),
    guest,
    ...(log === undefined ? {} : {log}),
    ...(console === undefined ? {} : {console}),
  }));
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
