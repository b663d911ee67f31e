// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {Results} from '../../harness/verdict/results.js';
import {seriesWords} from '../series-words.js';
import {CHANGE, cellOf, counted, duration, type Tone, VERDICT} from './words.js';

/** The first screen: one word, why, what was tested on what, and all results as one bar. */
export function Verdict({results}: {results: Results}): VNode {
  const {tone, sign, word} = VERDICT[results.verdict];
  const {series, base} = results;
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
        <p class="because">{results.because}</p>
        <dl class="facts">
          {series === null ? null : (
            <div>
              <dt>{seriesWords(series).label}</dt>
              <dd>
                {series.title} <small>{seriesWords(series).size}</small>
              </dd>
            </div>
          )}
          {base === null ? null : (
            <div>
              <dt>{series === null ? 'Commit' : 'Base'}</dt>
              <dd>
                {base.name} <small>{`${base.commit.slice(0, 12)}, Linux ${base.kernelVersion}`}</small>
              </dd>
            </div>
          )}
          <div>
            <dt>Machines</dt>
            <dd>{machines(results)}</dd>
          </div>
          <div>
            <dt>Run</dt>
            <dd>
              <time dateTime={results.started}>{results.started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>{' '}
              <small>
                {duration(results.seconds)}, {counted(results.host.cpus, 'CPU', 'CPUs')}
              </small>
            </dd>
          </div>
        </dl>
        <Overview results={results} />
      </div>
    </header>
  );
}

function machines({profiles, guests}: Results): string {
  const used = profiles.length > 0 ? profiles : [];
  const names = used.map(({name, supported, skipped, accelerator}) =>
    skipped !== undefined
      ? `${name} (not booted: nothing that runs changed)`
      : supported
        ? `${name}${accelerator === null ? '' : ` (${accelerator.kind})`}`
        : `${name} (unsupported here)`,
  );
  const boots = counted(guests.length, 'guest', 'guests');
  return names.length === 0 ? boots : `${names.join(', ')}; ${boots}`;
}

interface Share {
  word: string;
  tone: Tone;
  n: number;
}

/** All results as one bar with its numbers below: no number is in the picture alone. */
function Overview({results}: {results: Results}): VNode | null {
  const total = results.comparisons.length;
  if (total === 0) return null;
  const parts = (results.series === null ? outcomes(results) : changes(results)).filter(({n}) => n > 0);
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

/** Worst first, as the table of changes has them. */
function changes({comparisons}: Results): Share[] {
  return Object.entries(CHANGE).map(([change, {word, tone}]) => ({
    word,
    tone,
    n: comparisons.filter((one) => one.change === change).length,
  }));
}

/** Without a base there is no change, only what came out. */
function outcomes({comparisons}: Results): Share[] {
  const kinds = comparisons.map(({patched}) => cellOf(patched).kind);
  const count = (...wanted: string[]): number => kinds.filter((kind) => wanted.includes(kind)).length;
  return [
    {word: 'failed', tone: 'bad', n: count('fail', 'mixed')},
    {word: 'without a result', tone: 'warn', n: count('none')},
    {word: 'skipped', tone: 'plain', n: count('skip')},
    {word: 'passed', tone: 'good', n: count('pass')},
  ];
}
