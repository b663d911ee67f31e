// SPDX-License-Identifier: MIT
import {cleanLine, clip} from '../harness/lib/text.js';
import {cameOf} from '../harness/verdict/came.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import {neverFailedLines} from '../harness/verdict/excluded.js';
import {BETTER, changeCounts} from '../harness/verdict/in-numbers.js';
import {pWords} from '../harness/verdict/p-words.js';
import type {Comparison, Finding, Results} from '../harness/verdict/results.js';
import {treeLines} from '../harness/verdict/tree-words.js';
import {cleanResults} from './clean-results.js';
import {machineWords, passedOn} from './machines.js';
import {failures, tallyWords} from './standing.js';

type Series = NonNullable<Results['series']>;

const MAX_FINDINGS = 20;
const MAX_LINES = 30;
/** SMTP ends at 998 bytes a line; a log is cut, never wrapped. */
const MAX_LINE = 900;
const WIDTH = 75;
/** Lists refuse what is larger. */
const MAX_BYTES = 90_000;

/**
 * A reply to the series as a file for `git send-email`, in the layout and with the labels of the kernel test robot's
 * reports, as people search for those. It is a draft: nothing is sent, and who sends it signs it.
 */
export function renderMail(raw: Results): string {
  const results = cleanResults(raw);
  const {series} = results;
  if (series === null) return '';
  const body = [
    `Hi ${nameOf(series)},`,
    '',
    ...OPENING[results.verdict](results).flatMap(paragraph),
    '',
    ...labels(results, series),
    ...coverageLines(results.coverage).map(cleanLine),
    ...treeLines(results),
    '',
    ...results.findings
      .filter(isTold)
      .slice(0, MAX_FINDINGS)
      .flatMap((finding) => [...block(finding, results), '']),
    ...more(results),
    ...better(results),
    ...tags(results).flatMap((line, at, {length}) => (at === length - 1 ? [line, ''] : [line])),
    ...paragraph(
      'Each test ran as often as the counts say, base and patched in turns; "failed 0/5 -> 5/5" is base, then patched.',
    ),
    '-- ',
    `kverdict ${results.kverdict}`,
  ];
  const text = body.map((line) => clip(line, MAX_LINE)).join('\n');
  const shown = Buffer.byteLength(text) <= MAX_BYTES ? text : `${clip(text, Math.floor(MAX_BYTES / 3))}\n[cut]`;
  return `${headers(series)}\n\n${shown}\n`;
}

function headers(series: Series): string {
  const {messageId, patches} = series;
  const to = [...new Set(patches.flatMap(({author}) => (author === undefined ? [] : [addressOf(author)])))];
  return [
    ...(to.length === 0 ? [] : [`To: ${to.join(',\n ')}`]),
    `Subject: ${encodeWords(`Re: ${cleanLine(subjectOf(series))}`)}`,
    ...(messageId === undefined ? [] : [`In-Reply-To: <${token(messageId)}>`, `References: <${token(messageId)}>`]),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ].join('\n');
}

/**
 * The subject of the mail that is answered. Its id is the cover letter's, or, where there is none, that of a patch; without
 * any id the first patch is what surely exists.
 */
function subjectOf({title, version, messageId, patches}: Series): string {
  const total = patches.length;
  const answered = messageId === undefined ? patches[0] : patches.find((patch) => patch.messageId === messageId);
  const number = total > 1 ? ` ${answered?.number ?? 0}/${total}` : '';
  const subject = total > 1 ? (answered?.subject ?? title) : (patches[0]?.subject ?? title);
  return `[PATCH${version > 1 ? ` v${version}` : ''}${number}] ${subject}`;
}

const OPENING: Readonly<Record<Results['verdict'], (results: Results) => string[]>> = {
  bad: ({findings, comparisons}) => {
    const better = changeCounts(comparisons, BETTER);
    const also = better.length === 0 ? '' : ` (and ${better.join(', ')})`;
    return [`kverdict noticed the following ${noticed(findings)}${also}:`];
  },
  good: ({because}) => ['kverdict noticed nothing that got worse with this series:', because],
  'good-in-part': ({because}) => [
    'kverdict noticed nothing that got worse in the part of this series that it could compile:',
    because,
  ],
  inconclusive: ({because}) => ['kverdict could not reach a verdict on this series:', because],
  'infra-error': ({because}) => [
    'kverdict could not test this series, and that is not the fault of the series:',
    because,
  ],
};

function noticed(findings: readonly Finding[]): string {
  const kinds = new Set(findings.filter(({severity}) => severity === 'bad').map(({kind}) => kind));
  if (kinds.has('series-conflict')) return 'conflict: the series does not apply';
  if (kinds.has('build-failed')) return 'build errors';
  if (kinds.has('symbol-gone') && kinds.size === 1) return 'configuration symbols that are gone';
  return kinds.has('boot-failed') ? 'boot failure' : 'test regressions';
}

const isTold = ({severity, kind}: Finding): boolean => severity !== 'info' && kind !== 'unsupported';

