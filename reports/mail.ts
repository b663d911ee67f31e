// SPDX-License-Identifier: MIT
import {cleanLine, clip} from '../harness/lib/text.js';
import {coverageLines} from '../harness/verdict/coverage-words.js';
import {pWords} from '../harness/verdict/p-words.js';
import type {Comparison, Finding, Results} from '../harness/verdict/results.js';
import {cleanResults} from './clean-results.js';
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
    '',
    ...results.findings
      .filter(isTold)
      .slice(0, MAX_FINDINGS)
      .flatMap((finding) => [...block(finding, results), '']),
    ...more(results),
    ...tags(results),
    '',
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

function headers({title, version, messageId, patches}: Series): string {
  const to = [...new Set(patches.flatMap(({author}) => (author === undefined ? [] : [addressOf(author)])))];
  const [first] = patches;
  const count = patches.length;
  const prefix = `PATCH${version > 1 ? ` v${version}` : ''}${count > 1 ? ` 0/${count}` : ''}`;
  return [
    ...(to.length === 0 ? [] : [`To: ${to.join(',\n ')}`]),
    `Subject: ${encodeWords(`Re: [${prefix}] ${cleanLine(count > 1 ? title : (first?.subject ?? title))}`)}`,
    ...(messageId === undefined ? [] : [`In-Reply-To: <${token(messageId)}>`, `References: <${token(messageId)}>`]),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ].join('\n');
}

const OPENING: Readonly<Record<Results['verdict'], (results: Results) => string[]>> = {
  bad: ({findings}) => [`kverdict noticed the following ${noticed(findings)}:`],
  good: ({because}) => ['kverdict noticed nothing that got worse with this series:', because],
  'good-in-part': ({because}) => [
    'kverdict noticed nothing that got worse in the part of this series that it could compile:',
    because,
  ],
  inconclusive: ({because}) => ['kverdict could not tell whether something got worse with this series:', because],
  'infra-error': ({because}) => [
    'kverdict could not test this series, and that is not the fault of the series:',
    because,
  ],
};

function noticed(findings: readonly Finding[]): string {
  const kinds = new Set(findings.filter(({severity}) => severity === 'bad').map(({kind}) => kind));
  if (kinds.has('series-conflict')) return 'conflict: the series does not apply';
  if (kinds.has('build-failed')) return 'build errors';
  return kinds.has('boot-failed') ? 'boot failure' : 'test regressions';
}

const isTold = ({severity, kind}: Finding): boolean => severity !== 'info' && kind !== 'unsupported';

/** The robot's own labels first, then what it leaves out. */
function labels({base, builds, profiles, series}: Results, {messageId, title, patches}: Series): string[] {
  const compilers = [...new Set(builds.map(({compiler}) => compiler).filter((name) => name !== ''))];
  const qemus = [...new Set(profiles.map(({qemu}) => qemu).filter((version) => version !== ''))];
  const machines = profiles.map(({name, accelerator, supported, skipped}) => {
    if (skipped !== undefined) return `${name} (not booted: ${skipped})`;
    return supported ? `${name} (${accelerator?.kind ?? 'not started'})` : `${name} (unsupported here)`;
  });
  const link =
    messageId === undefined ? undefined : `https://lore.kernel.org/r/${encodeURIComponent(token(messageId))}`;
  const fields: [string, string | undefined][] = [
    ['base', base === null ? undefined : `${base.commit} (${base.name}, chosen by ${base.how})`],
    ['patch link', link],
    [
      'patch subject',
      `[PATCH${(series?.version ?? 1) > 1 ? ` v${series?.version}` : ''}] ${patches.length === 1 ? patches[0]?.subject : title}`,
    ],
    ['config', `tinyconfig and kverdict's fragments, ${[...new Set(builds.map(({arch}) => arch))].join(', ')}`],
    ['compiler', compilers.join(', ') || undefined],
    ['machines', machines.join(', ') || undefined],
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
  const {base, patched} = comparison;
  const of = (tally: Comparison['base']): string => `${failures(tally)}/${failures(tally) + tally.pass}`;
  const words = [`failed ${of(base)} -> ${of(patched)}`, pWords(comparison)].filter(Boolean).join(', ');
  return `${words} (base: ${tallyWords(base)}; patched: ${tallyWords(patched)})`;
}

function more({findings}: Results): string[] {
  const left = findings.filter(isTold).length - MAX_FINDINGS;
  return left > 0 ? [`And ${left} more.`, ''] : [];
}

/** Tags are for a person to give: the tool only writes down which. */
function tags({verdict, profiles}: Results): string[] {
  if (verdict === 'bad') {
    return [
      ...paragraph('If you fix this in a commit of its own (not in a new version of the series), please add'),
      '| Reported-by: YOUR NAME <YOUR ADDRESS>',
      '| Closes: https://lore.kernel.org/r/THE-MESSAGE-ID-OF-THIS-MAIL',
    ];
  }
  if (verdict === 'good-in-part') return ['No tag is due: a part of the series was not tested.'];
  if (verdict !== 'good') return ['No tag is due.'];
  const where = profiles.filter(({supported}) => supported).map(({name}) => name);
  return [`| Tested-by: YOUR NAME <YOUR ADDRESS> # ${where.join(', ')}`];
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
