// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {Badge} from '../page/parts.js';
import {counted, VERDICT} from '../page/words.js';
import {BISECT, countWords, STATE, stateOf} from './state.js';
import type {BisectView, Paged, Point, RunView, State, TestName} from './views.js';

export function VerdictBadge({run}: {run: RunView}): VNode {
  const {tone, sign, word} = VERDICT[run.verdict];
  return (
    <Badge tone={tone} sign={sign}>
      {word}
    </Badge>
  );
}

/** How all attempts of a run at one test went. */
export function StateBadge({state}: {state: State}): VNode {
  const {tone, sign, word} = STATE[state];
  return (
    <Badge tone={tone} sign={sign}>
      {word}
    </Badge>
  );
}

/** `x86_64 clear_refs race/…`, and the branch where the page is not about one. */
export function TestLink({of, withLine}: {of: TestName; withLine: boolean}): VNode {
  return (
    <>
      <span class="where">{`${withLine ? `${of.line} ` : ''}${of.profile} ${of.suite}`}</span>{' '}
      <a href={of.href}>{of.test}</a>
    </>
  );
}

/** A commit's hash and subject, which leads to its run. */
export function CommitLink({run}: {run: RunView}): VNode {
  return (
    <>
      <a href={run.href}>
        <code>{short(run.commit)}</code>
      </a>{' '}
      {run.subject}
    </>
  );
}

/** The newest runs of a test from left to right: tall is failed, low is passed. */
export function Strip({points}: {points: readonly Point[]}): VNode {
  const marks = points.map(({run, counts}) => ({
    ...STATE[stateOf(counts)],
    title: `${day(run.started)} ${short(run.commit)}: ${countWords(counts)}`,
  }));
  return <Marks marks={marks} />;
}

/** The newest runs of a branch: tall is bad. */
export function VerdictStrip({runs}: {runs: readonly RunView[]}): VNode {
  const heights = {good: 4, 'good-in-part': 6, bad: 12, inconclusive: 8, 'infra-error': 8};
  const marks = runs.map(({verdict, started, commit}) => ({
    ...VERDICT[verdict],
    height: heights[verdict],
    title: `${day(started)} ${short(commit)}: ${VERDICT[verdict].word}`,
  }));
  return <Marks marks={marks} />;
}

interface MarkProps {
  tone: string;
  word: string;
  height: number;
  title: string;
}

const PITCH = 6;

function Marks({marks}: {marks: readonly MarkProps[]}): VNode {
  const width = Math.max(1, marks.length) * PITCH;
  return (
    <svg class="marks" viewBox={`0 0 ${width} 13`} width={width} height="13" role="img" aria-label={inWords(marks)}>
      <rect class="ground" x="0" y="12" width={width} height="1" />
      {marks.map(({tone, height, title}, index) => (
        <rect key={index} class={tone} x={index * PITCH} y={12 - height} width={PITCH - 1} height={height}>
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  );
}

/** `oldest first: 12 passes, then fails`. */
function inWords(marks: readonly {word: string}[]): string {
  const runs: {word: string; n: number}[] = [];
  for (const {word} of marks) {
    const last = runs.at(-1);
    if (last?.word === word) last.n++;
    else runs.push({word, n: 1});
  }
  return `Oldest first: ${runs.map(({word, n}) => (n === 1 ? word : `${n} times ${word}`)).join(', then ')}`;
}

/** Who did it, as one bisect found; links to all that it rests on. */
export function BisectLine({bisect}: {bisect: BisectView}): VNode {
  const {href, state, because, culprit, suspects, confidence} = bisect;
  if (culprit === null) {
    return (
      <>
        <a href={href}>bisect</a>: {because === '' ? BISECT[state].word : because}
      </>
    );
  }
  return (
    <>
      <a href={href}>bisect</a>: <code>{short(culprit.commit)}</code> {culprit.subject}{' '}
      <small>
        {culprit.author}
        {confidence === null ? '' : `, sure to ${share(confidence)}`}
        {suspects > 1 ? `, or one of ${suspects - 1} more` : ''}
        {state === 'found' ? '' : `, ${BISECT[state].word}`}
      </small>
    </>
  );
}

/** Which part of a list it is, and ways to the rest of it. */
export function Pager<T>({page, one, many}: {page: Paged<T>; one: string; many: string}): VNode {
  const {rows, newer, older} = page;
  return (
    <p class="pager">
      <span>{rows.length === 0 && newer === null ? `No ${many}.` : placeOf(page, one, many)}</span>
      {newer === null ? null : <a href={newer}>Back</a>}
      {older === null ? null : <a href={older}>Further</a>}
    </p>
  );
}

function placeOf<T>({rows, total, from, older}: Paged<T>, one: string, many: string): string {
  const isAll = from === 0 && older === null;
  if (isAll) return counted(rows.length, one, many);
  return `${from + 1} to ${from + rows.length}${total === null ? '' : ` of ${total.toLocaleString('en')}`} ${many}`;
}

export const short = (commit: string): string => commit.slice(0, 12);
export const day = (moment: string): string => moment.slice(0, 10);

/** `99.3 %`; what is not certain is never shown as 100 %. */
export function share(value: number): string {
  if (value >= 1) return '100 %';
  if (value <= 0) return '0 %';
  if (value > 0.999) return '> 99.9 %';
  const percent = 100 * value;
  return value > 0 && percent < 0.1
    ? '< 0.1 %'
    : `${percent < 10 || percent > 99 ? percent.toFixed(1) : Math.round(percent)} %`;
}
