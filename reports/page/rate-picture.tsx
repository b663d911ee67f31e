// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {adviceWords} from '../../harness/verdict/advice.js';
import {percent, rateWords} from '../../harness/verdict/excluded.js';
import {clopperPearson} from '../../harness/verdict/interval.js';
import {pWords} from '../../harness/verdict/p-words.js';
import type {Comparison, Tally} from '../../harness/verdict/results.js';
import {failures} from '../standing.js';

const SIDES = ['base', 'patched'] as const;

/**
 * Failure rate of both sides with its 95 % interval, from 0 to 100 %; the numbers stand beside the picture.
 * @param single there is no base by design: the one side needs no name, and no comparison is missed
 */
export function RatePicture({row, single}: {row: Comparison; single: boolean}): VNode {
  const sides = SIDES.filter((side) => ranOf(row[side]) > 0);
  return (
    <div class="rate">
      {sides.map((side) => (
        <Side key={side} side={side} name={single ? 'attempts' : side} tally={row[side]} />
      ))}
      <Axis />
      {single ? null : <p class="rate-note">{noteOf(row)}</p>}
    </div>
  );
}

const ranOf = (tally: Tally): number => failures(tally) + tally.pass;

function Side({side, name, tally}: {side: (typeof SIDES)[number]; name: string; tally: Tally}): VNode {
  const failed = failures(tally);
  const of = ranOf(tally);
  const {low, high} = clopperPearson(failed, of);
  const rate = (100 * failed) / of;
  return (
    <>
      <span class="side">{name}</span>
      <svg class="interval" viewBox="-2 0 104 12" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" x="0" y="5" width="100" height="2" />
        <rect class={`span ${side}`} x={num(100 * low)} y="3" width={num(100 * (high - low))} height="6" rx="1" />
        <rect class={`dot ${side}`} x={num(rate - 0.75)} y="0" width="1.5" height="12" />
      </svg>
      <span class="number">
        {`${failed} of ${of}`} <small>{`${percent(low)} to ${percent(high)}`}</small>
      </span>
    </>
  );
}

function Axis(): VNode {
  return (
    <>
      <span class="axis-left" />
      <span class="axis" aria-hidden="true">
        <span>0 %</span>
        <span>50 %</span>
        <span>100 %</span>
      </span>
      <span class="axis-right">
        <small>failed, 95 % interval</small>
      </span>
    </>
  );
}

/** The second figure is the one that alpha is held against. */
function noteOf(row: Comparison): string {
  const p = row.pValue === null ? 'one side has nothing to compare' : `exact test: ${pWords(row)}`;
  return [rateWords(row), p, adviceWords([row])].filter(Boolean).join('; ');
}

const num = (value: number): string => value.toFixed(2);
