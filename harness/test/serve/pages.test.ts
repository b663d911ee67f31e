// SPDX-License-Identifier: MIT
/** Every page of a real history over real HTTP, as a parser sees it. */
import {createHash} from 'node:crypto';
import {type DefaultTreeAdapterMap, type ParserError, parse} from 'parse5';
import t from 'tap';
import {openHistory} from '../../history/database.js';
import {FLAKY, RACE, syntheticHistory} from '../fakes/synthetic-history.js';
import {HistoryStage, row} from '../history/stage.js';
import {controlsIn, POISONS} from '../reports/fixture.js';
import {crawl, get, serveHistory, serveSynthetic} from './fixture.js';

type Element = DefaultTreeAdapterMap['element'];
type Node = DefaultTreeAdapterMap['childNode'];

function read(html: string): {errors: string[]; elements: Element[]} {
  const errors: string[] = [];
  const elements: Element[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) elements.push(node);
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  const document = parse(html, {onParseError: (error: ParserError) => errors.push(error.code)});
  for (const child of document.childNodes) walk(child);
  return {errors, elements};
}

const textOf = (node: Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
const attributeOf = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;
/** Words as a person sees them: what stands in elements of its own is apart. */
function wordsOf(html: string): string {
  const texts = (node: Node): string[] =>
    'value' in node ? [node.value] : 'childNodes' in node ? node.childNodes.flatMap(texts) : [];
  const main = read(html).elements.filter(({tagName}) => tagName === 'main');
  return main.flatMap(texts).join(' ').replace(/\s+/g, ' ');
}

t.test('every link of every page leads to a page', async (t) => {
  const served = await serveSynthetic({nights: 12});
  t.teardown(served.remove);
  const pages = await crawl(served.address);
  t.ok(pages.size > 60, `${pages.size} pages`);
  t.same(
    [...pages].filter(([, {status}]) => status !== 200).map(([path]) => path),
    [],
  );
  for (const [path, {body, headers}] of pages) {
    const {errors, elements} = read(body);
    t.same(errors, [], `${path} is legal HTML`);
    t.same(
      elements.filter(({tagName}) => ['script', 'link', 'img', 'iframe', 'base', 'object'].includes(tagName)),
      [],
      `${path} fetches and runs nothing`,
    );
    const [style] = elements.filter(({tagName}) => tagName === 'style');
    const hash = createHash('sha256')
      .update(style === undefined ? '' : textOf(style))
      .digest('base64');
    t.equal(
      headers['content-security-policy'],
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    );
    t.equal(elements.filter(({tagName}) => tagName === 'h1').length, 1, `${path} has one heading`);
  }
  t.same(served.troubles, []);
});

t.test('what a person came for', async (t) => {
  const served = await serveSynthetic({nights: 20});
  t.teardown(served.remove);
  const page = async (path: string): Promise<string> => wordsOf((await get(served.address, path)).body);
  const home = await page('/');
  t.match(home, /linux-6\.12\.y.*not judged .*cannot fetch: the remote hung up/, 'a night that failed is said first');
  t.match(home, /mm-unstable.*Good .*1 result fails/);
  t.match(home, /regressed mm-unstable x86_64 clear_refs race.*5 passed before, 4 of 5 failed/);
  t.match(home, /bisect : .*walk page tables under mmap_lock for read Ada Example.*sure to 99\.4 %/, 'and who did it');
  const flaky = await page('/flaky');
  t.ok(flaky.includes(FLAKY) && !flaky.includes('case 1'), 'only what is flaky is ranked');
  const runs = await page('/runs?verdict=bad');
  t.match(runs, /1 run .*fs\/proc: walk page tables/);
  t.match(await page('/runs?q=tidy+part+13'), /1 run .*tidy up part 13/);
  t.match(await page('/tests?q=VMSPLICE&state=mixed'), /1 test .*x86_64 clear_refs race.*4 of 5 failed/);
  t.match(await page('/tests?q=50%25'), /No tests\./, 'a % is no wildcard');
  const test = await page('/tests/1?branch=1');
  t.ok(test.includes(RACE));
  t.match(test, /Attempts 28 of 74 failed 62 % pass, 95 % interval 50 % to 73 %/);
  t.match(test, /Changed last .*regressed.*bisect : /);
  t.match(test, /See it again kverdict run -t 'clear_refs:race\/no write is lost, pages pinned by vmsplice' -p x86_64/);
  const bisect = await page('/bisects/1');
  t.match(
    bisect,
    /Culprit fs\/proc: walk page tables.*fs\/proc\/task_mmu\.c.*Tested.*9 of 10 .*Skipped.*does not build/,
  );
  t.match(bisect, /Fixes: /);
  t.equal((await page('/changes?change=new')).match(/new mm-unstable/g)?.length, 1);
  t.same(served.troubles, []);
});

t.test('a result that comes in some attempts only says in how many', async (t) => {
  const stage = new HistoryStage();
  t.teardown(() => stage.remove());
  const history = await stage.open();
  t.teardown(() => history[Symbol.asyncDispose]());
  await stage.run(history, [row('late', 'new', 'paapp'), row('single', 'new', 'p')]);
  await stage.run(history, [row('late', 'fixed', 'fpamp', 'ppaap'), row('single', 'gone', 'a', 'p')]);
  const served = await serveHistory(history);
  t.teardown(served.stop);
  const page = async (path: string): Promise<string> => wordsOf((await get(served.address, path)).body);
  const late = await page('/tests/1?branch=1');
  t.match(late, /Attempts 2 of 7 failed, came in 6 of 10 /, 'over all runs; what never came failed, and did not come');
  t.match(late, /change 1 3 passed, came in 3 of 5 /);
  t.match(late, /change 2: 2 of 4 failed, came in 3 of 5 /);
  t.match(late, /3 passed, came in 3 of 5 before, 2 of 4 failed, came in 3 of 5 at /);
  t.match(await page('/tests/2?branch=1'), /1 passed before, no result at /, 'nothing came, so nothing comes at times');
  t.same(served.troubles, []);
});

t.test('long lists are parted, and the filter stays', async (t) => {
  const served = await serveSynthetic({nights: 3, steady: 150});
  t.teardown(served.remove);
  const first = (await get(served.address, '/tests?branch=1&q=case')).body;
  t.match(wordsOf(first), /1 to 100 of 150 tests Further/);
  const further = read(first).elements.find((one) => one.tagName === 'a' && textOf(one) === 'Further');
  const href = further && attributeOf(further, 'href');
  t.equal(href, '/tests?branch=1&q=case&from=100');
  t.match(wordsOf((await get(served.address, href ?? '')).body), /101 to 150 of 150 tests Back/);
});

t.test('what a guest or a patch says stays text', async (t) => {
  const usual = new Set<string>();
  const plain = await serveSynthetic({nights: 3, steady: 2, poison: 'x'});
  for (const {body} of (await crawl(plain.address)).values()) {
    for (const {tagName} of read(body).elements) usual.add(tagName);
  }
  await plain.remove();
  for (const poison of POISONS) {
    const served = await serveSynthetic({nights: 3, steady: 2, poison: poison.slice(0, 3000)});
    const label = JSON.stringify(poison).slice(0, 40);
    for (const path of ['/', '/runs', '/tests', '/flaky', '/changes', '/runs/3', '/tests/1?branch=1', '/bisects/1']) {
      const {status, body} = await get(served.address, path);
      const {errors, elements} = read(body);
      const attributes = elements.flatMap(({attrs}) => attrs);
      const links = attributes.filter(({name}) => ['href', 'src', 'action'].includes(name)).map(({value}) => value);
      const odd = [
        ...(status === 200 ? [] : [`status ${status}`]),
        ...errors,
        ...controlsIn(body.replaceAll('\t', ' ')),
        ...elements.filter(({tagName}) => !usual.has(tagName)).map(({tagName}) => tagName),
        ...attributes.filter(({name}) => name.startsWith('on') || name === 'style').map(({name}) => name),
        ...links.filter((link) => !/^[/#](?!\/)/.test(link)),
      ];
      t.same(odd, [], `${label}: ${path}`);
    }
    t.same(served.troubles, []);
    await served.remove();
  }
});

t.test('what is not there, and what is not understood', async (t) => {
  const served = await serveSynthetic({nights: 3, steady: 2});
  t.teardown(served.remove);
  for (const [path, status, text] of [
    ['/nowhere', 404, 'There is no such page'],
    ['/constructor', 404, 'There is no such page'],
    ['/runs/99', 404, 'There is no run 99'],
    ['/runs/1/2', 404, 'There is no such page'],
    ['/tests/99', 404, 'There is no test 99'],
    ['/tests/1?branch=9', 404, 'No run of branch 9'],
    ['/bisects/9', 404, 'There is no bisect 9'],
    ['/runs/x', 400, 'Expected `run` to be a number, got `x`'],
    ['/runs?from=-1', 400, 'Expected `from` to be a number'],
    ['/runs?verdict=<b>', 400, 'Expected `verdict` to be one of good, good-in-part, bad'],
    ['/tests?branch=1e3', 400, 'Expected `branch` to be a number'],
    ['/%', 400, 'The address is not legal'],
  ] as const) {
    const got = await get(served.address, path);
    t.equal(got.status, status, path);
    t.ok(wordsOf(got.body).includes(text), `${path}: ${text}`);
    t.match(String(got.headers['content-security-policy']), /^default-src 'none'/);
  }
  t.same(served.troubles, [], 'none of it is a failure of ours');
});

t.test('a history that is empty says how it is filled; one that breaks says so and goes on', async (t) => {
  const stage = new HistoryStage();
  t.teardown(() => stage.remove());
  const history = await stage.open();
  const served = await serveHistory(history);
  t.teardown(served.stop);
  t.match(wordsOf((await get(served.address, '/')).body), /no branch is in it.*kverdict nightly/);
  await history[Symbol.asyncDispose]();
  const broken = await get(served.address, '/');
  t.equal(broken.status, 500);
  t.match(wordsOf(broken.body), /Something is wrong here/);
  t.equal(served.troubles.length, 1);
  t.equal((await get(served.address, '/nowhere')).status, 404, 'it still answers');
});

t.test('pages show what a night writes while they are served', async (t) => {
  const made = await syntheticHistory({nights: 3, steady: 2});
  t.teardown(made.remove);
  const reader = await openHistory({state: made.state});
  const served = await serveHistory(reader);
  t.teardown(async () => {
    await served.stop();
    await reader[Symbol.asyncDispose]();
  });
  t.notMatch(wordsOf((await get(served.address, '/runs')).body), 'written just now');
  await made.history.db.updateTable('runs').set({subject: 'written just now'}).where('id', '=', 1).execute();
  t.match(wordsOf((await get(served.address, '/runs')).body), 'written just now');
});
