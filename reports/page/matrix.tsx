// SPDX-License-Identifier: MIT
import type {VNode} from 'preact';
import {clip} from '../../harness/lib/text.js';
import type {AttemptRecord, Comparison, Results} from '../../harness/verdict/results.js';
import {foldSkipped} from '../skipped.js';
import {failures} from '../standing.js';
import {ChangeBadge, FileLink, Wide} from './parts.js';
import {reasonsOf} from './reasons.js';
import {cellOf, counted, duration, toneOf} from './words.js';

/** With 2 000 rows every character is two kilobytes. */
const MAX_NAME = 200;
const MAX_REASON = 160;
/** Links to logs of one test on one side. */
const MAX_LOGS = 12;
/** A suite that is all as it was is closed when there are more rows than this. */
const FEW_ROWS = 60;
const MAX_SKIPS = 60;

/** Test x profile: base, patched and what that means; a table a suite. */
export function Matrix({results, links}: {results: Results; links: string}): VNode {
  const suites = [...new Set(results.comparisons.map(({suite}) => suite))];
  const single = results.series === null;
  const few = results.comparisons.length <= FEW_ROWS;
  return (
    <section id="results" aria-labelledby="results-title">
      <h2 id="results-title">Results</h2>
      {suites.length === 0 ? <p class="quiet">Not one test ran.</p> : null}
      <Skips rows={results.comparisons} />
      {suites.map((suite) => {
        const rows = results.comparisons.filter((one) => one.suite === suite);
        const attempts = (results.attempts ?? []).filter((one) => one.suite === suite);
        return <Suite key={suite} {...{suite, rows, attempts, single, links}} open={few || rows.some(isNotable)} />;
      })}
    </section>
  );
}

/** What did not run, and why; the rest of it is in the tables. */
function Skips({rows}: {rows: readonly Comparison[]}): VNode | null {
  const skipped = foldSkipped(rows);
  if (skipped.length === 0) return null;
  return (
    <details class="fold">
      <summary>
        <h3>{`Skipped (${skipped.reduce((sum, {count}) => sum + count, 0).toLocaleString('en')})`}</h3>
      </summary>
      <ul>
        {skipped.slice(0, MAX_SKIPS).map(({suite, profiles, reason, count, whole}) => (
          <li key={`${suite} ${reason}`}>
            <b>{count}</b> {`of ${suite} on ${profiles.join(', ')}${whole ? ', all it has there' : ''}: `}
            {clip(reason, MAX_REASON)}
          </li>
        ))}
      </ul>
      {skipped.length > MAX_SKIPS ? <p>{`And ${skipped.length - MAX_SKIPS} further reasons, in the tables.`}</p> : null}
    </details>
  );
}

interface SuiteProps {
  suite: string;
  rows: readonly Comparison[];
  attempts: readonly AttemptRecord[];
  single: boolean;
  links: string;
  open: boolean;
}

const isNotable = (row: Comparison): boolean =>
  row.change === 'new' ? failures(row.patched) > 0 : row.change !== 'unchanged';

function Suite(props: SuiteProps): VNode {
  const {suite, rows, single, open} = props;
  const profiles = [...new Set(rows.map(({profile}) => profile))];
  const columns = single ? 1 : 3;
  const notable = rows.filter(isNotable).length;
  const reasons = reasonsOf(rows);
  return (
    <details class="suite" open={open}>
      <summary>
        <h3>{suite}</h3>
        <span class="quiet">{counted(rows.length, 'result', 'results')}</span>
        {notable === 0 ? null : <span class="notable">{`${notable} ${single ? 'failed' : 'changed or failing'}`}</span>}
      </summary>
      <Wide label={`Results of ${suite}`}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col" rowSpan={single ? 1 : 2}>
                test
              </th>
              {profiles.map((profile) => (
                <th key={profile} scope={single ? 'col' : 'colgroup'} colSpan={columns} class="profile">
                  {profile}
                </th>
              ))}
            </tr>
            {single ? null : (
              <tr>
                {profiles.flatMap((profile) => [
                  <th key={profile} scope="col" class="profile">
                    base
                  </th>,
                  <th key={`${profile} patched`} scope="col">
                    patched
                  </th>,
                  <th key={`${profile} change`} scope="col">
                    change
                  </th>,
                ])}
              </tr>
            )}
          </thead>
          {testsOf(rows).map(({test, keys}) => (
            <Test key={test} {...props} {...{test, keys, profiles, reasons}} />
          ))}
        </table>
      </Wide>
    </details>
  );
}