/** The robot's own labels first, then what it leaves out. */
function labels(results: Results, series: Series): string[] {
  const {base, builds, profiles} = results;
  const {messageId} = series;
  const compilers = [...new Set(builds.map(({compiler}) => compiler).filter((name) => name !== ''))];
  const qemus = [...new Set(profiles.map(({qemu}) => qemu).filter((version) => version !== ''))];
  const link =
    messageId === undefined ? undefined : `https://lore.kernel.org/r/${encodeURIComponent(token(messageId))}`;
  const fields: [string, string | undefined][] = [
    ['base', base === null ? undefined : `${base.commit} (${base.name}, chosen by ${base.how})`],
    ['patch link', link],
    ['patch subject', subjectOf(series)],
    ['config', `tinyconfig and kverdict's fragments, ${[...new Set(builds.map(({arch}) => arch))].join(', ')}`],
    ['compiler', compilers.join(', ') || undefined],
    ['machines', machineWords(results).join(', ') || undefined],
    ['qemu', qemus.join(', ') || undefined],
  ];
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${cleanLine(value)}`]));
}

/** A finding: what, how often, what the test and the kernel said, how to see it again. Logs are not wrapped. */
function block(finding: Finding, {comparisons}: Results): string[] {
  const {title, detail, reproduce, excerpts, profile, suite, test} = finding;
  const row = comparisons.find((one) => one.profile === profile && one.suite === suite && one.test === test);
  const said = excerpts?.log?.lines ?? row?.evidence?.diagnostics ?? [];
  return [
    `>> ${cleanLine(title)}`,
    ...(row === undefined ? [] : [`   ${rates(row)}`]),
    ...(detail === undefined
      ? []
      : detail
          .split('\n')
          .slice(0, MAX_LINES)
          .map((line) => `   ${line}`)),
    ...said.slice(-MAX_LINES).map((line) => `   ${line}`),
    ...(excerpts?.console?.lines ?? []).slice(0, MAX_LINES).map((line) => `   ${line}`),
    `   reproduce: ${cleanLine(reproduce)}`,
  ];
}

function rates(comparison: Comparison): string {
  const {base, patched, asked} = comparison;
  const isThere = asked === 'absences';
  const of = (side: 'base' | 'patched'): string => {
    const failed = failures(comparison[side]);
    return isThere ? cameOf(comparison, side) : `${failed}/${failed + comparison[side].pass}`;
  };
  const sides = `${isThere ? 'came' : 'failed'} ${of('base')} -> ${of('patched')}`;
  const words = [sides, pWords(comparison)].filter(Boolean).join(', ');
  return `${words} (base: ${tallyWords(base)}; patched: ${tallyWords(patched)})`;
}

function more({findings}: Results): string[] {
  const left = findings.filter(isTold).length - MAX_FINDINGS;
  return left > 0 ? [`And ${left} more.`, ''] : [];
}

/** What speaks for the series, a line each, and what was looked for and never seen. */
function better({findings, comparisons}: Results): string[] {
  const told = findings.filter(({kind}) => kind === 'fixed' || kind === 'less-often');
  const left = told.length - MAX_FINDINGS;
  const lines = [
    ...told.slice(0, MAX_FINDINGS).map(({title}) => `>> ${cleanLine(title)}`),
    ...(left > 0 ? [`And ${left} more that are better.`] : []),
    ...neverFailedLines(comparisons).flatMap(paragraph),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

/** Tags are for a person to give: the tool only writes down which. Nobody tested where nothing passed. */
function tags(results: Results): string[] {
  const {verdict} = results;
  if (verdict === 'bad') {
    return [
      ...paragraph('If you fix this in a commit of its own (not in a new version of the series), please add'),
      '| Reported-by: YOUR NAME <YOUR ADDRESS>',
      '| Closes: https://lore.kernel.org/r/THE-MESSAGE-ID-OF-THIS-MAIL',
    ];
  }
  if (verdict === 'good-in-part') return ['No tag is due: a part of the series was not tested.'];
  const where = verdict === 'good' ? passedOn(results) : [];
  return where.length === 0 ? [] : [`| Tested-by: YOUR NAME <YOUR ADDRESS> # ${where.join(', ')}`];
}

function nameOf({patches}: Series): string {
  return cleanLine(patches[0]?.author?.name ?? '') || 'all';
}

/** Prose is wrapped as the list wants it. */
function paragraph(text: string): string[] {
  const lines: string[] = [];
  for (const word of cleanLine(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Nothing of a name or an address can begin another header, or another address. */
function addressOf({name, email}: {name: string; email: string}): string {
  const words = cleanLine(name);
  const shown = /^[\x20-\x7e]*$/.test(words) ? `"${words.replaceAll(/["\\]/g, '')}"` : encodeWords(words);
  return `${shown} <${token(email)}>`;
}

const token = (text: string): string => text.replaceAll(/[^\x21-\x7e]|[<>,;]/g, '');

/** RFC 2047: what is not ASCII travels as base64, in words of at most 75 characters. */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return clip(text, 240);
  const words: string[] = [];
  let word = '';
  for (const character of clip(text, 240)) {
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\n ');
}
