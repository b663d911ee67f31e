// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import type {CommitRecord, TestedCommit} from '../../harness/bisect/report.js';
import {clopperPearson} from '../../harness/verdict/interval.js';
import {Badge, Wide} from '../page/parts.js';
import {type Fact, Facts, Moment} from '../page/verdict-box.js';
import {counted} from '../page/words.js';
import {CommitLink, share, short} from './pieces.js';
import {BISECT} from './state.js';
import type {BisectDetail, BisectView, RunView, TestName} from './views.js';

const MAX_ROWS = 100;
const MAX_FILES = 40;

export interface BisectProps {
  bisect: BisectView;
  name: TestName;
  /** Whose regression was hunted. */
  run: RunView;
  /** null: its folder has no report. */
  detail: BisectDetail | null;
  /** Why there is none. */
  detailGone: string;
}

/** Who did it, how sure that is, and all that it rests on. */
export function Bisect(props: BisectProps): VNode {
  const {bisect, name, detail, detailGone} = props;
  const {tone, word} = BISECT[bisect.state];
  return (
    <>
      <h1 class="test-name">
        <span class="where">bisect of </span>
        <a href={name.href}>{bisect.test}</a>
      </h1>
      <p class="because">
        <Badge tone={tone}>{word}</Badge> {bisect.because}
      </p>
      <Facts facts={factsOf(props)} />
      {detail === null ? <p class="quiet">{detailGone}</p> : <Detail detail={detail} isOne={bisect.suspects === 1} />}
    </>
  );
}

function factsOf({bisect, name, run, detail}: BisectProps): Fact[] {
  const {culprit, confidence, good, bad, ended} = bisect;
  const facts: Fact[] = [
    {name: 'Branch', value: name.line},
    {name: 'Machine', value: bisect.profile},
    {name: 'Good', value: <code>{short(good)}</code>},
    {name: 'Bad', value: <code>{short(bad)}</code>},
    {name: 'Run', value: <CommitLink run={run} />},
  ];
  if (culprit !== null && detail === null) {
    facts.push({
      name: 'Culprit',
      value: <code>{short(culprit.commit)}</code>,
      note: `${culprit.subject}, ${culprit.author}`,
    });
  }
  if (confidence !== null) facts.push({name: 'Sure', value: share(confidence)});
  if (ended !== null) facts.push({name: 'Ended', value: <Moment at={ended} />});
  if (detail === null) return facts;
  const {cost, candidates} = detail;
  const built = `${counted(cost.builds, 'kernel', 'kernels')} built, ${counted(cost.attempts, 'attempt', 'attempts')}`;
  const note = `${counted(candidates, 'candidate', 'candidates')}, at least ${cost.leastSteps} steps`;
  return [...facts, {name: 'Cost', value: built, note}];
}

function Detail({detail, isOne}: {detail: BisectDetail; isOne: boolean}): VNode {
  const {culprits, tested, skipped, drafts} = detail;
  return (
    <>
      <h2>{isOne ? 'Culprit' : 'Suspects'}</h2>
      {culprits.length === 0 ? <p class="quiet">None.</p> : null}
      {culprits.slice(0, MAX_ROWS).map((culprit) => (
        <Culprit key={culprit.commit} culprit={culprit} />
      ))}
      <h2>Tested</h2>
      <Tested tested={tested} />
      {skipped.length === 0 ? null : (
        <>
          <h2>Skipped</h2>
          <ul>
            {skipped.slice(0, MAX_ROWS).map(({commit, subject, reason}) => (
              <li key={commit}>
                <code>{short(commit)}</code> {subject}: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      {drafts.length === 0 ? null : (
        <>
          <h2>To paste</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
          <pre tabIndex={0}>{drafts.join('\n')}</pre>
        </>
      )}
    </>
  );
}

function Culprit({culprit}: {culprit: CommitRecord}): VNode {
  const {commit, subject, author, date, files, patch} = culprit;
  return (
    <article class="culprit">
      <h3>{subject}</h3>
      <p>
        <code>{commit}</code>
        {patch === undefined ? null : ` (patch ${patch} of the series)`}
      </p>
      <p>
        {author} <small>{date}</small>
      </p>
      <ul class="files">
        {files.slice(0, MAX_FILES).map((file) => (
          <li key={file}>
            <code>{file}</code>
          </li>
        ))}
      </ul>
      {files.length > MAX_FILES ? <p class="quiet">{`And ${files.length - MAX_FILES} more files.`}</p> : null}
    </article>
  );
}

function Tested({tested}: {tested: readonly TestedCommit[]}): VNode {
  if (tested.length === 0) return <p class="quiet">No commit.</p>;
  return (
    <Wide label="Tested commits">
      <table class="listing">
        <thead>
          <tr>
            <th scope="col">commit</th>
            <th scope="col">failed</th>
            <th scope="col">rate, 95 % interval</th>
          </tr>
        </thead>
        <tbody>
          {tested.slice(0, MAX_ROWS).map((one) => (
            <TestedRow key={one.commit} one={one} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function TestedRow({one: {commit, subject, failed, of, mute, why}}: {one: TestedCommit}): VNode {
  const {low, high} = of === 0 ? {low: 0, high: 1} : clopperPearson(failed, of);
  return (
    <tr>
      <th scope="row">
        <code>{short(commit)}</code> {subject}
        {mute === 0 ? null : <small class="below">{`${mute} say neither${why === undefined ? '' : `: ${why}`}`}</small>}
      </th>
      <td class="number">{`${failed} of ${of}`}</td>
      <td class="number">{of === 0 ? '–' : `${share(low)} to ${share(high)}`}</td>
    </tr>
  );
}