/** Keys by test, in their order; a key is the test's own or a subtest's. */
function testsOf(rows: readonly Comparison[]): {test: string; keys: Map<string, Comparison[]>}[] {
  const tests = new Map<string, Map<string, Comparison[]>>();
  for (const row of rows) {
    const test = row.test.split('/', 1)[0] ?? row.test;
    const keys = tests.get(test) ?? new Map<string, Comparison[]>();
    tests.set(test, keys.set(row.test, [...(keys.get(row.test) ?? []), row]));
  }
  return [...tests].map(([test, keys]) => ({test, keys}));
}

interface TestProps extends SuiteProps {
  test: string;
  keys: Map<string, Comparison[]>;
  profiles: readonly string[];
  reasons: ReadonlyMap<Comparison, string>;
}

function Test({suite, test, keys, profiles, attempts, single, links, reasons}: TestProps): VNode {
  const mine = attempts.filter((one) => one.test === test && one.log !== undefined);
  return (
    <tbody>
      {mine.length === 0 && keys.size === 1 ? null : (
        <tr class="test">
          <th scope="rowgroup">{clip(test, MAX_NAME)}</th>
          {profiles.map((profile) => (
            <td key={profile} colSpan={single ? 1 : 3} class="profile">
              <Logs attempts={mine.filter((one) => one.profile === profile)} links={links} />
            </td>
          ))}
        </tr>
      )}
      {[...keys].map(([key, rows]) => (
        <Row key={key} {...{suite, test, rows, profiles, single, reasons}} name={key} />
      ))}
    </tbody>
  );
}

/** `2.2 s, logs: base 1 2 3, patched 1 2 3` */
function Logs({attempts, links}: {attempts: readonly AttemptRecord[]; links: string}): VNode | null {
  if (attempts.length === 0) return null;
  const sides = [...new Set(attempts.map(({side}) => side))].sort();
  const seconds = attempts.reduce((sum, one) => sum + one.seconds, 0);
  return (
    <span class="logs">
      {duration(seconds)}
      {sides.map((side) => {
        const all = attempts.filter((one) => one.side === side);
        return (
          <span key={side}>
            {` ${side === 'only' ? 'log' : side}`}
            {all.slice(0, MAX_LOGS).map(({number, log = ''}) => (
              <>
                {' '}
                <FileLink path={log} links={links}>
                  {number}
                </FileLink>
              </>
            ))}
            {all.length > MAX_LOGS ? ' …' : ''}
          </span>
        );
      })}
    </span>
  );
}

interface RowProps {
  suite: string;
  test: string;
  name: string;
  rows: readonly Comparison[];
  profiles: readonly string[];
  single: boolean;
  reasons: ReadonlyMap<Comparison, string>;
}

function Row({test, name, rows, profiles, single, reasons: all}: RowProps): VNode {
  const shown = name === test ? 'the test as a whole' : name.slice(test.length + 1);
  const reasons = rows.flatMap((row) => all.get(row) ?? []);
  return (
    <tr data-c={[...new Set(rows.map(({change}) => change))].join(' ')}>
      <th scope="row" class={name === test ? 'whole' : undefined}>
        {clip(shown, MAX_NAME)}
        {reasons.length === 0 ? null : <small>{clip(reasons.join('; '), MAX_REASON)}</small>}
      </th>
      {profiles.map((profile) => (
        <Cells key={profile} row={rows.find((one) => one.profile === profile)} single={single} />
      ))}
    </tr>
  );
}

function Cells({row, single}: {row: Comparison | undefined; single: boolean}): VNode {
  if (row === undefined) return <td colSpan={single ? 1 : 3} class="profile none" />;
  const [base, patched] = [cellOf(row.base), cellOf(row.patched)];
  if (single) return <td class={`profile ${patched.kind}`}>{patched.text}</td>;
  return (
    <>
      <td class={`profile ${base.kind}`}>{base.text}</td>
      <td class={patched.kind}>{patched.text}</td>
      <td>
        {row.change === 'unchanged' ? (
          <span class="same">unchanged</span>
        ) : (
          <ChangeBadge change={row.change} tone={toneOf(row)} />
        )}
      </td>
    </>
  );
}
