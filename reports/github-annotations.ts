// SPDX-License-Identifier: MIT
import {clip} from '../harness/lib/text.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import type {Finding, Results} from '../harness/verdict/results.js';
import {untestableLines} from '../harness/verdict/tree-words.js';
import {cleanResults} from './clean-results.js';
import {messageOf} from './compiler-place.js';

/** GitHub shows about so many of each kind a step, and drops the others without a word. */
const MAX_EACH = 10;
/** Of what the kernel printed; the run's folder has all of it. */
const MAX_LINES = 15;
const COMMAND: Readonly<Record<Finding['severity'], 'error' | 'warning' | undefined>> = {
  bad: 'error',
  warning: 'warning',
  info: undefined,
};

/** Workflow commands for the log of a GitHub job: `::error …` for what got worse, `::warning …` for the rest. */
export function renderGithubAnnotations(raw: Results): string {
  const results = cleanResults(raw);
  const lines = (['error', 'warning'] as const).flatMap((command) => {
    const all = results.findings.filter(({severity}) => COMMAND[severity] === command);
    const shown = all.slice(0, MAX_EACH).map((finding) => annotation(command, finding, results));
    return all.length > MAX_EACH ? [...shown, `::notice::and ${all.length - MAX_EACH} more of ${command}s`] : shown;
  });
  const missed = coverageLines(results.coverage).map((line) => `::warning title=not compiled::${data(line)}`);
  const lacks = untestableLines(results).map((line) => `::warning title=not testable::${data(line)}`);
  const verdict = `::notice title=kverdict::${data(`${results.verdict}: ${results.because}`)}`;
  return `${[...missed, ...lacks, ...(lines.length === 0 ? [verdict] : lines)].join('\n')}\n`;
}

function annotation(command: string, finding: Finding, results: Results): string {
  const {title, detail, reproduce, kind, suite, test, excerpts} = finding;
  const said = excerpts?.console?.lines.slice(0, MAX_LINES) ?? [];
  const place = messageOf(finding, results.builds);
  const properties = [
    ...(place === undefined ? [] : [`file=${property(place.file)}`, `line=${place.line}`]),
    `title=${property(clip(test === undefined ? kind : `${kind}: ${suite}:${test}`, 200))}`,
  ];
  const message = [title, ...(detail === undefined ? [] : [detail]), ...said, `reproduce: ${reproduce}`].join('\n');
  return `::${command} ${properties.join(',')}::${data(clip(message, 4000))}`;
}

/** What ends a command, or starts an escape of one. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
