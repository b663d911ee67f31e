// SPDX-License-Identifier: MIT
import t from 'tap';
import {reasonsOf} from '../../../reports/page/reasons.js';
import {renderPage} from '../../../reports/page/render.js';
import {racy, resultsWith, skipped} from './repairs.js';

const bit = 'no soft-dirty bit';
const keys = {a: 0, b: 0, c: 5};
const skips = {
  report: {
    results: ['a', 'b', 'c'].map((name) => ({path: [name], status: 'skip' as const, reason: bit, diagnostics: []})),
    problems: [],
  },
};
const results = resultsWith([
  ...racy('clear_refs', 5, {...keys, c: 0}, keys, {test: 'race'}),
  ...racy('clear_refs', 1, {}, {}, {test: 'race', profile: 'arm64', ...skips}),
]);

t.test('a reason names its machine, and a skip is explained once for it', async (t) => {
  const reasons = [...reasonsOf(results.comparisons)].map(
    ([{profile, test}, words]) => `${profile} ${test} | ${words}`,
  );
  t.same(reasons, ['x86_64 race/c | x86_64: c fail', `arm64 race/a | arm64: skipped on both sides: ${bit}`]);
});

t.test('without other machines beside it none need be named', async (t) => {
  const alone = results.comparisons.filter(({profile}) => profile === 'arm64');
  t.same([...reasonsOf(alone).values()], [`skipped on both sides: ${bit}`]);
  t.same([...reasonsOf(resultsWith(skipped('s', bit)).comparisons).values()], [`skipped on both sides: ${bit}`]);
});

t.test('on the page: not one row of x86_64 has the words of arm64', async (t) => {
  const html = renderPage(results, {links: ''});
  const matrix = html.slice(html.indexOf('<table class="matrix">'), html.indexOf('<section id="races"'));
  t.equal(matrix.split(bit).length - 1, 1);
  t.match(matrix, `<small>arm64: skipped on both sides: ${bit}</small>`);
  t.match(matrix, /<th scope="row">c<small>x86_64: c fail<\/small>/);
});
