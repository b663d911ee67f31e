// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {Results} from '../../harness/verdict/results.js';
import type {SplatRecord} from '../../harness/verdict/splat-records.js';
import {Badge, type Budget, Excerpted, Output, spend} from './parts.js';
import {counted} from './words.js';

const MAX_SPLATS = 100;
/** Characters of reports in all: with the rest of the page they stay below 2 MB. */
const REPORT_BUDGET = 200_000;

/** What kernels reported about themselves, allowed ones last; each with its own lines. */
export function Splats({splats, links}: {splats: NonNullable<Results['splats']>; links: string}): VNode {
  const ordered = [...splats.filter(({allowed}) => allowed === undefined), ...splats.filter(({allowed}) => allowed)];
  const budget = {left: REPORT_BUDGET};
  return (
    <section id="splats" aria-labelledby="splats-title">
      <h2 id="splats-title">Splats</h2>
      {ordered.slice(0, MAX_SPLATS).map((splat, index) => (
        <OneSplat key={index} {...{splat, links, budget}} />
      ))}
      {ordered.length > MAX_SPLATS ? (
        <p class="quiet">{`And ${ordered.length - MAX_SPLATS} more: see splats in results.json.`}</p>
      ) : null}
    </section>
  );
}

function OneSplat({splat, links, budget}: {splat: SplatRecord; links: string; budget: Budget}): VNode {
  const {profile, side, suite, test, kind, title, times, attempts, allowed, console, lines, corrupted} = splat;
  const where = [profile, side === 'only' ? '' : side, `${suite}:${test}`].filter(Boolean).join(' ');
  const text = reportOf(splat);
  return (
    <details
      class={`finding ${allowed === undefined ? 'warn' : 'info'}`}
      data-k={`${kind} ${where} ${title}`.toLowerCase().slice(0, 300)}
    >
      <summary>
        <Badge tone={allowed === undefined ? 'warn' : 'info'}>{kind}</Badge>
        <h3>
          <span class="where">{where}</span> {title}
        </h3>
        <span class="rates">{`${times} in ${counted(attempts, 'attempt', 'attempts')}`}</span>
      </summary>
      <div class="parts">
        {allowed === undefined ? null : (
          <p class="words">{`Allowed until ${allowed.expires}: ${allowed.reason} (${allowed.link})`}</p>
        )}
        {corrupted === undefined ? null : <p class="words">{corrupted}</p>}
        {spend(budget, text) ? <Output text={text} /> : null}
        {console === undefined ? null : <Excerpted path={console} links={links} lines={lines} />}
      </div>
    </details>
  );
}

/** The kernel's own lines, and the frames with their places in the source where those are known. */
function reportOf({report, frames}: SplatRecord): string {
  const placed = frames.filter(({at}) => at !== undefined && at.length > 0);
  if (placed.length === 0) return report.join('\n');
  const places = placed.map(({name, offset, at = []}) => `  ${name}+0x${offset.toString(16)}  ${at.join(' < ')}`);
  return [...report, '', 'in the source:', ...places].join('\n');
}
