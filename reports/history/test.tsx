// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {shellLine} from '../../harness/lib/shell-quote.js';
import {clopperPearson} from '../../harness/verdict/interval.js';
import {Command, Wide} from '../page/parts.js';
import {Facts, Moment} from '../page/verdict-box.js';
import {counted} from '../page/words.js';
import {ChangeList} from './changes.js';
import {CommitLink, Pager, StateBadge, share} from './pieces.js';
import {RateOverTime} from './rate-over-time.js';
import {countWords, STATE, stateOf} from './state.js';
import type {ChangeView, Counts, Paged, Point, TestName} from './views.js';

export interface TestProps {
  name: TestName;
  /** The same test on other branches. */
  others: readonly {line: string; href: string}[];
  /** Newest first. */
  page: Paged<Point>;
  /** Newest first: of the runs that are shown, and the last one whenever it was. */
  changes: readonly ChangeView[];
}

/** One test of one branch on one machine, over time. */
export function Test({name, others, page, changes}: TestProps): VNode {
  const points = [...page.rows].reverse();
  const [last] = page.rows;
  const at = new Set(changes.map(({run}) => points.findIndex((point) => point.run.href === run.href)));
  const counts = sumOf(points.map((point) => point.counts));
  return (
    <>
      <h1 class="test-name">
        <span class="where">{`${name.suite}:`}</span>
        {name.test}
      </h1>
      <Facts
        facts={[
          {name: 'Branch', value: <Branches line={name.line} others={others} />},
          {name: 'Machine', value: name.profile},
          {name: 'Last', value: last === undefined ? '–' : <StateBadge state={stateOf(last.counts)} />},
          {name: 'Attempts', value: countWords(counts), note: rateNote(counts)},
        ]}
      />
      <h2>Passed, over time</h2>
      <RateOverTime points={points} changes={at} />
      <p class="quiet">
        {`${counted(points.length, 'run', 'runs')}, the oldest on the left: share of attempts that passed, with its 95 % interval. A line is a change.`}
      </p>
      <h2>Changed last</h2>
      <ChangeList changes={changes} />
      <h2>Runs</h2>
      <Pager page={page} one="run" many="runs" />
      <Points points={page.rows} />
      <h2>See it again</h2>
      <Command text={shellLine(['kverdict', 'run', '-t', `${name.suite}:${name.test}`, '-p', name.profile])} />
    </>
  );
}

function Branches({line, others}: {line: string; others: TestProps['others']}): VNode {
  return (
    <>
      {line}
      {others.map((other) => (
        <>
          {' '}
          <a href={other.href}>{other.line}</a>
        </>
      ))}
    </>
  );
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = {pass: 0, fail: 0, skip: 0, missing: 0, absent: 0};
  for (const {pass, fail, skip, missing = 0, absent = 0} of all) {
    sum.pass += pass;
    sum.fail += fail;
    sum.skip += skip;
    sum.missing += missing;
    sum.absent += absent;
  }
  return sum;
}

function rateNote({pass, fail}: Counts): string {
  if (pass + fail === 0) return '';
  const {low, high} = clopperPearson(pass, pass + fail);
  return `${share(pass / (pass + fail))} pass, 95 % interval ${share(low)} to ${share(high)}`;
}

function Points({points}: {points: readonly Point[]}): VNode {
  return (
    <Wide label="Runs of this test">
      <table class="listing">
        <thead>
          <tr>
            <th scope="col">commit</th>
            <th scope="col">result</th>
            <th scope="col">when</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({run, counts, reason}) => (
            <tr key={run.href}>
              <th scope="row">
                <CommitLink run={run} />
                {reason === '' || stateOf(counts) === 'pass' ? null : <small class="below">{reason}</small>}
              </th>
              <td class={`number ${STATE[stateOf(counts)].tone === 'bad' ? 'fail' : stateOf(counts)}`}>
                {countWords(counts)}
              </td>
              <td class="number">
                <Moment at={run.started} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
