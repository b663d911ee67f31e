// SPDX-License-Identifier: MIT
import type {ComponentChildren, VNode} from 'preact';
import type {Verdict} from '../../harness/verdict/results.js';
import {duration, VERDICT} from './words.js';

export interface Fact {
  name: string;
  value: ComponentChildren;
  /** Less important, beside it. */
  note?: string;
}

interface BoxProps {
  verdict: Verdict;
  because: string;
  facts: readonly Fact[];
  children?: ComponentChildren;
}

/** What stands on top of a page about a run: one word, why, and what was tested. */
export function VerdictBox({verdict, because, facts, children}: BoxProps): VNode {
  const {tone, sign, word} = VERDICT[verdict];
  return (
    <header class={`verdict ${tone}`}>
      <p class="sign" aria-hidden="true">
        {sign}
      </p>
      <div>
        <h1>
          <span class="unseen">Verdict: </span>
          {word}
        </h1>
        <p class="because">{because}</p>
        <Facts facts={facts} />
        {children}
      </div>
    </header>
  );
}

export function Facts({facts}: {facts: readonly Fact[]}): VNode {
  return (
    <dl class="facts">
      {facts.map(({name, value, note}) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value} {note === undefined ? null : <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** `2026-11-21 15:00:00 UTC`; what is no time is shown as it is. */
export function Moment({at}: {at: string}): VNode {
  return <time dateTime={at}>{at.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')}</time>;
}

/** When a run was, and how long it took. */
export function When({started, seconds}: {started: string; seconds: number}): VNode {
  return (
    <>
      <Moment at={started} />
      <small>{` ${duration(seconds)}`}</small>
    </>
  );
}

export interface Share {
  word: string;
  tone: string;
  n: number;
}

/** All results as one bar with its numbers below: no number is in the picture alone. */
export function Overview({shares}: {shares: readonly Share[]}): VNode | null {
  const parts = shares.filter(({n}) => n > 0);
  const total = parts.reduce((sum, {n}) => sum + n, 0);
  if (total === 0) return null;
  let at = 0;
  const bars = parts.map(({word, tone, n}) => {
    const x = at;
    // A single regression among thousands is still to be seen.
    const width = Math.max(0.7, (100 * n) / total);
    at += width;
    return <rect key={word} class={tone} x={x} y="0" width={Math.max(0.3, width - 0.25)} height="1" />;
  });
  return (
    <div class="overview">
      <svg viewBox={`0 0 ${at} 1`} preserveAspectRatio="none" aria-hidden="true">
        {bars}
      </svg>
      <ul>
        {parts.map(({word, tone, n}) => (
          <li key={word} class={tone}>
            <b>{n.toLocaleString('en')}</b> {word}
          </li>
        ))}
      </ul>
    </div>
  );
}
