// SPDX-License-Identifier: MIT
/** The page as a parser sees it; what a browser makes of it is in test/real/page.test.ts. */
import {createHash} from 'node:crypto';
import {type DefaultTreeAdapterMap, type ParserError, parse} from 'parse5';
import t from 'tap';
import {renderPage} from '../../../reports/page/render.js';
import type {Results} from '../../verdict/results.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {controlsIn, exampleResults, POISONS, poisoned} from './fixture.js';
import {repairing} from './repairs.js';

type Element = DefaultTreeAdapterMap['element'];
type Node = DefaultTreeAdapterMap['childNode'];

interface Read {
  errors: string[];
  elements: Element[];
}

function read(html: string): Read {
  const errors: string[] = [];
  const document = parse(html, {onParseError: (error: ParserError) => errors.push(error.code)});
  const elements: Element[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) elements.push(node);
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  for (const child of document.childNodes) walk(child);
  return {errors, elements};
}

const page = (results: Results): string => renderPage(results, {links: ''});
const named = ({elements}: Read, name: string): Element[] => elements.filter(({tagName}) => tagName === name);
const attributeOf = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;
const textOf = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

t.test('the verdict is the first thing said, in words', (t) => {
  for (const [verdict, word] of [
    ['good', 'Good'],
    ['bad', 'Bad'],
    ['inconclusive', 'Inconclusive'],
  ] as const) {
    const results = syntheticResults({verdict, subtests: 20});
    t.equal(results.verdict, verdict);
    const [h1] = named(read(page(results)), 'h1');
    t.equal(h1 && textOf(h1), `Verdict: ${word}`);
    t.match(page(results), results.because.slice(0, 30));
  }
  t.end();
});

t.test('everything a person needs is in it without a script', (t) => {
  const html = page(exampleResults());
  const seen = read(html);
  t.same(seen.errors, [], 'legal HTML');
  const rows = named(seen, 'tr').filter((row) => attributeOf(row, 'data-c') !== undefined);
  const keys = new Set(exampleResults().comparisons.map(({suite, test}) => `${suite} ${test}`));
  t.equal(rows.length, keys.size, 'a row for each test of a suite');
  const wp = rows.find((row) => /^wp/.test(textOf(row)));
  t.match(wp && textOf(wp), /^wp.*4 pass4\/4 fail.*regressed/);
  t.match(html, '0 of 4 <small>0 % to 60 %</small>', 'the rate with its interval, in numbers');
  t.match(html, 'kverdict verify series.mbox --profiles x86_64 -t clear_refs:t/wp');
  t.match(html, 'attempts/1/log');
  const findings = named(seen, 'details').filter((one) => attributeOf(one, 'class')?.startsWith('finding'));
  findings.splice(exampleResults().findings.length, exampleResults().splats?.length ?? 0);
  t.equal(findings.length, exampleResults().findings.length);
  t.same(
    findings.map((one) => attributeOf(one, 'open') !== undefined),
    exampleResults().findings.map(({severity}) => severity === 'bad'),
    'what is bad is open',
  );
  t.equal(
    attributeOf(named(seen, 'search')[0] as Element, 'hidden'),
    '',
    'no control that needs the script is offered',
  );
  t.end();
});

t.test('p of the test, and the one that the verdict rests on', (t) => {
  const results = exampleResults();
  const row = results.comparisons.find(({change}) => change === 'regressed');
  if (row === undefined) throw new Error('the example has a regression');
  Object.assign(row, {pValue: 0.0079, adjusted: 0.04});
  t.match(page(results), 'exact test: p=0.0079, adjusted 0.040<');
  row.adjusted = 0.0079;
  t.match(page(results), /exact test: p=0\.0079</);
  t.end();
});

t.test('what no failure excludes stands beside the rate, and once for a race that never showed', (t) => {
  const html = page(repairing());
  t.match(html, '0 of 9 failed with the series: a rate above 28 % is excluded; exact test: p=0.000041');
  t.match(html, 'fails less often (12/20, then 3/20; still up to 34 %); exact test: p=0.0079');
  t.equal(html.split('never failed, 0 of 5 and 0 of 5: a rate above 45 % is excluded').length - 1, 1);
  t.match(html, '<dt>Machines</dt><dd>x86_64 (tcg), arm64 (tcg, no result); 0 guests');
  t.end();
});

