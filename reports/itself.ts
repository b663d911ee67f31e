// SPDX-License-Identifier: MIT
import {cleanLine} from '../harness/lib/text.js';
import {type ItselfReport, isFalseAlarm, itselfVerdict} from '../harness/verdict/itself.js';
import type {Rate} from '../harness/verdict/rate.js';

const VERDICTS = {passed: 'passed', failed: 'FAILED', 'cannot-tell': 'CANNOT TELL'} as const;

/** The last screen of `kverdict selfcheck --aa`: a line a run, then the rates. */
export function renderItself(report: ItselfReport, out: string): string {
  const {runs, tree, machines, falseAlarms, resampled, design} = report;
  const lines = runs.map((run, index) => {
    const counts = `${run.compared} subtests, ${run.attempts} attempts (${run.repeats} repeats), ${run.seconds.toFixed(0)} s`;
    const alarm = isFalseAlarm(run) ? 'FALSE ALARM, ' : '';
    const claims = run.claims.map(
      (one) => `     ${cleanLine(`${one.profile} ${one.suite}:${one.test}: ${one.change}: ${one.reason ?? ''}`)}`,
    );
    return [`${String(index + 1).padStart(3)}  ${alarm}${run.verdict}: ${counts}`, ...claims].join('\n');
  });
  return [
    `selfcheck: ${VERDICTS[itselfVerdict(report)]}: Linux ${tree.kernelVersion} (${cleanLine(tree.origin)}) against itself, alpha ${design.alpha}`,
    ...machines.map(cleanLine),
    '',
    ...lines,
    '',
    `false alarms, live:      ${rateWords(falseAlarms)}`,
    ...(resampled === undefined ? [] : [`false alarms, resampled: ${rateWords(resampled)}, seed ${resampled.seed}`]),
    '',
    `files: ${cleanLine(out)}/itself.json, and a run of verify each below itself/`,
    '',
  ].join('\n');
}

/** `0 of 20 runs: 0.0 % (95 % interval 0.0 % to 16.8 %)` */
export function rateWords({hits, of, rate, low, high}: Rate): string {
  const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`;
  return `${hits} of ${of} runs: ${percent(rate)} (95 % interval ${percent(low)} to ${percent(high)})`;
}
