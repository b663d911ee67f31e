// SPDX-License-Identifier: MIT
import {clip} from '../lib/text.js';
import {adviceWords} from './advice.js';
import type {Coverage} from './coverage.js';
import {missedWords, nothingCompiled, shareWords} from './coverage-words.js';
import {amongWords, hasPassed, withChanges} from './in-numbers.js';
import type {KernelChange} from './kernel-change.js';
import type {BuildRecord, Comparison, Finding, ProfileRecord, Verdict} from './results.js';
import {countsOf, wasSeen} from './tally.js';
import {untestableLines, untestableNames} from './tree-words.js';
import {nothingRuns, skippedWords} from './unchanged.js';
import type {Untestable} from './untestable.js';

/** Characters of a reason in the sentence. */
const MAX_WHY = 300;

export interface VerdictInput {
  comparisons: readonly Comparison[];
  /** Of `findingsOf`, plus what the caller found itself (`series-conflict`, `infra`). */
  findings: readonly Finding[];
  builds: readonly BuildRecord[];
  /** What the kernels say; absent: they were not compared. */
  changes?: readonly KernelChange[];
  /** How much of the series was compiled; absent: there is no series. */
  coverage?: Coverage | undefined;
  profiles?: readonly ProfileRecord[];
  /** Suites that the tree has no symbols for. */
  untestable?: readonly Untestable[];
}

export interface Decision {
  verdict: Verdict;
  /** One sentence. */
  because: string;
}

/** A step towards the verdict: the sentence when it applies. */
interface Step {
  verdict: Verdict;
  because(input: VerdictInput): string | undefined;
}

/** First that applies. `good` is what is left when nothing is wrong and nothing is unproven. */
const STEPS: readonly Step[] = [
  {verdict: 'bad', because: ({findings}) => counted(findings.filter(({severity}) => severity === 'bad'))},
  {
    verdict: 'infra-error',
    because: ({comparisons, findings}) => {
      const ours = findings.find(({kind}) => kind === 'infra');
      return ours !== undefined && !comparisons.some(wasJudged) ? `nothing could be judged: ${ours.title}` : undefined;
    },
  },
  {
    verdict: 'inconclusive',
    because: ({builds}) => {
      const broken = builds.find(({status}) => status === 'failed');
      return broken && `the ${broken.side === 'only' ? '' : `${broken.side} `}kernel does not build for ${broken.arch}`;
    },
  },
  {verdict: 'inconclusive', because: ({findings}) => findings.find(({kind}) => kind === 'boot-failed')?.title},
  {verdict: 'inconclusive', because: ({findings}) => findings.find(({kind}) => kind === 'infra')?.title},
  {
    verdict: 'inconclusive',
    because: ({comparisons}) => {
      const [first, ...more] = comparisons.filter((one) => one.change === 'inconclusive' && !wasSeen(one));
      if (first === undefined) return undefined;
      const others = more.length === 0 ? '' : `; and ${more.length} more`;
      return `${nameOf(first)}: ${clip(first.reason ?? 'it was not run', MAX_WHY)}${others}`;
    },
  },
  {
    verdict: 'inconclusive',
    because: ({comparisons}) => {
      const open = comparisons.filter(({change, follows}) => change === 'inconclusive' && follows === undefined);
      const [first] = open;
      if (first === undefined) return undefined;
      const advice = adviceWords(open);
      const what = `${count(open.length, 'result')} cannot be told apart, first ${nameOf(first)}`;
      return advice === '' ? what : `${what}; ${advice}`;
    },
  },
  {verdict: 'inconclusive', because: ({coverage}) => nothingCompiled(coverage)},
  {
    verdict: 'inconclusive',
    because: (input) => {
      const {comparisons, findings} = input;
      if (comparisons.length > 0 || noGuestNeeded(input)) return undefined;
      const untested = findings.find(({kind}) => kind === 'unsupported');
      return untested === undefined ? 'not one test ran' : `not one test ran: ${untested.title}`;
    },
  },
  {
    verdict: 'inconclusive',
    because: (input) => {
      if (noGuestNeeded(input) || input.comparisons.some(hasPassed)) return undefined;
      const atTimes = input.comparisons.some(({patched}) => patched.pass > 0);
      const but = atTimes ? ['what passed at times fails with and without the series'] : [];
      return ['no test passed on the patched side', ...but, ...untestableLines(input).slice(0, 1)].join(': ');
    },
  },
  {
    verdict: 'inconclusive',
    because: (input) =>
      noGuestNeeded(input) || input.comparisons.some((row) => hasPassed(row) && row.change !== 'flaky')
        ? undefined
        : 'only flaky tests passed',
  },
  {
    verdict: 'inconclusive',
    because: ({comparisons}) => {
      const [first] = unproven(comparisons);
      return first && `nothing passed in ${first.profile} ${first.suite}: ${first.reason}`;
    },
  },
];

