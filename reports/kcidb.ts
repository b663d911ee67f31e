// SPDX-License-Identifier: MIT
import {createHash} from 'node:crypto';
import {clip} from '../harness/lib/text.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import type {BuildRecord, Comparison, Finding, Results, Tally} from '../harness/verdict/results.js';
import {cleanResults} from './clean-results.js';
import {type RenderOptions, urlOf} from './format.js';
import {failures, tallyWords} from './standing.js';

const ORIGIN = 'kverdict';
/** Of the schema. */
const MAX_EXCERPT = 16_384;

type Side = 'base' | 'patched';
type Fields = Record<string, unknown>;

/**
 * KCIDB v5.3: a checkout, a build and a test run are each an object of their own, so base and patched are two of each.
 * What got worse is an issue with an incident where it was seen; an issue has the same id in every run that finds it.
 * Nothing is sent.
 */
export function renderKcidb(raw: Results, options: RenderOptions): string {
  const results = cleanResults(raw);
  const run = hashOf(results.started, results.command, JSON.stringify(results.host)).slice(0, 16);
  const ids = {
    checkout: (side: Side): string => `${ORIGIN}:${run}-${side}`,
    build: (arch: string, side: Side): string => `${ORIGIN}:${run}-${arch}-${side}`,
    test: (row: Comparison, side: Side): string =>
      `${ORIGIN}:${run}-${hashOf(row.profile, row.suite, row.test).slice(0, 16)}-${side}`,
  };
  const sides: Side[] = results.series === null ? ['patched'] : ['base', 'patched'];
  const tests = results.comparisons.flatMap((row) => sides.flatMap((side) => testOf(row, side, results, ids, options)));
  const known = new Set([
    ...tests.map(({id}) => id),
    ...results.builds.map((build) => ids.build(build.arch, sideOf(build))),
  ]);
  const bad = results.findings.filter(({severity}) => severity === 'bad');
  const incidents = bad
    .map((finding) => incidentOf(finding, results, ids, run))
    .filter(({test_id, build_id}) => known.has(String(test_id ?? build_id)));
  const document = {
    version: {major: 5, minor: 3},
    checkouts: sides.map((side) => checkoutOf(side, results, ids.checkout(side))),
    builds: results.builds.map((build) => buildOf(build, ids, options)),
    tests,
    issues: uniqueById(bad.map((finding) => issueOf(finding, results))),
    incidents: uniqueById(incidents),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Ids {
  checkout: (side: Side) => string;
  build: (arch: string, side: Side) => string;
  test: (row: Comparison, side: Side) => string;
}

const sideOf = ({side}: BuildRecord): Side => (side === 'base' ? 'base' : 'patched');

function checkoutOf(side: Side, {series, base, started, findings, coverage}: Results, id: string): Fields {
  const conflict = findings.find(({kind}) => kind === 'series-conflict');
  const isPatched = side === 'patched' && series !== null;
  // A commit of a history is there as it is; a series has only its base.
  const git = (isPatched ? series.history : undefined) ?? base;
  return {
    id,
    origin: ORIGIN,
    ...(git === null
      ? {}
      : {git_commit_name: git.name, ...(/^[0-9a-f]{40}$/.test(git.commit) && {git_commit_hash: git.commit})}),
    ...(isPatched && series.patchsetHash !== undefined ? {patchset_hash: series.patchsetHash} : {}),
    ...(isPatched && series.messageId !== undefined && isAddress(series.messageId)
      ? {message_id: series.messageId}
      : {}),
    ...(isPatched && series.history === undefined ? {comment: series.title} : {patchset_hash: ''}),
    start_time: started,
    valid: !(isPatched && conflict !== undefined),
    ...(isPatched && coverage !== undefined
      ? {
          misc: {
            touched_files: coverage.files,
            compiled_files: coverage.compiled,
            not_compiled: coverageLines(coverage),
          },
        }
      : {}),
    ...(isPatched && conflict !== undefined
      ? {log_excerpt: clip(`${conflict.title}\n${conflict.detail ?? ''}`, MAX_EXCERPT)}
      : {}),
  };
}

/** The schema wants an address' form of a Message-ID. */
const isAddress = (text: string): boolean => /^[^\s@<>]+@[^\s@<>]+$/.test(text);

function buildOf(build: BuildRecord, ids: Ids, options: RenderOptions): Fields {
  const {arch, status, seconds, compiler, errors, release, cached, log, newWarnings} = build;
  const {missingSymbols, renamedSymbols} = build;
  const side = sideOf(build);
  const said = [...errors, ...newWarnings].map(({file, line, kind, text}) => `${file}:${line}: ${kind}: ${text}`);
  const url = urlOf(log, options);
  return {
    id: ids.build(arch, side),
    checkout_id: ids.checkout(side),
    origin: ORIGIN,
    architecture: arch,
    compiler,
    config_name: 'tinyconfig+kverdict',
    status: status === 'ok' ? 'PASS' : 'FAIL',
    duration: seconds,
    ...(said.length === 0 ? {} : {log_excerpt: clip(said.join('\n'), MAX_EXCERPT)}),
    ...(url === undefined ? {} : {log_url: url}),
    misc: {
      ...{side, release, cached, new_warnings: newWarnings.length},
      ...(missingSymbols === undefined ? {} : {missing_symbols: missingSymbols.map(({symbol}) => symbol)}),
      ...(renamedSymbols === undefined
        ? {}
        : {renamed_symbols: renamedSymbols.map(({symbol, as}) => `${symbol}: ${as}`)}),
    },
  };
}

interface Test extends Fields {
  id: string;
}

/** Nothing, when this side has no attempt: what was not seen is not reported as a test run. */
function testOf(row: Comparison, side: Side, results: Results, ids: Ids, options: RenderOptions): Test[] {
  const tally = row[side];
  const status = statusOf(tally);
  const profile = results.profiles.find(({name}) => name === row.profile);
  const build = results.builds.find((one) => one.arch === profile?.arch && sideOf(one) === side);
  if (status === undefined || build === undefined) return [];
  const evidence = row.evidence?.side === side ? row.evidence : undefined;
  const url = urlOf(evidence?.log, options);
  const excerpt = evidence?.diagnostics.join('\n') ?? '';
  return [
    {
      id: ids.test(row, side),
      build_id: ids.build(build.arch, side),
      origin: ORIGIN,
      path: pathOf(row),
      status,
      comment: `${row.suite}:${row.test}`,
      environment: {
        comment: `${row.profile}, QEMU ${profile?.qemu}`,
        misc: {platform: row.profile, qemu: profile?.qemu, accelerator: profile?.accelerator?.kind ?? 'none'},
      },
      ...(excerpt === '' ? {} : {log_excerpt: clip(excerpt, MAX_EXCERPT)}),
      ...(url === undefined ? {} : {log_url: url}),
      misc: {
        side,
        change: row.change,
        attempts: tally,
        tally: tallyWords(tally),
        p_value: row.pValue ?? 'none',
        p_adjusted: row.adjusted,
      },
    },
  ];
}

/** What is missing or crashed never ends as better than it was. */
function statusOf(tally: Tally): string | undefined {
  if (failures(tally) > tally.missing) return 'FAIL';
  if (tally.missing > 0) return 'MISS';
  if (tally.pass > 0) return 'PASS';
  return tally.skip > 0 ? 'SKIP' : undefined;
}

/** `kselftest.mm.check_sh.minor_fault`: the schema's letters; the name as it is stands in the comment. */
function pathOf({suite, test}: Comparison): string {
  const parts = `${suite}/${test}`.split('/').map((part) => part.replaceAll(/[^A-Za-z0-9_-]+/g, '_') || '_');
  return parts.join('.');
}

/** The same fault of the same series, or of the same commit, has the same id in every run. */
function issueId({kind, profile, suite, test, title}: Finding, {series, base}: Results): string {
  const what = series?.patchsetHash ?? series?.history?.commit ?? base?.commit ?? '';
  return `${ORIGIN}:issue-${hashOf(what, kind, profile ?? '', suite ?? '', test ?? title).slice(0, 24)}`;
}

function issueOf(finding: Finding, results: Results): Fields & {id: string} {
  return {
    id: issueId(finding, results),
    version: 1,
    origin: ORIGIN,
    comment: finding.title,
    culprit: {code: true, tool: false, harness: false},
    misc: {kind: finding.kind, reproduce: finding.reproduce},
  };
}

function incidentOf(finding: Finding, results: Results, ids: Ids, run: string): Fields & {id: string} {
  const {profile, suite, test, kind, title} = finding;
  const row = results.comparisons.find((one) => one.profile === profile && one.suite === suite && one.test === test);
  const arch = results.profiles.find(({name}) => name === profile)?.arch;
  const isAbout = ({arch: built}: BuildRecord): boolean => kind === 'symbol-gone' && title.startsWith(`${built}: `);
  const build = results.builds.find((one) => one.status === 'failed' || one.arch === arch || isAbout(one));
  const issue = issueId(finding, results);
  return {
    id: `${ORIGIN}:${run}-${hashOf(issue).slice(0, 16)}`,
    origin: ORIGIN,
    issue_id: issue,
    issue_version: 1,
    ...(row === undefined
      ? build && {build_id: ids.build(build.arch, 'patched')}
      : {test_id: ids.test(row, 'patched')}),
    present: true,
    comment: finding.title,
  };
}

function uniqueById<T extends {id: string}>(objects: readonly T[]): T[] {
  return [...new Map(objects.map((one) => [one.id, one])).values()];
}

function hashOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
