// SPDX-License-Identifier: MIT
import t from 'tap';
import {levelsOf} from '../../verdict/false-discovery.js';
import {type ExactTest, exactTest} from '../../verdict/statistics.js';

/** Never on base, so many times of `runs` on the patched side. */
const fails = (times: number, runs: number): ExactTest =>
  exactTest([{base: {failed: 0, passed: runs}, patched: {failed: times, passed: runs - times}}]);
const near = (seen: number | undefined, value: number): boolean => Math.abs((seen ?? -1) - value) < 1e-9;
/** a with a(1 - a) = p. */
const corrected = (p: number): number => (1 - Math.sqrt(1 - 4 * p)) / 2;

t.test('one test alone needs its own p, and the correction', async (t) => {
  const [level] = levelsOf([fails(5, 5)]);
  t.ok(near(level, corrected(2 / 252)), `${level}`);
  t.ok((level ?? 1) < 0.0081);
});

t.test('five hundred that never fail cost nothing', async (t) => {
  const quiet = new Array(499).fill(fails(0, 5));
  const [level, other] = levelsOf([fails(5, 5), ...quiet]);
  t.ok(near(level, corrected(2 / 252)), `${level}: as if it were alone`);
  t.equal(other, 1);
});

t.test('nor do those that failed too seldom to be claimed', async (t) => {
  const [level] = levelsOf([fails(5, 5), ...new Array(100).fill(fails(3, 5))]);
  t.ok(near(level, corrected(2 / 252)), '3 failures of 10 runs give no p below 0.16');
});

t.test('those that could be claimed as well cost their chance', async (t) => {
  const even = exactTest([{base: {failed: 2, passed: 3}, patched: {failed: 3, passed: 2}}]);
  const [level] = levelsOf([fails(5, 5), ...new Array(3).fill(even)]);
  t.ok(near(level, corrected((4 * 2) / 252)), '5 failures each: 4 that could give 2 of 252, one that did');
  t.equal(levelsOf([fails(5, 5), ...new Array(40).fill(even)])[0], 1, 'of 41 coins one may fall so');
});

t.test('many that differ support each other', async (t) => {
  const all = levelsOf(new Array(60).fill(fails(4, 4)));
  t.ok(
    all.every((level) => near(level, corrected(2 / 70))),
    'of 60 claims 60 * 2/70 are expected by chance: one in 35',
  );
});

t.test('a level is never below p, nor out of order', async (t) => {
  const tests = [fails(5, 5), fails(4, 5), fails(8, 12), fails(12, 12), fails(1, 5)];
  const levels = levelsOf(tests);
  const order = tests.map((_, index) => index).sort((a, b) => (tests[a]?.p ?? 1) - (tests[b]?.p ?? 1));
  for (const [place, index] of order.entries()) {
    t.ok((levels[index] ?? 0) >= (tests[index]?.p ?? 1));
    t.ok(place === 0 || (levels[index] ?? 0) >= (levels[order[place - 1] ?? 0] ?? 0));
  }
  t.same(levelsOf([]), []);
});
