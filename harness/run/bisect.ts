// SPDX-License-Identifier: MIT
/**
 * `kverdict bisect`: ends, candidates, search, report. Everything that was found out is in the journal before it
 * counts; the search itself has no memory of its own, so that reading the journal again is resuming.
 */
import {Bisection} from '../bisect/bisection.js';
import type {Reporter} from '../bisect/drafts.js';
import {GraphHistory} from '../bisect/graph-history.js';
import type {History} from '../bisect/history.js';
import {GOOD_END} from '../bisect/history.js';
import {LinearHistory} from '../bisect/linear-history.js';
import {drive} from '../bisect/oracle.js';
import {BISECT_SCHEMA, type BisectReport, type CommitRecord} from '../bisect/report.js';
import type {Context} from '../lib/context.js';
import {UserError} from '../lib/errors.js';
import {Journal} from '../lib/journal.js';
import {cleanLine} from '../lib/text.js';
import {VERSION} from '../lib/version.js';
import {type CommitList, factsOf, listCommits, subjectsOf} from '../tree/commit-list.js';
import {describeCommit} from '../tree/resolve.js';
import {type Ends, placeEnds} from './bisect-ends.js';
import {type BisectLine, type BisectRequest, JOURNAL_FILE, type StartLine, startOf} from './bisect-journal.js';
import {KernelOracle} from './bisect-oracle.js';
import {culpritsOf, type Named, summarise} from './bisect-summary.js';
import {planOf, type Target, targetOf, targetOfSeries} from './bisect-target.js';
import {narrate} from './narrate.js';
import type {RunDir} from './run-dir.js';

export const REPORT_FILE = 'bisect.json';
/** Attempts at each end before it is said that they do not differ. */
const END_LIMIT = {clear: 20, racy: 200};
/** Ancestors are kept as bits, so a history with merges takes its size squared: 110 MB for so many. */
const MOST_WITH_MERGES = 30_000;
/** Seconds, before the first of each was measured. */
const COSTS = {build: 60, visit: 5, attempt: 15};

/** Everything that is settled before the search begins. */
interface Question {
  asked: BisectRequest;
  run: RunDir;
  journal: Journal<BisectLine>;
  ends: Ends;
  list: CommitList;
  target: Target;
}

/** Leaves bisect.json in the run's folder. @throws UserError when the ends are not there, or too many commits with merges are between them */
export async function runBisect(ctx: Context, asked: BisectRequest, run: RunDir): Promise<BisectReport> {
  const started = new Date();
  const journal = Journal.open<BisectLine>(run.file(JOURNAL_FILE));
  try {
    const known = startOf(journal.lines);
    const ends = await placeEnds(ctx, asked, known);
    const {tree} = ends;
    const list = await listCommits(ctx, tree, ends, asked);
    for (const message of list.notes) ctx.emit({type: 'note', message});
    const target = known ?? (await findTarget(ctx, asked, run, ends));
    if (target !== undefined && known === undefined) journal.append(startLine(asked, ends, target));
    const answer =
      target === undefined ? nothingToHunt(asked) : await search(ctx, {asked, run, journal, ends, list, target});
    const report: BisectReport = {
      schema: BISECT_SCHEMA,
      kverdict: VERSION,
      command: asked.request.commandLine,
      started: started.toISOString(),
      seconds: (Date.now() - started.getTime()) / 1000,
      resumed: known !== undefined,
      good: {commit: list.good, name: await describeCommit(ctx, tree, list.good)},
      bad: {commit: ends.bad, name: await describeCommit(ctx, tree, ends.bad)},
      series: ends.series?.title ?? null,
      candidates: list.commits.length,
      merges: list.merges,
      firstParent: asked.firstParent,
      ...answer,
    };
    run.write(REPORT_FILE, `${JSON.stringify(report, null, 2)}\n`);
    // Last: a bisect has ended when its answer is on the disk.
    journal.append({type: 'end'});
    return report;
  } finally {
    journal.close();
  }
}

/** What the search itself says. */
type Answer = Omit<
  BisectReport,
  | ('schema' | 'kverdict' | 'command' | 'started' | 'seconds' | 'resumed')
  | ('good' | 'bad' | 'series' | 'candidates' | 'merges' | 'firstParent')
>;

