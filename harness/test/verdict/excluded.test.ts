// SPDX-License-Identifier: MIT
import t from 'tap';
import {compareAttempts} from '../../verdict/compare.js';
import {fixedWords, highestRate, lessOftenWords, neverFailedLines, percent} from '../../verdict/excluded.js';
import {emptyTally} from '../../verdict/tally.js';
import {racy, skipped} from '../reports/repairs.js';

const tally = (failed: number, of: number) => ({...emptyTally(), fail: failed, pass: of - failed});

t.test('no failure in n excludes what is above 1 - 0.05^(1/n)', async (t) => {
  for (const n of [1, 5, 9, 12, 20, 29, 59, 299]) {
    const exact = 1 - 0.05 ** (1 / n);
    t.ok(Math.abs(highestRate({failed: 0, passed: n}) - exact) < 1e-9, `${n}`);
  }
  t.same(
    [5, 9, 12, 20, 29, 59, 299].map((n) => percent(highestRate({failed: 0, passed: n}))),
    ['45 %', '28 %', '22 %', '14 %', '10 %', '5 %', '1 %'],
  );
  t.equal(percent(highestRate({failed: 0, passed: 999})), '0.3 %');
  t.equal(highestRate({failed: 0, passed: 0}), 1, 'nothing ran, nothing is excluded');
  t.equal(highestRate({failed: 3, passed: 0}), 1);
});

t.test('in words', async (t) => {
  t.equal(fixedWords({patched: tally(0, 9)}), '0 of 9 failed with the series: a rate above 28 % is excluded');
  t.equal(
    fixedWords({patched: tally(0, 9), kernel: true}),
    '0 of 9 printed it with the series: a rate above 28 % is excluded',
  );
  t.equal(lessOftenWords({base: tally(10, 20), patched: tally(3, 20)}), '10/20, then 3/20; still up to 34 %');
});

t.test('racy tests that never failed: once each, with what their least run result excludes', async (t) => {
  const lines = neverFailedLines(
    compareAttempts([
      ...racy('clear_refs', 5, {a: 0, b: 0, c: 0}, {a: 0, b: 0, c: 0}, {test: 'race'}),
      ...racy('clear_refs', 5, {a: 0}, {a: 0}, {test: 'race', profile: 'arm64'}),
      ...racy('gup_cow', 29, {a: 0}, {a: 0}, {test: 'rare'}),
      ...racy('gup_cow', 5, {a: 1}, {a: 1}, {test: 'flaky'}),
      ...racy('plain', 1, {a: 0}, {a: 0}),
      ...skipped('uffd', 'no such bit'),
    ]),
  );
  t.same(lines, [
    'never failed, 0 of 5 and 0 of 5: a rate above 45 % is excluded: x86_64 clear_refs:race, arm64 clear_refs:race',
    'never failed, 0 of 29 and 0 of 29: a rate above 10 % is excluded: x86_64 gup_cow:rare',
  ]);
  t.same(
    neverFailedLines(
      compareAttempts(
        racy('s', 5, {a: 0}, {a: 0}).filter(({side}) => side === 'patched'),
        {single: true},
      ),
    ),
    ['never failed, 0 of 5: a rate above 45 % is excluded: x86_64 s:t'],
    'a run without a base',
  );
});

t.test('many are counted', async (t) => {
  const many = Array.from({length: 9}, (_, n) => racy('s', 5, {a: 0}, {a: 0}, {test: `t${n}`})).flat();
  t.match(neverFailedLines(compareAttempts(many)), [/: x86_64 s:t0, .*, x86_64 s:t5, and 3 more$/]);
});