/** The verdict over everything a run found. Pure; fails closed: zero tests are never good. */
export function decideVerdict(input: VerdictInput): Decision {
  for (const {verdict, because} of STEPS) {
    const sentence = because(input);
    if (sentence !== undefined) return {verdict, because: withChanges(verdict, sentence, input.comparisons)};
  }
  const {coverage} = input;
  const good = goodWords(input);
  if (coverage === undefined || coverage.compiled === coverage.files) return {verdict: 'good', because: good};
  const because = `good as far as compiled: ${shareWords(coverage)}; ${good}; ${missedWords(coverage)}`;
  return {verdict: 'good-in-part', because};
}

function goodWords(input: VerdictInput): string {
  const {profiles = [], changes = []} = input;
  if (noGuestNeeded(input)) {
    const arches = changes.map(({arch}) => arch).join(' and ');
    return `nothing that runs changed on ${arches}, so no test had to be run`;
  }
  const passed = input.comparisons.filter(hasPassed).length;
  const also = amongWords(input.comparisons);
  const untested = input.findings.flatMap(({kind, profile}) => (kind === 'unsupported' && profile ? [profile] : []));
  const unsupported = untested.length === 0 ? '' : `; not tested, as unsupported here: ${untested.join(', ')}`;
  const names = untestableNames(input);
  const untestable = names === '' ? '' : `; not testable on this tree: ${names}`;
  const but = `${unsupported}${untestable}${skippedWords(profiles)}`;
  const compared = input.comparisons.some(({base}) => Object.values(base).some((times) => times > 0));
  const how = compared ? `${also}, and none got worse` : `${also}, and none failed`;
  return `${count(passed, 'result')} passed${how}${but}`;
}

/** Nothing ran because there was nothing to see; a comparison of anything else says more. */
function noGuestNeeded({comparisons, changes = [], profiles = []}: VerdictInput): boolean {
  return comparisons.length === 0 && changes.length > 0 && nothingRuns(changes, profiles);
}

/** Suites on profiles where nothing passed, and no declaration of the suite says that it should be so. */
function unproven(comparisons: readonly Comparison[]): {profile: string; suite: string; reason: string}[] {
  const groups = new Map<string, Comparison[]>();
  for (const one of comparisons) {
    const key = JSON.stringify([one.profile, one.suite]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.some(hasPassed)) return [];
    const open = group.find(({declaredSkip}) => declaredSkip !== true);
    if (open === undefined) return [];
    return [{profile: first.profile, suite: first.suite, reason: open.reason ?? open.change}];
  });
}

function wasJudged({base, patched}: Comparison): boolean {
  return [base, patched].some((tally) => countsOf(tally).failed + countsOf(tally).passed + tally.skip > 0);
}

function counted(bad: readonly Finding[]): string | undefined {
  const [first] = bad;
  if (first === undefined) return undefined;
  return bad.length === 1 ? first.title : `${first.title}; and ${bad.length - 1} more`;
}

function nameOf({profile, suite, test}: Comparison): string {
  return `${profile} ${suite}:${test}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
