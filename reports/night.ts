// SPDX-License-Identifier: MIT
import type {NightBisect, NightBranch, NightChange, NightReport, NightRun} from '../harness/history/night.js';
import {cleanLine, clip} from '../harness/lib/text.js';

/** Changes and bisects that are told of one commit; results.json has the rest. */
const MOST = 20;

/** A night as text: a mail, a terminal. Branches in their order, each with what changed and who did it. */
export function renderNight(report: NightReport): string {
  const {nightly, started, ended, branches} = report;
  const head = `night: ${wordFor(report)}: ${cleanLine(nightly)}, ${started}${ended === null ? '' : ` to ${ended}`}`;
  return `${[head, ...branches.flatMap(branchLines)].join('\n')}\n`;
}

/** The worst of its branches. */
export function wordFor({
  branches,
}: Pick<NightReport, 'branches'>): 'BAD' | 'FAILED' | 'INCONCLUSIVE' | 'GOOD IN PART' | 'GOOD' {
  const verdicts = branches.flatMap(({runs}) => runs.map(({verdict}) => verdict));
  if (verdicts.includes('bad')) return 'BAD';
  if (branches.some(({state}) => state === 'failed')) return 'FAILED';
  if (verdicts.includes('inconclusive')) return 'INCONCLUSIVE';
  return verdicts.includes('good-in-part') ? 'GOOD IN PART' : 'GOOD';
}

function branchLines({tree, branch, state, tip, detail, runs}: NightBranch): string[] {
  const name = `${branch} of ${cleanLine(tree)}`;
  const failed = state === 'failed' ? [`  failed: ${cleanLine(detail ?? 'it is not known why')}`] : [];
  const none = state === 'unchanged' && runs.length === 0 ? [`  ${short(tip)} is judged already`] : [];
  return ['', name, ...failed, ...none, ...runs.flatMap(runLines)];
}

function runLines({commit, subject, author, base, verdict, because, folder, changes, bisects}: NightRun): string[] {
  const against = base === null ? 'compared with nothing' : `against ${short(base)}`;
  return [
    `  ${short(commit)} ("${cleanLine(subject)}", ${cleanLine(author)}), ${against}`,
    `  ${verdict}: ${clip(cleanLine(because), 300)}`,
    ...changes.slice(0, MOST).map(changeLine),
    ...more(changes.length),
    ...bisects.slice(0, MOST).flatMap(bisectLines),
    ...more(bisects.length),
    `  report: ${folder}/report.html`,
  ];
}

const changeLine = ({profile, suite, test, change}: NightChange): string =>
  `    ${change.padEnd(14)} ${profile} ${cleanLine(`${suite}:${test}`)}`;

function bisectLines({profile, suite, test, state, because, culprit, subject, author, folder}: NightBisect): string[] {
  const what = `    bisect of ${cleanLine(`${suite}:${test}`)} on ${profile}: `;
  if (state === 'pending') return [`${what}goes on with the next night`];
  if (state === 'left') return [`${what}left out: the night had too many`];
  const who =
    culprit === null ? [] : [`      ${short(culprit)} ("${cleanLine(subject ?? '')}", ${cleanLine(author ?? '')})`];
  return [`${what}${state}`, ...who, `      ${clip(cleanLine(because ?? ''), 300)}`, `      ${folder}/bisect.txt`];
}

const more = (count: number): string[] => (count > MOST ? [`    and ${count - MOST} more`] : []);
const short = (commit: string | null): string => (commit ?? 'nothing').slice(0, 12);
