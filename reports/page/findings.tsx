// SPDX-License-Identifier: MIT
import type {ComponentChildren, VNode} from 'preact';
import type {Comparison, Excerpt, Finding, Results} from '../../harness/verdict/results.js';
import {ChangesOn} from './kernel-changes.js';
import {Badge, type Budget, Command, Excerpted, FileLink, Output, spend} from './parts.js';
import {isAboutComing, RatePicture} from './rate-picture.js';
import {CHANGE, cellOf, SEVERITY} from './words.js';

/** Findings that are shown with their evidence, and those of which only the title is; the rest is counted. */
const MAX_FULL = 60;
const MAX_TITLES = 400;
/** Characters of excerpts in all: with the rest of the page they stay below 2 MB. */
const EXCERPT_BUDGET = 600_000;

const SIGN: Readonly<Record<Finding['severity'], string>> = {bad: '✗', warning: '!', info: 'i'};

export function Findings({results, links}: {results: Results; links: string}): VNode {
  const {findings} = results;
  const budget = {left: EXCERPT_BUDGET};
  const full = findings.slice(0, MAX_FULL);
  const titles = findings.slice(MAX_FULL, MAX_FULL + MAX_TITLES);
  const more = findings.length - full.length - titles.length;
  const openFirst = findings[0]?.severity !== 'bad';
  return (
    <section id="findings" aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      {findings.length === 0 ? <p class="quiet">Nothing that a person must look at.</p> : null}
      {full.map((finding, index) => (
        <OneFinding
          key={index}
          {...{finding, links, budget, results}}
          single={results.series === null}
          row={rowOf(finding, results)}
          open={finding.severity === 'bad' || (openFirst && index === 0)}
        />
      ))}
      {titles.length === 0 ? null : (
        <ul class="titles">
          {titles.map((finding, index) => (
            <li key={index} data-k={keyOf(finding)}>
              <KindBadge finding={finding} /> {finding.title}
            </li>
          ))}
        </ul>
      )}
      {more > 0 ? <p class="quiet">{`And ${more} more: see findings in results.json.`}</p> : null}
    </section>
  );
}

/** What is a change has the word and the colour that it has in the table. */
function KindBadge({finding: {kind, severity}}: {finding: Finding}): VNode {
  const {tone, sign, word} =
    kind in CHANGE ? CHANGE[kind as keyof typeof CHANGE] : {tone: SEVERITY[severity], sign: SIGN[severity], word: kind};
  return (
    <Badge tone={tone} sign={sign}>
      {word}
    </Badge>
  );
}

function rowOf({profile, suite, test}: Finding, {comparisons}: Results): Comparison | undefined {
  if (test === undefined) return undefined;
  return comparisons.find((row) => row.test === test && row.suite === suite && row.profile === profile);
}

interface OneProps {
  finding: Finding;
  row: Comparison | undefined;
  links: string;
  open: boolean;
  budget: Budget;
  single: boolean;
  results: Results;
}

/** What stands in an open finding, from top to bottom; a part that has nothing to say is left out. */
const PARTS: readonly {title: string; part: (props: OneProps) => ComponentChildren}[] = [
  {title: 'What it says', part: ({finding}) => finding.detail && <p class="words">{finding.detail}</p>},
  {
    title: 'How often it failed',
    part: ({row, single}) =>
      row &&
      hasRate(row, single) &&
      !isAboutComing(row) &&
      hasFailures(row) && <RatePicture row={row} single={single} />,
  },
  {
    title: 'How often it came',
    part: ({row, single}) =>
      row && hasRate(row, single) && isAboutComing(row) && <RatePicture row={row} single={single} />,
  },
  {
    title: 'The test’s output',
    part: ({finding, row, links, budget}) =>
      excerpt(finding.excerpts?.log, links, budget) ?? diagnostics(row, links, budget),
  },
  {
    title: 'The kernel’s console',
    part: ({finding, row, links, budget}) =>
      excerpt(finding.excerpts?.console, links, budget) ??
      (row?.evidence?.console && (
        <p>
          <FileLink path={row.evidence.console} links={links} />
        </p>
      )),
  },
  {
    title: 'What the guest said as it hung',
    part: ({row, links}) => {
      const {diagnosis, memoryDump} = row?.evidence ?? {};
      const files = [diagnosis, memoryDump].filter((file) => file !== undefined);
      return (
        files.length > 0 &&
        files.map((file) => (
          <p key={file}>
            <FileLink path={file} links={links} />
          </p>
        ))
      );
    },
  },
  {title: 'Changed in the kernel', part: ({finding, results}) => changesBehind(finding, results)},
  {title: 'See it again', part: ({finding}) => <Command text={finding.reproduce} />},
];

function OneFinding(props: OneProps): VNode {
  const {finding, row, open, single} = props;
  const {severity} = finding;
  return (
    <details class={`finding ${SEVERITY[severity]}`} open={open} data-k={keyOf(finding)}>
      <summary>
        <KindBadge finding={finding} />
        <h3>
          {row === undefined ? (
            finding.title
          ) : (
            <>
              <span class="where">{`${row.profile} ${row.suite}`}</span> {row.test}
            </>
          )}
        </h3>
        {row === undefined ? null : (
          <span class="rates">
            {single ? cellOf(row.patched).text : `${cellOf(row.base).text} → ${cellOf(row.patched).text}`}
          </span>
        )}
      </summary>
      <div class="parts">
        {PARTS.map(({title, part}) => {
          const said = part(props);
          return said ? (
            <div key={title} class="part">
              <h4>{title}</h4>
              {said}
            </div>
          ) : null;
        })}
      </div>
    </details>
  );
}

/** Of what fails without the series too, it is not the cause. */
function changesBehind({severity, profile}: Finding, {changes, profiles}: Results): VNode | undefined {
  const arch = profiles.find(({name}) => name === profile)?.arch;
  if (severity === 'info' || arch === undefined || changes.every((change) => change.arch !== arch)) return undefined;
  return <ChangesOn changes={changes} arch={arch} />;
}

const hasRate = ({pValue}: Comparison, single: boolean): boolean => single || pValue !== null;

const hasFailures = ({base, patched}: Comparison): boolean =>
  [base, patched].some(({fail, timeout, crash, missing}) => fail + timeout + crash + missing > 0);

/** What the filter of the page looks at. */
const keyOf = ({profile = '', suite = '', test = '', kind, title}: Finding): string =>
  `${kind} ${test === '' ? title : `${profile} ${suite}:${test}`}`.toLowerCase().slice(0, 300);

function excerpt(found: Excerpt | undefined, links: string, budget: Budget): VNode | undefined {
  if (found === undefined) return undefined;
  const text = found.lines.join('\n');
  if (!spend(budget, text)) return undefined;
  const last = found.line + found.lines.length - 1;
  return (
    <>
      {found.splat === undefined ? null : <p class="splat">{found.splat}</p>}
      <Output text={text} />
      <Excerpted path={found.file} links={links} lines={[found.line, last]} />
    </>
  );
}

function diagnostics(row: Comparison | undefined, links: string, budget: Budget): VNode | undefined {
  const said = row?.evidence?.diagnostics.slice(-40).join('\n') ?? '';
  const log = row?.evidence?.log;
  if (said === '' && log === undefined) return undefined;
  return (
    <>
      {said !== '' && spend(budget, said) ? <Output text={said} /> : null}
      {log === undefined ? null : <Excerpted path={log} links={links} />}
    </>
  );
}
