// SPDX-License-Identifier: MIT
/** From the attempts of one guest's worth of work to what a bisect looks at. */
import {join} from 'node:path';
import type {Failure, Seen} from '../bisect/hunt.js';
import {scanConsole} from '../klog/scan.js';
import type {Status} from '../ktap/result.js';
import {readConsole} from '../machine/console.js';
import type {Attempt} from '../suite/attempt.js';
import {matches, type Selection} from '../suite/select.js';
import {type Judged, judgeSide} from '../verdict/tally.js';

/** How a status fails; absent: it does not. A skip says nothing. */
const HOW: Readonly<Partial<Record<Status, Failure['how']>>> = {
  fail: 'fail',
  xpass: 'fail',
  error: 'fail',
  timeout: 'timeout',
  crash: 'crash',
  missing: 'missing',
};

/**
 * @param attempts each test of the unit once; none: its guest did not come up
 * @param runFolder where the consoles are
 */
export function seenIn(attempts: readonly Attempt[], selection: Selection, runFolder: string): Seen {
  const seen: Seen = {failures: [], passed: []};
  let skipped: string | undefined;
  for (const one of judgeSide(attempts)) {
    const splat = splatOf(one.attempt, runFolder);
    for (const [key, status] of resultsOf(one, selection)) {
      const how = HOW[status];
      if (how !== undefined) seen.failures.push({key, how, ...(how === 'crash' && splat !== undefined ? {splat} : {})});
      else if (status === 'skip') skipped ??= `${key}: skipped${because(one, key)}`;
      else seen.passed.push(key);
    }
  }
  if (seen.failures.length + seen.passed.length > 0) return seen;
  return {...seen, nothing: skipped ?? 'no result'};
}

function resultsOf({attempt, outcomes}: Judged, selection: Selection): [string, Status][] {
  const {suite, test} = attempt;
  const asked = [...outcomes].filter(([key]) => {
    const path = key.slice(test.length + 1);
    return path === '' || matches(selection, suite, test, path.split('/'));
  });
  // No word about the whole: it ran to its end, and its exit fits.
  const whole: [string, Status][] = outcomes.has(test) ? [] : [[test, 'pass']];
  return [...asked.map(([key, {status}]): [string, Status] => [key, status]), ...whole];
}

function because({outcomes}: Judged, key: string): string {
  const reason = outcomes.get(key)?.reason;
  return reason === undefined ? '' : `: ${reason}`;
}

/** What took the guest down: the splat before the panic that followed it, else the panic. */
function splatOf({lost, console: file}: Attempt, runFolder: string): string | undefined {
  if (lost === undefined) return undefined;
  if (file === undefined) return lost.how;
  const {splats} = scanConsole(readConsole(join(runFolder, file)));
  const panic = splats.findIndex(({kind}) => kind === 'panic');
  const before = splats[panic - 1];
  return (before ?? splats[panic] ?? splats.at(-1))?.title ?? lost.how;
}
