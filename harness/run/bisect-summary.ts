// SPDX-License-Identifier: MIT
/** From a search that has ended to what is said of it. */
import type {Bisection} from '../bisect/bisection.js';
import {informationBound} from '../bisect/channel.js';
import {draftLines} from '../bisect/drafts.js';
import {GOOD_END} from '../bisect/history.js';
import {failureText} from '../bisect/hunt.js';
import type {BisectOutcome, BisectReport, CommitRecord, Evidence, TestedCommit} from '../bisect/report.js';
import type {Ending} from '../bisect/search.js';

export interface Named {
  /** Of a candidate or an end, by number. */
  commitOf(at: number): string;
  subjectOf(at: number): string;
}

type Summary = Pick<
  BisectReport,
  | 'outcome'
  | 'because'
  | 'hunted'
  | 'racy'
  | 'culprits'
  | 'evidence'
  | 'tested'
  | 'skipped'
  | 'sameKernel'
  | 'cost'
  | 'drafts'
> & {reached: number};

/** More likely ones than these help nobody. */
export const MOST_CULPRITS = 10;

/** @param culprits the facts of `culpritsOf(ending)`, in its order */
export function summarise<Members>(
  bisection: Bisection<Members>,
  ending: Ending,
  named: Named,
  culprits: CommitRecord[],
  reporter: {who?: string; link?: string},
): Summary {
  const {search, findings, history} = bisection;
  const runs = [...search.tallies].sort(([a], [b]) => a - b);
  const tested = runs.map(([at, tally]): TestedCommit & {at: number} => ({
    at,
    commit: named.commitOf(at),
    subject: named.subjectOf(at),
    failed: tally.bad,
    of: tally.bad + tally.good,
    mute: tally.mute,
    ...(tally.why === undefined ? {} : {why: tally.why}),
  }));
  const evidence = evidenceOf(bisection, ending, tested);
  const builds = findings.filter(({type}) => type !== 'attempt');
  const cached = builds.filter((one) => one.type === 'kernel' && one.cached).length;
  const ends = tested.filter(({at}) => at === GOOD_END || at === history.size - 1);
  const [only] = culprits;
  return {
    outcome: outcomeOf(ending),
    because: because(bisection, ending, named, tested, evidence),
    hunted: bisection.hunted ?? null,
    racy: search.isRacy,
    culprits,
    evidence,
    tested: tested.map(withoutNumber),
    skipped: [...search.skipped].map(([at, reason]) => ({
      commit: named.commitOf(at),
      subject: named.subjectOf(at),
      reason,
    })),
    sameKernel: [...search.sameAs].map(([at, as]) => ({commit: named.commitOf(at), as: named.commitOf(as)})),
    cost: {
      builds: builds.length - cached,
      cachedBuilds: cached,
      attempts: search.attempts,
      endAttempts: ends.reduce((sum, {of, mute}) => sum + of + mute, 0),
      leastSteps: Math.ceil(Math.log2(history.size)),
      leastAttempts: leastAttempts(history.size, bisection.options.confidence, evidence),
    },
    drafts: outcomeOf(ending) === 'found' && only !== undefined ? draftLines(only, reporter) : [],
    reached: 'confidence' in ending ? ending.confidence : 0,
  };
}

/** The numbers of the candidates that a person should see. */
export function culpritsOf(ending: Ending): number[] {
  return 'culprits' in ending ? ending.culprits.slice(0, MOST_CULPRITS) : [];
}

function outcomeOf(ending: Ending): BisectOutcome {
  return ending.how === 'found' && ending.culprits.length > 1 ? 'several' : ending.how;
}

type Numbered = TestedCommit & {at: number};

function evidenceOf<Members>(
  {history, search}: Bisection<Members>,
  ending: Ending,
  tested: readonly Numbered[],
): BisectReport['evidence'] {
  const [first] = search.suspects();
  if (!('culprits' in ending) || first === undefined) return null;
  const parts = tested.map((one) => ({one, ...history.split(first.members, one.at)}));
  const holding = parts.filter(({outside}) => outside === undefined).map(({one}) => one);
  const others = parts.filter(({inside}) => inside === undefined).map(({one}) => one);
  const [at, before] = [holding[0], others.filter((one) => one.at < (ending.culprits[0] ?? 0)).at(-1)];
  return {
    with: sum(holding),
    without: sum(others),
    at: at === undefined ? null : withoutNumber(at),
    before: before === undefined ? null : withoutNumber(before),
  };
}

function sum(commits: readonly Evidence[]): Evidence {
  return {failed: commits.reduce((all, {failed}) => all + failed, 0), of: commits.reduce((all, {of}) => all + of, 0)};
}

const withoutNumber = ({at: _, ...tested}: Numbered): TestedCommit => tested;

function leastAttempts(size: number, confidence: number, evidence: BisectReport['evidence']): number | null {
  if (evidence === null) return null;
  const rate = ({failed, of}: Evidence): number => failed / Math.max(1, of);
  const [p, q] = [rate(evidence.with), rate(evidence.without)];
  return p > q ? Math.ceil(informationBound(size, p, q, confidence)) : null;
}

function because<Members>(
  {history, search, hunted}: Bisection<Members>,
  ending: Ending,
  named: Named,
  tested: readonly Numbered[],
  evidence: BisectReport['evidence'],
): string {
  const name = (at: number): string => `${named.commitOf(at).slice(0, 12)} ("${named.subjectOf(at)}")`;
  const rate = (at: number): string => {
    const one = tested.find((each) => each.at === at);
    return `${one?.failed ?? 0} of ${one?.of ?? 0} attempts`;
  };
  const [good, bad] = [GOOD_END, history.size - 1];
  const what = hunted === undefined ? 'the failure' : failureText(hunted);
  switch (ending.how) {
    case 'found': {
      const sure = `probability ${ending.confidence.toFixed(4)}`;
      const [first = 0] = ending.culprits;
      if (ending.culprits.length > 1) {
        return `one of ${ending.culprits.length} commits did it, ${name(first)} to ${name(ending.culprits.at(-1) ?? first)}: nothing that builds and boots tells them apart (${sure})`;
      }
      const counts = ({failed, of}: Evidence): string => `${failed} of ${of}`;
      const sides =
        evidence === null
          ? ''
          : `: ${what} in ${counts(evidence.with)} attempts with it, ${counts(evidence.without)} without`;
      return `${name(first)} did it${sides} (${sure})`;
    }
    case 'no-difference':
      if (ending.why === 'same-kernel')
        return 'both ends are the same kernel, byte for byte: nothing between them changes what it does';
      if (ending.why === 'never-fails') return `the bad end does not fail: no failure in ${rate(bad)}`;
      return `the ends are not shown to differ: ${what} in ${rate(bad)} at the bad end, ${rate(good)} at the good one`;
    case 'end-untestable': {
      const at = ending.end === 'good' ? good : bad;
      return `the ${ending.end} end ${name(at)} cannot be tested: ${ending.reason}`;
    }
    case 'out-of-attempts': {
      const [first = 0] = ending.culprits;
      return `not decided after ${search.attempts} attempts; likeliest ${name(first)}${ending.culprits.length > 1 ? ` or one of the ${ending.culprits.length - 1} others that were not told from it` : ''} (probability ${ending.confidence.toFixed(4)})`;
    }
  }
}
