// SPDX-License-Identifier: MIT
/** The pages of the history in a real Chromium: nothing of a guest's is run, nothing but the server is asked, everyone can use them. */
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {userInfo} from 'node:os';
import {type BrowserContextOptions, chromium, type Page} from 'playwright-core';
import t from 'tap';
import {ALARM, POISONS} from '../reports/fixture.js';
import {serveSynthetic} from '../serve/fixture.js';

t.setTimeout(300_000);
const NARROW = {viewport: {width: 390, height: 800}};
const WIDE = {viewport: {width: 1280, height: 900}};
/** The run that broke something, the test that it broke, and who did it. */
const PAGES = ['', 'runs', 'tests', 'flaky', 'changes', 'runs/9', 'tests/1?branch=1', 'bisects/1', 'nowhere'];

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: userInfo().uid === 0 ? ['--no-sandbox'] : [],
});
t.teardown(() => browser.close());
const served = await serveSynthetic({nights: 10, steady: 8});
t.teardown(served.remove);

interface Opened {
  page: Page;
  /** Errors, warnings and messages, among them every breach of a policy; a 404 that was asked for is none. */
  said: string[];
  asked: string[];
}

async function open(options: BrowserContextOptions = {}): Promise<Opened> {
  const page = await (await browser.newContext({...WIDE, ...options})).newPage();
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (!/status of 40[04]/.test(message.text())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('dialog', (dialog) => said.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => asked.push(request.url()));
  return {page, said, asked};
}

const alarmOf = (page: Page): Promise<unknown> => page.evaluate('window.alarm');

t.test('nothing that a guest or a patch says is run, and nobody else is asked', async (t) => {
  const trap = await open();
  await trap.page.setContent(`<script>${ALARM}</script>`);
  t.equal(await alarmOf(trap.page), 1, 'this test would see it');
  await trap.page.context().close();
  const poison = POISONS.map((one) => one.slice(0, 200)).join(' ');
  const poisoned = await serveSynthetic({nights: 10, steady: 2, poison});
  t.teardown(poisoned.remove);
  const {page, said, asked} = await open();
  for (const path of [...PAGES, 'runs?q=%22%3E%3Cscript%3Ewindow.alarm%3D1%3C%2Fscript%3E']) {
    await page.goto(`${poisoned.address}${path}`);
    t.equal(await alarmOf(page), undefined, path);
  }
  t.same(said, [], 'no policy had anything to stop');
  t.same(
    asked.filter((url) => !url.startsWith(poisoned.address)),
    [],
  );
  t.equal(asked.length, PAGES.length + 1, 'one request a page');
  t.same(poisoned.troubles, []);
  await page.context().close();
});

t.test('axe finds nothing: light, dark, narrow', async (t) => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const few = PAGES.filter((path) => !['runs', 'changes', 'nowhere'].includes(path));
  for (const [options, paths] of [
    [WIDE, PAGES],
    [NARROW, few],
    [{...WIDE, colorScheme: 'dark' as const}, few],
  ] as const) {
    // Only axe itself is kept out by the policy of the pages.
    const {page} = await open({...options, bypassCSP: true});
    for (const path of paths) {
      await page.goto(`${served.address}${path}`);
      await page.addScriptTag({content: axe});
      const {violations} = (await page.evaluate('axe.run()')) as {violations: {id: string; nodes: {html: string}[]}[]};
      const found = violations.map(({id, nodes}) => `${id}: ${nodes[0]?.html.slice(0, 100)}`);
      t.same(found, [], `/${path}, ${options.viewport.width} px`);
    }
    await page.context().close();
  }
});

t.test('nothing is wider than a narrow screen', async (t) => {
  const long = await serveSynthetic({nights: 10, steady: 2, poison: 'x'.repeat(900)});
  t.teardown(long.remove);
  const {page} = await open(NARROW);
  for (const path of PAGES) {
    await page.goto(`${long.address}${path}`);
    const width = (await page.evaluate('document.documentElement.scrollWidth')) as number;
    t.ok(width <= NARROW.viewport.width, `/${path}: ${width} px`);
  }
  await page.context().close();
});

t.test('a person without JavaScript finds the culprit, and the report of the run', async (t) => {
  const {page, said} = await open({javaScriptEnabled: false});
  await page.goto(served.address);
  await page.getByRole('link', {name: 'mm-unstable'}).first().click();
  await page.getByLabel('verdict').selectOption('bad');
  await page.getByRole('button', {name: 'Filter'}).click();
  await page.waitForURL(/verdict=bad/); // What is shown has an address.
  t.equal(await page.getByRole('row').count(), 2, 'one run, and the head');
  await page.locator('tbody a').first().click();
  await page.getByRole('heading', {name: 'Verdict: Bad'}).waitFor();
  await page.getByRole('link', {name: 'bisect', exact: true}).first().click();
  await page.getByText('fs/proc: walk page tables under mmap_lock for read').first().waitFor();
  await page.goBack();
  await page.getByRole('link', {name: 'report.html'}).click();
  await page.waitForURL(/\/files\/report\.html$/);
  await page.getByRole('heading', {name: /^Verdict/}).waitFor();
  t.same(said, []);
  await page.context().close();
});

t.test('the report of a run works from here, and reaches nothing but the folder', async (t) => {
  const {page, said} = await open();
  await page.goto(`${served.address}runs/9`);
  await page.getByRole('link', {name: 'report.html'}).click();
  await page.waitForURL(/\/files\/report\.html$/); // A click does not wait for the page that it asks for.
  await page.keyboard.press('d');
  t.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark', 'its script runs');
  t.equal(await page.evaluate('self.origin'), 'null', 'in no origin of ours');
  t.same(said, []);
  const reached = await page.evaluate(`fetch('/').then(() => 'reached', () => 'kept out')`);
  t.equal(reached, 'kept out');
  await page.goto(`${served.address}runs/9/files/attempts/x86_64/base-1.log`);
  t.equal(await alarmOf(page), undefined, 'a log is text');
  t.match((await page.locator('body').textContent()) ?? '', '<script>');
  await page.context().close();
});

t.test('on paper', async (t) => {
  const {page} = await open();
  await page.goto(`${served.address}tests/1?branch=1`);
  await page.emulateMedia({media: 'print'});
  t.notOk(await page.locator('nav').isVisible());
  t.ok(await page.locator('.over-time svg').isVisible());
  t.ok((await page.pdf()).length > 10_000);
  await page.context().close();
});
