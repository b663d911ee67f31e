// SPDX-License-Identifier: MIT
/** A result that comes in 3 of 5 attempts: every report says so, and none counts the others as runs of it. */
import t from 'tap';
import {renderGithubSummary} from '../../../reports/github.js';
import {renderJunit} from '../../../reports/junit.js';
import {renderMail} from '../../../reports/mail.js';
import {renderPage} from '../../../reports/page/render.js';
import {renderTap} from '../../../reports/tap.js';
import type {Attempt} from '../../suite/attempt.js';
import {printed} from '../verdict/fixture.js';
import {resultsWith} from './repairs.js';

/** `p`assed, `f`ailed, `-` not there: five attempts of one side. */
const side = (side: Attempt['side'], letters: string): Attempt[] =>
  [...letters].map((letter, at) => {
    const line = {p: '|ok 2 late', f: '|not ok 2 late', '-': ''}[letter] ?? '';
    return printed(side, `TAP version 13|1..${line === '' ? 1 : 2}|ok 1 a${line}`, {
      ...{number: at + 1, suite: 'toy'},
      exit: {code: letter === 'f' ? 1 : 0},
    });
  });

const atTimes = resultsWith([...side('base', 'p-p-p'), ...side('patched', 'ppppp')]);
const failing = resultsWith([...side('base', 'p-p-p'), ...side('patched', 'f-f-f')]);

t.test('reports in text', async (t) => {
  t.same(atTimes.comparisons.find(({test}) => test === 't/late')?.asked, 'absences');
  const [mail, tap, junit, github] = [renderMail, renderTap, renderJunit, renderGithubSummary].map((render) =>
    render(atTimes),
  );
  t.match(
    mail,
    /^ {3}came 3\/5 -> 5\/5, p=0\.44, .*\(base: 3 passed, came in 3 of 5; patched: 5 passed\)$/m,
    'what the finding is about, and not that it never failed',
  );
  t.match(tap, /base: "3 passed, came in 3 of 5"\n +patched: "5 passed"/);
  t.match(junit, /flaky: base: 3 passed, came in 3 of 5, patched: 5 passed/);
  t.match(github, /3 passed, came in 3 of 5/);
  t.match(
    renderMail(failing),
    /^ {3}failed 0\/3 -> 3\/3, .*\(base: 3 passed, came in 3 of 5; patched: 3\/3 failed, came in 3 of 5\)$/m,
  );
});

t.test('the page: the picture is of what was asked', async (t) => {
  const page = renderPage(atTimes, {links: ''});
  const [, race = ''] = /<article[^>]* data-k="[^"]*toy:t\/late"([\s\S]*?)<\/article>/.exec(page) ?? [];
  t.match(race, />3 of 5 <small>15 % to 95 %<\/small>/);
  t.match(race, />5 of 5 <small>48 % to 100 %<\/small>/);
  t.match(race, />came, 95 % interval</);
  t.match(page, /<h4>How often it came<\/h4>/);
  t.notMatch(page, /<h4>How often it failed<\/h4>/);
  t.match(page, /3 pass, came in 3 of 5 → 5 pass/);
});

t.test('where it is about failures, the picture says what it leaves out', async (t) => {
  const page = renderPage(failing, {links: ''});
  const [, race = ''] = /<article[^>]* data-k="[^"]*toy:t\/late"([\s\S]*?)<\/article>/.exec(page) ?? [];
  t.match(race, />3 of 3 <small>/);
  t.match(race, />failed, 95 % interval</);
  t.match(race, /came in 3 of 5 attempts on base, 3 of 5 patched</);
});
