// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {AttemptRecord, Comparison} from '../../harness/verdict/results.js';
import {duration} from './words.js';

/** Letters of `Comparison.outcomes`. Height says it as well as colour: what failed stands tall. */
const MARK: Readonly<Record<string, {word: string; tone: string; height: number}>> = {
  p: {word: 'passed', tone: 'good', height: 4},
  f: {word: 'failed', tone: 'bad', height: 12},
  t: {word: 'timed out', tone: 'bad', height: 12},
  c: {word: 'crashed', tone: 'bad', height: 12},
  m: {word: 'missing', tone: 'bad', height: 12},
  s: {word: 'skipped', tone: 'plain', height: 2},
  a: {word: 'absent', tone: 'plain', height: 1},
};
const WIDTH = 300;
/** Of a mark, in the same units: as wide as its neighbours leave it. */
const [NARROWEST, WIDEST] = [1.5, 10];
const MAX_MARKS = 400;

interface Mark {
  side: 'base' | 'patched';
  letter: string;
  number: number;
  at: number | undefined;
}

/**
 * Every attempt of both sides on one line of time: that they took turns, and whether failures come in bursts, is seen
 * at a glance. Without times the order of attempts stands in.
 */
export function AttemptStrip({row, attempts}: {row: Comparison; attempts: readonly AttemptRecord[]}): VNode | null {
  const marks = marksOf(row, attempts).slice(0, MAX_MARKS);
  if (marks.length === 0) return null;
  const isTimed = marks.every(({at}) => at !== undefined);
  const [first, last] = isTimed ? rangeOf(marks.map(({at}) => at ?? 0)) : rangeOf(marks.map(({number}) => number));
  const placeOf = ({at, number}: Mark): number =>
    last === first ? 0 : ((isTimed ? (at ?? 0) : number) - first) / (last - first);
  const width = Math.min(WIDEST, Math.max(NARROWEST, 0.75 * WIDTH * closest(marks, placeOf)));
  const xOf = (mark: Mark): number => placeOf(mark) * (WIDTH - width);
  const sides = (['base', 'patched'] as const).filter((side) => marks.some((mark) => mark.side === side));
  return (
    <div class="strip">
      {sides.map((side) => (
        <>
          <span class="side">{sides.length === 1 ? 'in time' : side}</span>
          <svg viewBox={`0 0 ${WIDTH} 13`} preserveAspectRatio="none" role="img" aria-label={words(side, marks)}>
            <rect class="ground" x="0" y="12" width={WIDTH} height="1" />
            {marks
              .filter((mark) => mark.side === side)
              .map((mark) => {
                const {word, tone, height} = MARK[mark.letter] ?? {word: 'not counted', tone: 'plain', height: 1};
                return (
                  <rect
                    key={mark.number}
                    class={tone}
                    x={xOf(mark).toFixed(1)}
                    y={12 - height}
                    width={width.toFixed(1)}
                    height={height}
                  >
                    <title>{`${side} ${mark.number}: ${word}${mark.at === undefined ? '' : ` at ${duration(mark.at)}`}`}</title>
                  </rect>
                );
              })}
          </svg>
        </>
      ))}
      <span class="strip-axis">
        <span>{isTimed ? `at ${duration(first)}` : 'first attempt'}</span>
        <span>{isTimed ? `${duration(last)} of the run` : 'last'}</span>
      </span>
    </div>
  );
}

/** Letters give the outcome, records the time; without letters nothing is known but counts. */
function marksOf({profile, suite, test, outcomes}: Comparison, attempts: readonly AttemptRecord[]): Mark[] {
  if (outcomes === undefined) return [];
  const whole = test.split('/', 1)[0];
  const mine = attempts.filter((one) => one.profile === profile && one.suite === suite && one.test === whole);
  return (['base', 'patched'] as const).flatMap((side) => {
    const records = mine
      .filter((one) => one.side === side || (one.side === 'only' && side === 'patched'))
      .sort((a, b) => a.number - b.number);
    return [...outcomes[side]].map((letter, index) => ({
      side,
      letter,
      number: records[index]?.number ?? index + 1,
      at: records[index]?.at,
    }));
  });
}

/** The shortest way between two attempts of one side, as a share of the line. */
function closest(marks: readonly Mark[], placeOf: (mark: Mark) => number): number {
  const gaps = (['base', 'patched'] as const).flatMap((side) => {
    const places = marks.filter((mark) => mark.side === side).map(placeOf);
    return places.slice(1).map((place, index) => Math.abs(place - (places[index] ?? 0)));
  });
  return Math.min(1, ...gaps.filter((gap) => gap > 0));
}

function rangeOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** `base: passed, failed, passed`, in runs: for who cannot see it. */
function words(side: string, marks: readonly Mark[]): string {
  const runs: {word: string; n: number}[] = [];
  for (const mark of marks.filter((one) => one.side === side)) {
    const word = MARK[mark.letter]?.word ?? 'not counted';
    const last = runs.at(-1);
    if (last?.word === word) last.n++;
    else runs.push({word, n: 1});
  }
  return `${side}: ${runs.map(({word, n}) => (n === 1 ? word : `${n} ${word}`)).join(', then ')}`;
}
