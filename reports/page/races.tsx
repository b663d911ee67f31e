// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {comesAtTimes} from '../../harness/verdict/came.js';
import {neverFailedLines} from '../../harness/verdict/excluded.js';
import type {AttemptRecord, Comparison} from '../../harness/verdict/results.js';
import {failures} from '../standing.js';
import {AttemptStrip} from './attempt-strip.js';
import {ChangeBadge} from './parts.js';
import {RatePicture} from './rate-picture.js';
import {toneOf} from './words.js';

/** A picture takes three kilobytes and a look: beyond this the table says it. */
const MAX_RACES = 60;

/** A result that more than one attempt of a side had to decide, and that failed at least once or came at times only. */
export function isRacy({base, patched}: Comparison): boolean {
  const runs = (side: Comparison['base']): number => failures(side) + side.pass;
  if (comesAtTimes(base) || comesAtTimes(patched)) return true;
  return Math.max(runs(base), runs(patched)) > 1 && failures(base) + failures(patched) > 0;
}

export function Races({
  rows,
  all,
  attempts,
  single,
}: {
  rows: readonly Comparison[];
  /** Also those that are not racy. */
  all: readonly Comparison[];
  attempts: readonly AttemptRecord[];
  single: boolean;
}): VNode {
  const shown = rows.slice(0, MAX_RACES);
  return (
    <section id="races" aria-labelledby="races-title">
      <h2 id="races-title">Races</h2>
      <p class="quiet">
        {rows.length === 0
          ? 'No result that was tried more than once failed, and each came in every attempt.'
          : 'Rates of results that were tried more than once, and failed at least once or did not come each time; and each attempt in the order of time.'}
      </p>
      <NeverFailed lines={neverFailedLines(all)} />
      <div class="races">
        {shown.map((row) => (
          <article key={`${row.profile} ${row.suite} ${row.test}`} class="race" data-k={keyOf(row)} data-c={row.change}>
            <h3>
              <span class="where">{`${row.profile} ${row.suite}`}</span> {row.test}
            </h3>
            {single ? null : <ChangeBadge change={row.change} tone={toneOf(row)} />}
            <RatePicture row={row} single={single} />
            <AttemptStrip row={row} attempts={attempts} />
          </article>
        ))}
      </div>
      {rows.length > shown.length ? (
        <p class="quiet">{`And ${rows.length - shown.length} more, in the table of results.`}</p>
      ) : null}
    </section>
  );
}

/** That a race did not show is no proof that it is gone: what rate it may still have. */
function NeverFailed({lines}: {lines: readonly string[]}): VNode | null {
  if (lines.length === 0) return null;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

const keyOf = ({profile, suite, test}: Comparison): string => `${profile} ${suite}:${test}`.toLowerCase().slice(0, 300);
