// SPDX-License-Identifier: MIT
import t from 'tap';
import {firstToPromise, moreRunsToDecide, repeatsToPromise} from '../../verdict/promise.js';

const counts = (failed: number, of: number) => ({failed, passed: of - failed});
const stated = {alpha: 0.05, power: 0.9, rivals: 1};
const more = (base: [number, number], patched: [number, number], rivals = 1) =>
  moreRunsToDecide([{base: counts(...base), patched: counts(...patched)}], {...stated, rivals});

t.test('how many more runs', async (t) => {
  t.equal(more([0, 1], [1, 1]), 4, '1/2 * 1/70, twice, is 0.014; with 3, 0.05 is not below 0.8 of alpha');
  t.equal(more([1, 1], [0, 1]), 4, 'the other way round');
  t.equal(more([0, 1], [1, 1], 3), 5, '1 in 252: three that differ share alpha');
  t.equal(more([2, 4], [2, 4]), undefined, 'equal rates never differ');
  t.equal(more([50, 100], [51, 100]), undefined, 'nobody waits that long');
  t.ok((more([0, 5], [1, 5]) ?? 0) > (more([0, 5], [3, 5]) ?? 0), 'what shows seldom takes longer');
});

t.test('repeats so far are counted', async (t) => {
  const first = {base: counts(0, 1), patched: counts(1, 1)};
  t.equal(moreRunsToDecide([first, {base: counts(0, 3), patched: counts(3, 3)}], stated), 1);
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
