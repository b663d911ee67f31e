// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {clopperPearson} from '../../harness/verdict/interval.js';
import {day, short} from './pieces.js';
import {countWords, STATE, stateOf} from './state.js';
import type {Point} from './views.js';

/** Units of the picture; it is stretched to the width there is. */
const [WIDTH, HEIGHT] = [600, 100];
/** Of one run at most, so that three runs are not three walls. */
const WIDEST = 24;

/**
 * Share of attempts that passed, a column a run from left to right, with Clopper and Pearson's 95 % interval; a low grey mark is a
 * run that skipped it. The table below the picture says the same, so it is hidden from who cannot see it.
 *
 * @param changes places in `points` where the state is another than before
 */
export function RateOverTime({
  points,
  changes,
}: {
  points: readonly Point[];
  changes: ReadonlySet<number>;
}): VNode | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const pitch = Math.min(WIDEST, WIDTH / points.length);
  return (
    <div class="over-time" aria-hidden="true">
      <span class="levels">
        <span>100 %</span>
        <span>50 %</span>
        <span>0 %</span>
      </span>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: each column has one; the table says it to who cannot see them */}
      <svg viewBox={`0 -2 ${pitch * points.length} ${HEIGHT + 4}`} preserveAspectRatio="none">
        {[0, 50, 100].map((level) => (
          <rect key={level} class="ground" x="0" y={level} width={pitch * points.length} height="0.6" />
        ))}
        {points.map((point, index) => (
          <Column key={index} point={point} x={index * pitch} pitch={pitch} changed={changes.has(index)} />
        ))}
      </svg>
      <span class="strip-axis">
        <span>{day(first.run.started)}</span>
        <span>{points.length > 1 ? day(last.run.started) : ''}</span>
      </span>
    </div>
  );
}

interface ColumnProps {
  point: Point;
  x: number;
  pitch: number;
  changed: boolean;
}

function Column({point, x, pitch, changed}: ColumnProps): VNode {
  const {run, counts} = point;
  const state = stateOf(counts);
  const {tone} = STATE[state];
  const of = counts.pass + counts.fail;
  const [left, width] = [num(x + 0.12 * pitch), num(0.76 * pitch)];
  return (
    <a href={run.href} tabIndex={-1}>
      <title>{`${day(run.started)} ${short(run.commit)} ${run.subject}: ${countWords(counts)}`}</title>
      <rect class="target" x={num(x)} y="-2" width={num(pitch)} height={HEIGHT + 4} />
      {changed ? <rect class="changed" x={num(x - 0.6)} y="-2" width="1.2" height={HEIGHT + 4} /> : null}
      {of === 0 ? (
        <rect class={tone} x={left} y={HEIGHT - STATE[state].height} width={width} height={STATE[state].height} />
      ) : (
        <Interval tone={tone} pass={counts.pass} of={of} left={left} width={width} />
      )}
    </a>
  );
}

function Interval(props: {tone: string; pass: number; of: number; left: string; width: string}): VNode {
  const {tone, pass, of, left, width} = props;
  const {low, high} = clopperPearson(pass, of);
  const at = HEIGHT * (1 - pass / of);
  return (
    <>
      <rect
        class={`${tone} span`}
        x={left}
        y={num(HEIGHT * (1 - high))}
        width={width}
        height={num(HEIGHT * (high - low))}
      />
      <rect class={tone} x={left} y={num(at - 1.5)} width={width} height="3" />
    </>
  );
}

const num = (value: number): string => value.toFixed(2);
