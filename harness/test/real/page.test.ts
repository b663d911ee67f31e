// SPDX-License-Identifier: MIT
/** The page in a real Chromium: nothing of a guest's is run, everyone can use it, and two thousand subtests are there at once. */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {type BrowserContextOptions, chromium, type Page} from 'playwright-core';
import t from 'tap';
import {renderPage} from '../../../reports/page/render.js';
import type {Results} from '../../verdict/results.js';
import {syntheticResults} from '../fakes/synthetic-results.js';
import {ALARM, exampleResults, POISONS, poisoned} from '../reports/fixture.js';

t.setTimeout(600_000);
const FIRST_RENDER_MS = 1000;
const NARROW = {viewport: {width: 390, height: 800}};
const WIDE = {viewport: {width: 1280, height: 900}};

const folder = mkdtempSync(join(tmpdir(), 'page-'));
// Debian's own program; its sandbox refuses root, and what is opened is this test's own file.
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: userInfo().uid === 0 ? ['--no-sandbox'] : [],
});
t.teardown(async () => {
  await browser.close();
  rmSync(folder, {recursive: true});
});

interface Opened {
  page: Page;
  /** Errors, warnings and messages of the page: among them every breach of its policy. */
  said: string[];
  /** Addresses that were asked for. */
  asked: string[];
}

async function open(html: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  const page = await (await browser.newContext({...WIDE, ...options})).newPage();
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('dialog', (dialog) => said.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return {page, said, asked};
}

const render = (results: Results): string => renderPage(results, {links: ''});
const alarmOf = (page: Page): Promise<unknown> => page.evaluate('window.alarm');

t.test('nothing that a guest or a patch says is run, and nothing is fetched', async (t) => {
  const trap = await open(`<!DOCTYPE html><title>x</title><script>${ALARM}</script>`);
  t.equal(await alarmOf(trap.page), 1, 'this test would see it');
  await trap.page.context().close();
  for (const poison of POISONS) {
    const {page, said, asked} = await open(render(poisoned(poison)));
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    const label = JSON.stringify(poison).slice(0, 40);
    t.equal(await alarmOf(page), undefined, label);
    t.same(said, [], `${label}: the page's policy had nothing to stop`);
    t.equal(asked.length, 1, `${label}: no request but for the page`);
    await page.context().close();
  }
});

t.test('the policy holds where escaping would fail', async (t) => {
  const html = render(exampleResults()).replace(
    '</main>',
    `<img src=x onerror="${ALARM}"><script>${ALARM}</script></main>`,
  );
  const {page, said} = await open(html);
  t.equal(await alarmOf(page), undefined);
  t.ok(said.some((text) => /Content Security Policy/.test(text)));
  await page.context().close();
});

t.test('axe finds nothing, closed and open, light and dark, wide and narrow', async (t) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const runs: [string, Results][] = [
    ['good', syntheticResults({verdict: 'good', subtests: 20})],
    ['bad', syntheticResults({verdict: 'bad', subtests: 60})],
    ['inconclusive', syntheticResults({verdict: 'inconclusive', subtests: 20})],
    ['single', syntheticResults({verdict: 'bad', subtests: 20, single: true})],
    ['example', exampleResults()],
  ];
  for (const [name, results] of runs) {
    for (const options of [WIDE, NARROW, {...WIDE, colorScheme: 'dark' as const}]) {
      // Only axe itself is kept out by the page's policy.
      const {page} = await open(render(results), {...options, bypassCSP: true});
      await page.addScriptTag({content: axe});
      for (const state of ['as it is', 'all open']) {
        if (state === 'all open')
          await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        const {violations} = (await page.evaluate('axe.run()')) as {
          violations: {id: string; nodes: {html: string}[]}[];
        };
        const found = violations.map(({id, nodes}) => `${id}: ${nodes[0]?.html.slice(0, 100)}`);
        t.same(found, [], `${name}, ${options.viewport.width} px, ${state}`);
      }
      await page.context().close();
    }
  }
});

t.test('two thousand subtests are there within a second', async (t) => {
  const html = render(syntheticResults({verdict: 'bad', subtests: 2000}));
  const times: {paint: number; loaded: number}[] = [];
  for (let round = 0; round < 3; round++) {
    const {page} = await open(html);
    const measure = `new Promise((done) => new PerformanceObserver((list) => done({
      paint: list.getEntries()[0].startTime,
      loaded: performance.getEntriesByType('navigation')[0].loadEventStart,
    })).observe({type: 'paint', buffered: true}))`;
    times.push(await page.evaluate(measure));
    await page.context().close();
  }
  for (const what of ['paint', 'loaded'] as const) {
    const best = Math.min(...times.map((time) => time[what]));
    t.ok(best > 0 && best < FIRST_RENDER_MS, `${what}: ${best.toFixed(0)} ms`);
  }
});

t.test('nothing is wider than a narrow screen', async (t) => {
  for (const results of [syntheticResults({verdict: 'bad', subtests: 200}), poisoned('x'.repeat(5000))]) {
    const {page} = await open(render(results), NARROW);
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    const width = (await page.evaluate('document.documentElement.scrollWidth')) as number;
    t.ok(width <= NARROW.viewport.width, `${width} px`);
    await page.context().close();
  }
});

t.test('filter and keys', async (t) => {
  const results = syntheticResults({verdict: 'bad', subtests: 200});
  const {page, said} = await open(render(results));
  const shown = (): Promise<number> => page.locator('tr[data-c]:visible').count();
  await page.keyboard.press('e');
  t.equal(await page.locator('details.finding:not([open]), details.suite:not([open])').count(), 0, 'e opens all');
  const all = await shown();
  await page.keyboard.press('/');
  await page.keyboard.type('clear_refs vmsplice');
  await page.locator('#shown', {hasText: '1 of '}).waitFor();
  t.equal(await shown(), 1);
  t.equal(await page.locator('details.finding:visible').count(), 1, 'findings are filtered too');
  await page.keyboard.press('Escape');
  t.equal(await shown(), all, 'Escape takes the filter away');
  await page.selectOption('#change', 'skip-regressed');
  t.equal(
    await shown(),
    new Set(results.comparisons.filter((c) => c.change === 'skip-regressed').map((c) => c.suite + c.test)).size,
  );
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  t.equal(
    await page.evaluate("document.activeElement === document.querySelector('.finding > summary')"),
    true,
    'j goes to the first finding',
  );
  await page.keyboard.press('Enter');
  t.equal(await page.locator('details.finding').first().getAttribute('open'), null, 'Enter closes it');
  await page.keyboard.press('d');
  t.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark');
  await page.keyboard.press('?');
  t.ok(await page.locator('dialog').isVisible());
  await page.keyboard.press('Escape');
  t.notOk(await page.locator('dialog').isVisible());
  t.same(said, []);
  await page.context().close();
});

t.test('without JavaScript, and on paper', async (t) => {
  const html = render(exampleResults());
  const without = await open(html, {javaScriptEnabled: false});
  t.notOk(await without.page.locator('#toolbar').isVisible(), 'no control that does nothing');
  t.ok(
    await without.page
      .getByText('kverdict verify series.mbox --profiles x86_64 -t clear_refs:t/wp')
      .first()
      .isVisible(),
  );
  t.ok(await without.page.locator('td.fail').first().isVisible());
  await without.page.context().close();
  const {page} = await open(html);
  await page.emulateMedia({media: 'print'});
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  t.notOk(await page.locator('nav').isVisible());
  t.equal(await page.locator('details.finding:not([open])').count(), 0);
  t.ok((await page.pdf()).length > 10_000);
  await page.context().close();
});