async function search(ctx: Context, question: Question): Promise<Answer> {
  const {asked, run, journal, ends, list, target} = question;
  const {tree} = ends;
  const {plan, request} = planOf(ctx, asked.request, target);
  const subjects = await subjectsOf(ctx, tree, [list.good, ...list.commits.map(({hash}) => hash)]);
  const named = namesOf(list, subjects);
  const racy = plan.lanes.some(({suite}) => suite.tests.some((test) => test.racy));
  const bisection = new Bisection<unknown>(historyOf(list), {
    confidence: asked.confidence,
    racy,
    costs: COSTS,
    endLimit: asked.endLimit ?? (racy ? END_LIMIT.racy : END_LIMIT.clear),
    limit: asked.limit,
  });
  const count = replay(bisection, journal.lines, list);
  if (count > 0) ctx.emit({type: 'note', message: `Going on after ${count} findings of an earlier call`});
  const oracle = new KernelOracle(ctx, {
    ...{tree, plan, request, run, profile: target.profile, selftests: ends.bad, firstStep: count},
    commitOf: named.commitOf,
  });
  const ending = await drive(bisection, narrate(ctx, oracle, bisection, named), (finding) =>
    journal.append({...finding, commit: named.commitOf(finding.at)}),
  );
  const culprits = await Promise.all(culpritsOf(ending).map((at) => recordOf(ctx, ends, named.commitOf(at), at)));
  const {reached, ...summary} = summarise(bisection, ending, named, culprits, reporterOf(asked));
  const test = testName(target, bisection.hunted?.key);
  return {...summary, profile: target.profile, test, confidence: {asked: asked.confidence, reached}};
}

/** A patch that came by mail has its number; its commit is ours alone. */
async function recordOf(ctx: Context, {tree, series}: Ends, commit: string, at: number): Promise<CommitRecord> {
  const facts = await factsOf(ctx, tree, commit);
  return series === undefined || series.range !== undefined ? facts : {...facts, patch: at + 1};
}

function reporterOf({reporter, link}: BisectRequest): Reporter {
  return {...(reporter === undefined ? {} : {who: reporter}), ...(link === undefined ? {} : {link})};
}

async function findTarget(
  ctx: Context,
  {request}: BisectRequest,
  run: RunDir,
  ends: Ends,
): Promise<Target | undefined> {
  if (request.tests.length > 0) return targetOf(ctx, request);
  if (ends.series === undefined)
    throw new UserError('A bisect of a history needs a test', {hint: '-t SUITE:TEST[/SUBTEST]'});
  return (await targetOfSeries(ctx, request, run)).target;
}

function startLine(asked: BisectRequest, {good, bad}: Ends, {profile, tests}: Target): StartLine {
  return {type: 'start', schema: 'kverdict/bisect-journal/1', asked, good, bad, profile, tests};
}

function historyOf({commits, merges}: CommitList): History<unknown> {
  const linear = commits.every(
    ({parents}, index) => parents.length === Math.min(1, index) && (parents[0] ?? -1) === index - 1,
  );
  if (linear) return new LinearHistory(commits.length) as History<unknown>;
  if (commits.length > MOST_WITH_MERGES) {
    throw new UserError(
      `Between the ends are ${commits.length} commits with ${merges} merges; at most ${MOST_WITH_MERGES} can be weighed`,
      {
        hint: '--first-parent finds the merge that brought it; bisect that merge then.',
      },
    );
  }
  return new GraphHistory(commits.map(({parents}) => parents)) as History<unknown>;
}

function namesOf({good, commits}: CommitList, subjects: ReadonlyMap<string, string>): Named {
  const commitOf = (at: number): string => (at === GOOD_END ? good : (commits[at]?.hash ?? ''));
  return {commitOf, subjectOf: (at) => cleanLine(subjects.get(commitOf(at)) ?? '')};
}

/** Feeds what is known; the number of findings. */
function replay(bisection: Bisection<unknown>, lines: readonly BisectLine[], {good, commits}: CommitList): number {
  const numbers = new Map([[good, GOOD_END], ...commits.map(({hash}, index): [string, number] => [hash, index])]);
  let count = 0;
  for (const line of lines) {
    if (line.type === 'start' || line.type === 'end') continue;
    const {commit, ...finding} = line;
    const at = numbers.get(commit);
    if (at === undefined) continue;
    bisection.add({...finding, at});
    count++;
  }
  return count;
}

/** `suite:key`: the suite is what stands before the colon in the word that was asked for. */
function testName({tests}: Target, key: string | undefined): string {
  const [word = ''] = tests;
  return key === undefined ? word : `${word.split(':')[0]}:${key}`;
}

/** The whole series changed nothing for the worse: there is nothing to bisect. */
function nothingToHunt({confidence, request}: BisectRequest): Answer {
  return {
    outcome: 'no-difference',
    because: 'the series makes no result worse: see verify/results.json for what it does',
    profile: request.profiles.join(', '),
    test: '',
    hunted: null,
    racy: false,
    confidence: {asked: confidence, reached: 0},
    ...{culprits: [], evidence: null, tested: [], skipped: [], sameKernel: [], drafts: []},
    cost: {builds: 0, cachedBuilds: 0, attempts: 0, endAttempts: 0, leastSteps: 0, leastAttempts: null},
  };
}
