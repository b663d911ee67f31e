// SPDX-License-Identifier: MIT
/** A panic in the middle of three hundred results: every report tells it once. */
import t from 'tap';
import {renderJunit} from '../../../reports/junit.js';
import {renderPage} from '../../../reports/page/render.js';
import {renderTap} from '../../../reports/tap.js';
import {renderTerminal} from '../../../reports/terminal.js';
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf} from '../../verdict/findings.js';
import {markFollowers} from '../../verdict/followers.js';
import type {Results} from '../../verdict/results.js';
import {decideVerdict} from '../../verdict/verdict.js';
import {seen, times} from '../verdict/fixture.js';
import {exampleResults} from './fixture.js';

const names = Array.from({length: 300}, (_, n) => `case ${n}`);
const all = Object.fromEntries(names.map((name) => [name, 'pass' as const]));
const some = Object.fromEntries(names.slice(0, 10).map((name) => [name, 'pass' as const]));
const unseen = Object.fromEntries(names.slice(10).map((_, n) => [`missing #${n + 11}`, 'crash' as const]));

/** @param n attempts a side: with one, nothing is clear yet */
function lost(n: number): Results {
  const kernel = seen({kind: 'bug', title: 'kernel BUG at mm/gup.c in follow_page_pte', fatal: true});
  const how = {how: 'panic', detail: 'Kernel panic'} as const;
  const files = {diagnosis: 'attempts/cow.diagnosis.txt', memoryDump: 'attempts/cow.core', console: 'guests/g2.log'};
  const patched = {lost: how, kernel, ...files};
  const comparisons = markFollowers(
    compareAttempts([
      ...times(n, 'base', all, {kernel: seen()}),
      ...times(n, 'patched', {...some, ...unseen}, patched),
    ]),
  );
  const findings = findingsOf({comparisons, builds: [], guests: []}, () => 'kverdict verify x');
  return {...exampleResults(), comparisons, findings, ...decideVerdict({comparisons, findings, builds: []})};
}

t.test('JUnit: one failure, which names what went with it and what the guest could still say', async (t) => {
  const xml = renderJunit(lost(5));
  t.equal(xml.match(/<failure type="regressed"/g)?.length, 1);
  t.equal(xml.match(/<testcase /g)?.length, 1 + 1 + 10, 'the verdict, the test, the ten results it gave');
  t.match(xml, /with it: .*t\/case 10, .*and 271 more/);
  t.match(xml, /kernel BUG at mm\/gup\.c in follow_page_pte/);
  t.match(xml, /diagnosis: attempts\/cow\.diagnosis\.txt\nmemory: attempts\/cow\.core/);
});

t.test('TAP: one point', async (t) => {
  const tap = renderTap(lost(5));
  t.equal(tap.match(/^ {4}not ok /gm)?.length, 1);
  t.match(tap, /with_it: "291 rows, see results\.json"/);
  t.match(tap, /diagnosis: "attempts\/cow\.diagnosis\.txt"\n\s+memory: "attempts\/cow\.core"/);
});

t.test('the page: links to both, once', async (t) => {
  const page = renderPage(lost(5), {links: ''});
  for (const file of ['cow.diagnosis.txt', 'cow.core'])
    t.equal(page.split(`href="./attempts/${file}"`).length, 2, file);
});

t.test('the last screen', async (t) => {
  const screen = renderTerminal(lost(5), {width: 100, colour: false, out: 'out'});
  t.equal(screen.match(/regressed/g)?.length, 2, 'in the verdict, and as the one finding');
  t.match(screen, /and 290\s+of\s+its\s+subtests\s+with\s+it/);
});

t.test('one attempt a side: one result cannot be told apart, not three hundred', async (t) => {
  t.match(lost(1), {verdict: 'inconclusive', because: /^1 result cannot be told apart, first x86_64 s:t/});
});
