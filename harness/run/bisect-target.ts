// SPDX-License-Identifier: MIT
/** Which test a bisect hunts, on which machine. */
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import type {Finding, Results} from '../verdict/results.js';
import {verifySeries} from './pipeline.js';
import {makePlan, type Plan} from './prepare.js';
import type {Request} from './request.js';
import {RunDir} from './run-dir.js';
import {writeReports} from './write-reports.js';

export interface Target {
  profile: string;
  /** `-t` words. */
  tests: string[];
}

/** Changes that one patch of a series can be blamed for. */
export const BLAMABLE: ReadonlySet<Finding['kind']> = new Set(['regressed', 'gone', 'new-failure', 'skip-regressed']);

/** From `-t` and `--profiles`; several machines: the first that the suite names. */
export function targetOf(ctx: Context, request: Request): Target {
  const {lanes} = makePlan(ctx, request);
  const suites = new Set(lanes.map(({suite}) => suite.name));
  const [first] = lanes;
  if (first === undefined || suites.size > 1) {
    throw new UserError('A bisect hunts one test of one suite', {hint: 'Name it: -t SUITE:TEST[/SUBTEST].'});
  }
  const profiles = [...new Set(lanes.map(({profile}) => profile))];
  if (profiles.length > 1) {
    const message = `${first.suite.name} runs on ${profiles.join(', ')}: the bisect takes ${first.profile} (--profiles takes another)`;
    ctx.emit({type: 'note', message});
  }
  return {profile: first.profile, tests: [...request.tests]};
}

/**
 * What a series changed, by a verify of the whole of it: its worst change is hunted, and the others are told.
 *
 * @returns undefined when it made nothing worse; the results say what it did
 */
export async function targetOfSeries(
  ctx: Context,
  request: Request,
  run: RunDir,
): Promise<{target: Target | undefined; results: Results}> {
  const own = RunDir.open(ctx.paths, run.folder('verify'), new Date());
  const {out: _, ...plain} = request;
  const results = await verifySeries(ctx, plain, own);
  writeReports(own, results);
  // A row under a name of ours is hunted by what it is a part of: nobody can ask for the row.
  const wantedOf = (one: Finding): string | undefined =>
    results.comparisons.find(
      ({profile, suite, test}) => profile === one.profile && suite === one.suite && test === one.test,
    )?.selects ?? one.test;
  const changes = results.findings.flatMap((one) => {
    const {kind, profile, suite, test} = one;
    if (!BLAMABLE.has(kind) || !profile || !suite || !test) return [];
    return [{profile, word: `${suite}:${wantedOf(one)}`}];
  });
  const [first, ...others] = changes;
  for (const {profile, word} of others) {
    ctx.emit({type: 'note', message: `Changed as well: -t ${word} --profiles ${profile}`});
  }
  return {target: first && {profile: first.profile, tests: [first.word]}, results};
}

/** The plan of a target: one machine, one suite. */
export function planOf(ctx: Context, request: Request, {profile, tests}: Target): {plan: Plan; request: Request} {
  const own: Request = {...request, profiles: [profile], tests, series: [], selftestsFrom: 'patched'};
  return {plan: makePlan(ctx, own), request: own};
}
