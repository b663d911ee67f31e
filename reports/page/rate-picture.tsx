// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {adviceWords} from '../../harness/verdict/advice.js';
import {type Came, cameCounts, cameOf, comesAtTimes} from '../../harness/verdict/came.js';
import {percent, rateWords} from '../../harness/verdict/excluded.js';
import {clopperPearson} from '../../harness/verdict/interval.js';
import {pWords} from '../../harness/verdict/p-words.js';
import type {Comparison} from '../../harness/verdict/results.js';
import {failures} from '../standing.js';

const SIDES = ['base', 'patched'] as const;

/**
 * Rate of both sides with its 95 % interval, from 0 to 100 %, of what the row is about: how often it failed, or how often it
 * came. The numbers stand beside the picture.
 * @param single there is no base by design: the one side needs no name, and no comparison is missed
 */
export function RatePicture({row, single}: {row: Comparison; single: boolean}): VNode {
  const sides = SIDES.map((side) => ({side, ...countsOf(row, side)})).filter(({of}) => of > 0);
  return (
    <div class="rate">
      {sides.map(({side, times, of}) => (
        <Side key={side} side={side} name={single ? 'attempts' : side} times={times} of={of} />
      ))}
      <Axis what={isAboutComing(row) ? 'came' : 'failed'} />
      {single ? null : <p class="rate-note">{noteOf(row)}</p>}
    </div>
  );
}

/** Whether it was there is what was asked, and no failure. */
export const isAboutComing = ({asked}: Comparison): boolean => asked === 'absences';

function countsOf(row: Comparison, side: (typeof SIDES)[number]): Came {
  if (isAboutComing(row)) return cameCounts(row, side);
  const failed = failures(row[side]);
  return {times: failed, of: failed + row[side].pass};
}

interface SideProps extends Came {
  side: (typeof SIDES)[number];
  name: string;
}

function Side({side, name, times, of}: SideProps): VNode {
  const {low, high} = clopperPearson(times, of);
  const rate = (100 * times) / of;
  return (
    <>
      <span class="side">{name}</span>
      <svg class="interval" viewBox="-2 0 104 12" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" x="0" y="5" width="100" height="2" />
        <rect class={`span ${side}`} x={num(100 * low)} y="3" width={num(100 * (high - low))} height="6" rx="1" />
        <rect class={`dot ${side}`} x={num(rate - 0.75)} y="0" width="1.5" height="12" />
      </svg>
      <span class="number">
        {`${times} of ${of}`} <small>{`${percent(low)} to ${percent(high)}`}</small>
      </span>
    </>
  );
}

function Axis({what}: {what: string}): VNode {
  return (
    <>
      <span class="axis-left" />
      <span class="axis" aria-hidden="true">
        <span>0 %</span>
        <span>50 %</span>
        <span>100 %</span>
      </span>
      <span class="axis-right">
        <small>{`${what}, 95 % interval`}</small>
      </span>
    </>
  );
}

/** The second figure is the one that alpha is held against. */
function noteOf(row: Comparison): string {
  const p = row.pValue === null ? 'one side has nothing to compare' : `exact test: ${pWords(row)}`;
  return [rateWords(row), p, adviceWords([row]), comingNote(row)].filter(Boolean).join('; ');
}

/** What a picture of failures leaves out: attempts without it are in no failure rate. */
function comingNote(row: Comparison): string {
  if (isAboutComing(row) || !SIDES.some((side) => comesAtTimes(row[side]))) return '';
  const of = (side: (typeof SIDES)[number]): string => cameOf(row, side).replace('/', ' of ');
  return `came in ${of('base')} attempts on base, ${of('patched')} patched`;
}

const num = (value: number): string => value.toFixed(2);
