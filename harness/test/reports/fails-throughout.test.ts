// SPDX-License-Identifier: MIT
/** 20 of 20 on base and 19 of 20 with the series: every report says that the series does not repair it. */
import t from 'tap';
import {renderB4} from '../../../reports/b4.js';
import {renderGithubSummary} from '../../../reports/github.js';
import {renderJunit} from '../../../reports/junit.js';
import {renderMail} from '../../../reports/mail.js';
import {renderPage} from '../../../reports/page/render.js';
import {renderTap} from '../../../reports/tap.js';
import {renderTerminal} from '../../../reports/terminal.js';
import {racy, resultsWith} from './repairs.js';

const results = resultsWith([
  ...racy('clear_refs', 20, {lost: 20, bits: 0}, {lost: 19, bits: 0}, {test: 'race'}),
  ...racy('clear_refs', 20, {lost: 19}, {lost: 20}, {test: 'worse', profile: 'arm64'}),
]);
const SAID = 'x86_64 clear_refs:race/lost: fails with and without the series (failed: base 20/20, patched 19/20, p=1)';
const WORSE =
  'arm64 clear_refs:worse/lost: fails with and without the series, in more attempts with it (failed: base 19/20, patched 20/20, p=1)';

t.test('the screen', async (t) => {
  const text = renderTerminal(results, {width: 400, colour: false, out: 'out'});
  t.ok(text.includes(`info    ${SAID}\n`));
  t.ok(text.includes(`warning ${WORSE}\n`));
  t.ok(text.includes('race/lost: failed 20 of 20 on base, 19 of 20 patched, p=1: still failing\n'));
  t.notMatch(text, /flaky/);
});

t.test('reports for programs: a known failure with both rates, and no pass', async (t) => {
  const [tap, junit] = [renderTap(results), renderJunit(results)];
  t.match(tap, /^ +not ok \d+ - race\/lost # TODO still-failing: fails without the series as well$/m);
  t.match(junit, /<skipped type="still-failing" message="still-failing: base: 20\/20 failed, patched: 19\/20 failed/);
  t.match(renderGithubSummary(results), /1 pass, 0 new fail, 0 skip, 1 fails without the series too/);
  t.match(renderGithubSummary(results), /0 pass, 0 new fail, 0 skip, 1 fails without the series too/);
  const checks = JSON.parse(renderB4(results, {links: ''})) as {tool: string; status: string}[];
  const status = (tool: string) => checks.find((one) => one.tool === tool)?.status;
  t.same([status('kverdict-x86_64'), status('kverdict-arm64')], ['pass', 'warn']);
  for (const text of [tap, junit, renderGithubSummary(results)]) t.notMatch(text, /flaky/);
});

t.test('the mail names no machine as tested where nothing else passed', async (t) => {
  const mail = renderMail({...results, verdict: 'good', because: 'all passed'});
  t.match(mail, /^\| Tested-by: YOUR NAME <YOUR ADDRESS> # x86_64$/m);
  t.match(mail, /^machines: x86_64 \(tcg\), arm64 \(tcg, nothing passed\)$/m);
  t.ok(mail.includes(`>> ${WORSE}\n`), 'that it may be worse is told');
  t.notOk(mail.includes(SAID), 'that it is as broken as before is no news');
});

t.test('the page', async (t) => {
  const page = renderPage(results, {links: ''});
  t.ok(page.includes('fails in 20 of 20 on base, 19 of 20 patched: lost fail'));
  t.match(page, /still failing/);
  t.notMatch(page, /data-c="flaky"/);
});
