// SPDX-License-Identifier: MIT
import t from 'tap';
import {adviceFor, firstToPromise, repeatsToPromise} from '../../verdict/promise.js';
import {createRandom} from '../../verdict/random.js';
import {simulateRun} from '../../verdict/simulate.js';

const counts = (failed: number, of: number) => ({failed, passed: of - failed});
const stated = {alpha: 0.05, power: 0.9, rivals: 1};
const design = {alpha: 0.05, power: 0.9, maxRuns: 1, maxRepeats: 0};
const advice = (base: [number, number], patched: [number, number], rivals = 1) =>
  adviceFor([{base: counts(...base), patched: counts(...patched)}], base[1], design, rivals);

t.test('what a new run needs', async (t) => {
  t.same(advice([0, 1], [1, 1]), {maxRuns: 5, chance: 0.9}, 'one, and four repeats: 1/70 is below 0.3 of alpha');
  t.same(advice([1, 1], [0, 1]), {maxRuns: 5, chance: 0.9}, 'the other way round');
  t.same(advice([0, 1], [1, 1], 3), {maxRuns: 6, chance: 0.9}, '1 in 252: three that differ share alpha');
  t.same(
    advice([0, 5], [1, 5]),
    {runs: 14, maxRuns: 59, chance: 0.9},
    'five first attempts see one in five too seldom',
  );
  t.equal(advice([2, 4], [2, 4]), undefined, 'equal rates never differ');
  t.equal(advice([50, 100], [51, 100]), undefined, 'nobody waits that long');
});

t.test('a test that is run once at first has no --runs, and is looked at again too seldom', async (t) => {
  const repeated = [
    {base: counts(0, 1), patched: counts(1, 1)},
    {base: counts(0, 19), patched: counts(3, 19)},
  ];
  t.equal(adviceFor(repeated, 1, design, 1), undefined);
});

t.test('attempts so far give the rates, and a new run begins without them', async (t) => {
  const repeated = [
    {base: counts(0, 1), patched: counts(1, 1)},
    {base: counts(0, 3), patched: counts(3, 3)},
  ];
  t.same(adviceFor(repeated, 1, design, 1), {maxRuns: 5, chance: 0.9}, 'not the one that was left');
});

t.test('a new run with what was advised finds the difference as often as is said', async (t) => {
  for (const [base, patched] of [
    [
      [0, 5],
      [1, 5],
    ],
    [
      [0, 5],
      [3, 5],
    ],
    [
      [5, 10],
      [9, 10],
    ],
  ] as [[number, number], [number, number]][]) {
    const {runs, maxRuns = 0} = advice(base, patched) ?? {};
    const first = runs ?? base[1];
    const rates = {base: base[0] / base[1], patched: patched[0] / patched[1]};
    const random = createRandom(20201219);
    const run = {...design, maxRuns, maxRepeats: maxRuns - first};
    let found = 0;
    for (let n = 0; n < 2000; n++)
      found += simulateRun({subtests: 1, changed: 1, rates, first, design: run}, random).found;
    t.ok(found / 2000 > 0.88, `${JSON.stringify(rates)}: ${found / 2000} of runs with ${first}, ${maxRuns}`);
  }
});

t.test('before anything was run', async (t) => {
  t.equal(firstToPromise({base: 0, patched: 1}, 0.9), 1);
  t.equal(firstToPromise({base: 0, patched: 0.5}, 0.9), 5, 'as firstRuns has it');
  t.equal(firstToPromise({base: 0, patched: 0.1}, 0.9), 29);
  t.equal(firstToPromise({base: 0.5, patched: 0.5}, 0.9), undefined);
  t.equal(repeatsToPromise({base: 0, patched: 1}, 1, stated), 4);
  t.equal(repeatsToPromise({base: 0, patched: 0.01}, 299, stated), undefined, 'above 200');
  t.equal(repeatsToPromise({base: 0, patched: 0.5}, 1, stated), undefined, 'one attempt sees it in half of the runs');
});
