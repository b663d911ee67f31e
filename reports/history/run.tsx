// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {type Fact, Overview, VerdictBox, When} from '../page/verdict-box.js';
import {ChangeList} from './changes.js';
import {BisectLine, CommitLink} from './pieces.js';
import {TestTable} from './tests.js';
import type {BisectView, ChangeView, RunView, TestRow} from './views.js';

export interface RunProps {
  run: RunView;
  /** The runs beside it on its branch. */
  before: RunView | null;
  after: RunView | null;
  folder: string;
  /** In the folder, for people and programs. */
  files: readonly {name: string; href: string}[];
  /** Why there are none. */
  filesGone: string;
  /** What it was compared with; empty: nothing. */
  base: string;
  changes: readonly ChangeView[];
  failing: readonly TestRow[];
  /** There are more of them. */
  isCut: boolean;
  bisects: readonly BisectView[];
}

/** One run: its verdict, what changed with it, what fails, and the way to its report. */
export function Run(props: RunProps): VNode {
  const {run, base, changes, failing, isCut, bisects} = props;
  const {pass, fail, skip} = run.counts;
  return (
    <>
      <VerdictBox verdict={run.verdict} because={run.because} facts={factsOf(props)}>
        <Overview
          shares={[
            {word: 'failed', tone: 'bad', n: fail},
            {word: 'skipped', tone: 'plain', n: skip},
            {word: 'passed', tone: 'good', n: pass},
          ]}
        />
      </VerdictBox>
      <Files {...props} />
      <h2>Changed with it</h2>
      {base === '' ? (
        <p class="quiet">It was compared with nothing: no run of its branch before it is fit for that.</p>
      ) : (
        <ChangeList changes={changes} />
      )}
      {bisects.length === 0 ? null : (
        <>
          <h2>Bisects</h2>
          <ul class="changes">
            {bisects.map((bisect) => (
              <li key={bisect.href}>
                <p>
                  <span class="where">{bisect.profile}</span> {bisect.test}
                </p>
                <p class="why">
                  <BisectLine bisect={bisect} />
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2 id="failing">Failing</h2>
      {failing.length === 0 ? <p class="quiet">No result of this run is a failure.</p> : null}
      {failing.length === 0 ? null : <TestTable rows={failing} withLine={false} />}
      {isCut ? <p class="quiet">And more: they are all in its report.</p> : null}
    </>
  );
}

function factsOf({run, before, after, folder}: RunProps): Fact[] {
  const facts: Fact[] = [
    {name: 'Branch', value: <a href={run.lineHref}>{run.line}</a>},
    {name: 'Commit', value: <code>{run.commit}</code>, note: run.subject},
    {name: 'Run', value: <When started={run.started} seconds={run.seconds} />},
    {name: 'Folder', value: <code>{folder}</code>},
  ];
  if (before !== null) facts.push({name: 'Before', value: <CommitLink run={before} />});
  if (after !== null) facts.push({name: 'After', value: <CommitLink run={after} />});
  return facts;
}

function Files({files, filesGone}: RunProps): VNode {
  if (files.length === 0) return <p class="files-of-run quiet">{filesGone}</p>;
  return (
    <p class="files-of-run">
      {files.map(({name, href}) => (
        <a key={href} href={href}>
          {name}
        </a>
      ))}
    </p>
  );
}
