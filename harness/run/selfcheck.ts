// SPDX-License-Identifier: MIT
import {availableParallelism, release, totalmem} from 'node:os';
import {join} from 'node:path';
import type {Context} from '../lib/context.js';
import {KverdictError, UserError} from '../lib/errors.js';
import {inStep, type Step} from '../lib/events.js';
import {VERSION} from '../lib/version.js';
import {loadProfiles} from '../machine/load-profiles.js';
import type {Profile} from '../machine/profile.js';
import {judgeSentinel} from '../sentinel/judge.js';
import {SELFCHECK_SCHEMA, type SelfcheckReport, type SentinelReport} from '../sentinel/report.js';
import {appliesTo, onProfiles, type Sentinel, toRun} from '../sentinel/sentinel.js';
import {openTree} from '../tree/open-tree.js';
import {kernelVersionAt, resolveCommit} from '../tree/resolve.js';
import type {Results} from '../verdict/results.js';
import {verifySeries} from './pipeline.js';
import type {Request} from './request.js';
import {RunDir} from './run-dir.js';
import {writeReports} from './write-reports.js';

export const SELFCHECK_FILE = 'selfcheck.json';

export interface SelfcheckRequest {
  sentinels: readonly Sentinel[];
  /** Tree, profiles and the rest; series, tests and out are each sentinel's own. */
  request: Request;
  /** Gets selfcheck.json, and below `sentinels/` the run of each. */
  run: RunDir;
  /** Told which run's folder events belong to; undefined: to none of a sentinel. */
  onRun: (run: RunDir | undefined) => void;
}

/**
 * One verify of each sentinel's series, one after the other, and what each shows against what must come. The report is
 * written anew after each: what was won stays when the next one is interrupted.
 *
 * @throws UserError for a profile or a tree that is not there; what one sentinel throws is its own outcome
 */
export async function checkSentinels(ctx: Context, work: SelfcheckRequest): Promise<SelfcheckReport> {
  const {sentinels, request, run} = work;
  const started = new Date();
  const profiles = loadProfiles(ctx);
  const unknown = request.profiles.find((name) => !profiles.has(name));
  if (unknown !== undefined) {
    throw new UserError(`There is no profile \`${unknown}\``, {hint: `There are: ${[...profiles.keys()].join(', ')}.`});
  }
  const tree = await openTree(ctx, {tree: request.tree});
  const commit = await resolveCommit(ctx, tree, request.rev ?? tree.head);
  const kernelVersion = await kernelVersionAt(ctx, tree, commit);
  const report: SelfcheckReport = {
    schema: SELFCHECK_SCHEMA,
    kverdict: VERSION,
    command: request.commandLine,
    started: started.toISOString(),
    seconds: 0,
    complete: false,
    tree: {origin: tree.origin, commit, kernelVersion},
    host: {cpus: availableParallelism(), memoryMiB: Math.round(totalmem() / 2 ** 20), kernel: release()},
    sentinels: [],
  };
  for (const [index, sentinel] of sentinels.entries()) {
    const id = `sentinel ${sentinel.name}`;
    const label = `sentinel ${index + 1} of ${sentinels.length}: ${sentinel.name}`;
    const one = await inStep(ctx.emit, 'sentinel', id, label, (step) =>
      checkOne(ctx, sentinel, {...work, request: {...request, rev: commit}, kernelVersion, profiles}, step),
    );
    report.sentinels.push(one);
    report.seconds = (Date.now() - started.getTime()) / 1000;
    report.complete = report.sentinels.length === sentinels.length;
    run.write(SELFCHECK_FILE, `${JSON.stringify(report, null, 2)}\n`);
  }
  return report;
}

interface Place extends SelfcheckRequest {
  kernelVersion: string;
  profiles: ReadonlyMap<string, Profile>;
}

async function checkOne(ctx: Context, whole: Sentinel, place: Place, step: Step): Promise<SentinelReport> {
  const started = performance.now();
  const sentinel = onProfiles(whole, place.request.profiles);
  const {name, thread, summary, unseen} = whole;
  const control = whole.expect.length === 0;
  const report = (more: Pick<SentinelReport, 'outcome'> & Partial<SentinelReport>): SentinelReport => ({
    ...{name, thread, summary, control, rows: [], kernel: place.kernelVersion},
    ...(unseen === undefined ? {} : {unseen}),
    seconds: (performance.now() - started) / 1000,
    ...more,
  });
  const skip = (outcome: 'does-not-apply' | 'left-out', detail: string): SentinelReport => {
    step.end('skipped', detail);
    return report({outcome, detail});
  };
  if (!appliesTo(whole, place.kernelVersion)) {
    return skip('does-not-apply', `it applies to ${whole.applies.join(', ')}, and this is ${place.kernelVersion}`);
  }
  const {profiles} = toRun(sentinel);
  if (profiles.length === 0) {
    return skip('left-out', `it names none of the chosen profiles: ${toRun(whole).profiles.join(', ')}`);
  }
  const archOf = (profile: string): string => place.profiles.get(profile)?.arch ?? profile;
  try {
    const {results, folder} = await verify(ctx, sentinel, place);
    const {outcome, rows} = judgeSentinel(sentinel, results, archOf);
    const word = outcome === 'missed' && unseen !== undefined ? 'missed, as is known' : outcome;
    step.end(outcome === 'detected' || outcome === 'good' || word !== outcome ? 'ok' : 'failed', word);
    const [guest] = results.guests;
    return report({
      ...{outcome, rows, results: folder},
      ...(outcome === 'detected' && unseen !== undefined
        ? {detail: `it is detected, though it is marked \`unseen\` (${unseen}): take the mark away`}
        : {}),
      ...(guest === undefined ? {} : {machine: `QEMU ${guest.qemu}, ${guest.accelerator.kind}`}),
    });
  } catch (error) {
    // Ctrl-C ends all; anything else is this sentinel's own trouble, and the next one may do better.
    if (ctx.signal.aborted || !(error instanceof KverdictError)) throw error;
    step.end('failed', error.message.split('\n')[0]);
    return report({outcome: 'not-tried', detail: error.message});
  }
}

async function verify(
  ctx: Context,
  sentinel: Sentinel,
  {request, run, onRun}: Place,
): Promise<{results: Results; folder: string}> {
  const folder = join('sentinels', sentinel.name);
  const own = RunDir.open(ctx.paths, join(run.path, folder), new Date());
  onRun(own);
  try {
    const {tests, only, profiles} = toRun(sentinel);
    const results = await verifySeries(
      ctx,
      // What a sentinel shows is for its tests to say.
      {...request, series: [sentinel.directory], tests, only, profiles, force: true},
      own,
    );
    writeReports(own, results);
    return {results, folder};
  } finally {
    onRun(undefined);
    own.close();
  }
}