t.test('what passed before and what never ran are two things, and a change looks the same everywhere', (t) => {
  const html = page(repairing());
  t.match(html, /<b>3<\/b> pass as before<\/li><li class="plain"><b>1<\/b> never ran<\/li>/);
  t.notMatch(html, '</b> unchanged');
  const fixed = '<span class="badge good"><span aria-hidden="true">✓ </span>fixed</span>';
  const [, findings = '', table = ''] = html.split(/<section id="(?:findings|results)"/);
  t.match(findings, fixed);
  t.match(table, fixed);
  t.match(page(exampleResults()), '<details class="fold" id="problems">', 'what the screen points to');
  t.end();
});

t.test('on paper no heading is left alone at the end of a page', (t) => {
  const [, print = ''] = page(exampleResults()).split('@media print');
  t.match(print, /\bh2,\s+h3,\s+h4,\s+summary \{\s+break-after: avoid;/);
  t.notMatch(
    print,
    /\.finding[^{}]*\{\s+break-inside: avoid/,
    'one that is longer than a page does not leave one empty',
  );
  t.end();
});

t.test('what the series changed in the kernel, and what kernels said', (t) => {
  const results = exampleResults();
  const html = page(results);
  const regressed = html.slice(html.indexOf('<section id="findings"'), html.indexOf('<section id="results"'));
  t.match(regressed, 'x86_64: changed in the kernel: do_wp_page (mm/memory.c), added walk_ops (fs/proc/task_mmu.c)');
  t.match(html, /<code>fs\/proc\/task_mmu.c<\/code>: added data walk_ops/);
  const splats = html.slice(html.indexOf('<section id="splats"'), html.indexOf('<section id="times"'));
  t.match(splats, /x86_64 patched clear_refs:t<\/span> WARNING in follow_page_pte.*4 in 4 attempts/s);
  t.match(splats, 'Call Trace:');
  t.match(splats, 'follow_page_pte+0x1b4  mm/gup.c:904');
  t.match(splats, 'lines 40 to 58');
  const [splat] = results.splats ?? [];
  const many = Array.from({length: 500}, () => ({...(splat as object), report: Array(120).fill('x'.repeat(90))}));
  const large = page({...results, splats: many as NonNullable<Results['splats']>});
  t.match(large, 'And 400 more: see splats in results.json.');
  t.ok(large.length < 600_000, `${large.length} characters`);
  t.notMatch(page({...results, splats: []}), 'id="splats"');
  t.end();
});

t.test('what a hung guest left is linked from its finding', (t) => {
  const results = exampleResults();
  t.notMatch(page(results), 'as it hung');
  for (const row of results.comparisons) {
    if (row.evidence !== undefined)
      Object.assign(row.evidence, {diagnosis: 'guests/g1/diagnosis.txt', memoryDump: 'guests/g1/m.elf'});
  }
  const html = page(results);
  t.match(html, /What the guest said as it hung<\/h4><p><a href="\.\/guests\/g1\/diagnosis\.txt">/);
  t.match(html, 'href="./guests/g1/m.elf"');
  t.end();
});

t.test('one file: nothing is fetched, and only our own style and script are let in', (t) => {
  const seen = read(page(syntheticResults({verdict: 'bad', subtests: 20})));
  for (const name of ['link', 'img', 'iframe', 'object', 'embed', 'base', 'audio', 'video'])
    t.same(named(seen, name), []);
  const policy = attributeOf(
    named(seen, 'meta').find((meta) => attributeOf(meta, 'http-equiv') !== undefined) as Element,
    'content',
  );
  t.match(
    policy,
    /^default-src 'none'; style-src 'sha256-.*'; script-src 'sha256-.*'; base-uri 'none'; form-action 'none'$/,
  );
  for (const name of ['style', 'script']) {
    const [only, ...others] = named(seen, name);
    t.same(others, [], `one ${name}`);
    const hash = createHash('sha256')
      .update(only === undefined ? '' : textOf(only))
      .digest('base64');
    t.ok(policy?.includes(`${name}-src 'sha256-${hash}'`), `the policy holds the ${name} as the browser sees it`);
    t.equal(only && attributeOf(only, 'src'), undefined);
  }
  t.end();
});

t.test('what a guest or a patch says stays text', (t) => {
  const ordinary = read(page(poisoned('x')));
  const kinds = ({elements}: Read): string[] => [...new Set(elements.map(({tagName}) => tagName))].sort();
  // A line that looks like a failure is marked, whoever forged it.
  const usual = [...kinds(ordinary), 'mark'];
  for (const poison of POISONS) {
    const html = page(poisoned(poison));
    const seen = read(html);
    const label = JSON.stringify(poison).slice(0, 40);
    t.same(seen.errors, [], `${label}: legal HTML`);
    t.same(controlsIn(html.replaceAll('\t', ' ')), [], `${label}: no control characters`);
    t.same(
      kinds(seen).filter((kind) => !usual.includes(kind)),
      [],
      `${label}: no kind of element more`,
    );
    t.equal(named(seen, 'script').length, 1, `${label}: one script`);
    const attributes = seen.elements.flatMap(({attrs}) => attrs);
    t.same(
      attributes.filter(({name}) => name.startsWith('on') || name === 'style'),
      [],
      `${label}: nothing that acts`,
    );
    const links = attributes.filter(({name}) => name === 'href' || name === 'src').map(({value}) => value);
    t.same(
      links.filter((link) => !/^(#|\.\/|results\.json$)/.test(link) || link.split('/').includes('..')),
      [],
      `${label}: links stay in the run`,
    );
  }
  t.end();
});

t.test('two thousand subtests fit', (t) => {
  const results = syntheticResults({verdict: 'bad', subtests: 2000});
  t.ok(results.comparisons.length >= 2000);
  const html = page(results);
  t.ok(Buffer.byteLength(html) < 2e6, `${Buffer.byteLength(html)} bytes`);
  const rows = read(html).elements.filter((one) => attributeOf(one, 'data-c') !== undefined && one.tagName === 'tr');
  const keys = new Set(results.comparisons.map(({suite, test}) => `${suite} ${test}`));
  t.equal(rows.length, keys.size, 'none is left out');
  t.match(html, 'href="./attempts/x86_64/', 'logs are linked');
  t.end();
});

t.test('long output in every finding stays below two megabytes', (t) => {
  const results = syntheticResults({verdict: 'bad', subtests: 2000});
  const lines = Array.from({length: 40}, () => '<&"'.repeat(130));
  const findings = Array.from({length: 3000}, (_, n) => ({
    ...(results.findings[n % results.findings.length] as Results['findings'][number]),
    excerpts: {log: {file: 'attempts/x.log', line: 1, lines}, console: {file: 'guests/x.log', line: 1, lines}},
  }));
  const html = page({...results, findings});
  t.ok(Buffer.byteLength(html) < 5e6, `${Buffer.byteLength(html)} bytes, though every sign is five`);
  t.match(html, /And [\d,]+ more: see findings in results\.json\./, 'what is left out is said');
  t.end();
});

t.test('results of a run without a series show one column, and no word about base', (t) => {
  const html = page(syntheticResults({verdict: 'good', subtests: 20, single: true}));
  t.notMatch(html, '<th scope="col">patched</th>');
  t.match(html, '<dt>Commit</dt>');
  t.end();
});

t.test('nothing at all is still a page', (t) => {
  const {attempts: _, ...rest} = exampleResults();
  const html = page({
    ...rest,
    comparisons: [],
    findings: [],
    builds: [],
    guests: [],
    profiles: [],
    base: null,
    series: null,
  });
  t.same(read(html).errors, []);
  t.match(html, 'Not one test ran.');
  t.end();
});
