// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {Badge} from '../page/parts.js';
import {Moment} from '../page/verdict-box.js';
import {counted, VERDICT} from '../page/words.js';
import {ChangeList} from './changes.js';
import {FlakeTable} from './flaky.js';
import {CommitLink, day, VerdictBadge, VerdictStrip} from './pieces.js';
import type {BranchView, ChangeView, FlakeView} from './views.js';

export interface BranchesProps {
  branches: readonly BranchView[];
  /** The newest ones of all branches. */
  changes: readonly ChangeView[];
  flakes: readonly FlakeView[];
}

/** The first page: how each branch is, what changed of late, what cannot be relied on. */
export function Branches({branches, changes, flakes}: BranchesProps): VNode {
  return (
    <>
      <h1>Branches</h1>
      <div class="branches">
        {branches.map((branch) => (
          <Branch key={branch.line} branch={branch} />
        ))}
      </div>
      <h2>Changed last</h2>
      <ChangeList changes={changes} />
      <p>
        <a href="/changes">All changes</a>
      </p>
      <h2>Flaky most</h2>
      <FlakeTable flakes={flakes} />
      <p>
        <a href="/flaky">The whole ranking</a>
      </p>
    </>
  );
}

/** A night that could not look at a branch is said, whatever the run before it found. */
function Branch({branch}: {branch: BranchView}): VNode {
  const {line, tree, href, runs, failing, visit} = branch;
  const last = runs.at(-1);
  const hasFailed = visit?.state === 'failed';
  const tone = hasFailed ? 'warn' : last === undefined ? 'plain' : VERDICT[last.verdict].tone;
  return (
    <article class={`branch ${tone}`}>
      <h2>
        <a href={href}>{line}</a> <small>{tree}</small>
      </h2>
      {hasFailed ? (
        <p>
          <Badge tone="warn" sign="!">
            not judged
          </Badge>{' '}
          {`${day(visit.started)}: ${visit.detail}`}
        </p>
      ) : null}
      {last === undefined ? (
        <p class="quiet">No run yet.</p>
      ) : (
        <>
          <p>
            <VerdictBadge run={last} /> <CommitLink run={last} />
          </p>
          <p>{last.because}</p>
          <VerdictStrip runs={runs} />
          <p>
            <span class="quiet">
              <Moment at={last.started} />
            </span>{' '}
            {failing.count === 0 ? null : (
              <a href={failing.href}>{counted(failing.count, 'result fails', 'results fail')}</a>
            )}
          </p>
        </>
      )}
    </article>
  );
}
