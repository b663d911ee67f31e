// SPDX-License-Identifier: MIT
import t from 'tap';
import {chanceOfAtMost, exactTest, fisherExact} from '../../verdict/statistics.js';

t.test('values that are in the textbooks, and in R', async (t) => {
  const near = (seen: number, value: number): void => void t.ok(Math.abs(seen - value) < 5e-5, `${seen} is ${value}`);
  near(fisherExact(0, 4, 4, 0), 0.02857);
  near(fisherExact(0, 3, 3, 0), 0.1);
  near(fisherExact(0, 1, 1, 0), 1);
  near(fisherExact(0, 5, 5, 0), 0.00794);
  near(fisherExact(3, 1, 1, 3), 0.48571); // the lady tasting tea
  near(fisherExact(8, 2, 1, 5), 0.03497);
  near(fisherExact(10, 2, 3, 15), 0.00054);
});

t.test('equal to exact integer arithmetic on every table of up to 9 runs a side', async (t) => {
  let worst = 0;
  for (let base = 0; base <= 9; base++) {
    for (let patched = 0; patched <= 9; patched++) {
      for (let a = 0; a <= base; a++) {
        for (let c = 0; c <= patched; c++) {
          const exact = exactFisher(a, base - a, c, patched - c);
          worst = Math.max(worst, Math.abs(exact - fisherExact(a, base - a, c, patched - c)));
        }
      }
    }
  }
  t.ok(worst < 1e-9, `largest difference ${worst}`);
});

t.test('symmetric, between 0 and 1, and stable for thousands', async (t) => {
  t.ok(Math.abs(fisherExact(1, 9, 6, 4) - fisherExact(6, 4, 1, 9)) < 1e-12, 'sides swapped');
  t.ok(Math.abs(fisherExact(1, 9, 6, 4) - fisherExact(9, 1, 4, 6)) < 1e-12, 'failed and passed swapped');
  for (const [a, b, c, d] of [
    [0, 0, 0, 0],
    [0, 5000, 0, 5000],
    [5000, 0, 5000, 0],
    [10, 4990, 12, 4988],
  ] as const) {
    const p = fisherExact(a, b, c, d);
    t.ok(p > 0.5 && p <= 1, `${a} ${b} ${c} ${d}: ${p}`);
  }
  const tiny = fisherExact(0, 5000, 2500, 2500);
  t.ok(tiny >= 0 && tiny < 1e-300);
});

const of = (failed: number, passed: number) => ({failed, passed});

t.test('what a table could have given at all, and how likely', async (t) => {
  const {attainable} = exactTest([{base: of(0, 4), patched: of(4, 0)}]);
  // 4 failures among 8 runs fall on one side as 1, 16, 36, 16, 1 of 70.
  t.same(
    attainable.map((p) => Math.round(p * 70)),
    [2, 34, 70],
  );
  t.equal(chanceOfAtMost(attainable, 0.02), 0, 'so few runs never give that');
  t.ok(Math.abs(chanceOfAtMost(attainable, 0.05) - 2 / 70) < 1e-12);
  t.equal(chanceOfAtMost(attainable, 1), 1);
  t.same(exactTest([{base: of(0, 4), patched: of(0, 4)}]).attainable, [1], 'no failure, no difference');
  t.equal(
    exactTest([{base: of(1, 3), patched: of(3, 1)}]).attainable,
    attainable,
    'one object for one set of margins: tests are counted by it',
  );
});

t.test('two strata: the first attempts are a coin, the repeats a table of their own', async (t) => {
  const first = {base: of(0, 1), patched: of(1, 0)};
  const p = exactTest([first, {base: of(0, 4), patched: of(4, 0)}]).p;
  // Both must fall the same way: 1/2 * 1/70, and as much for the other side.
  t.ok(Math.abs(p - 1 / 70) < 1e-12, `${p}`);
  const other = exactTest([first, {base: of(4, 0), patched: of(0, 4)}]).p;
  // 1 of 5 on the patched side: sums 0 and 5 have 1 of 140 each, 1 and 4 have 17.
  t.ok(Math.abs(other - 36 / 140) < 1e-12, `${other}`);
  t.equal(exactTest([first]).p, 1, 'a difference of one attempt proves nothing');
  t.equal(exactTest([]).p, 1);
});

t.test('first attempts that were repeated because they differ', (t) => {
  const p = (first: [number, number, number, number], more: [number, number, number, number]): number =>
    exactTest([
      {base: of(first[0], first[1]), patched: of(first[2], first[3])},
      {base: of(more[0], more[1]), patched: of(more[2], more[3])},
    ]).p;
  const near = (seen: number, value: number, what: string): void =>
    void t.ok(Math.abs(seen - value) < 1e-12, `${what}: ${seen} is ${value}`);
  // Two failures of 5 and 5 fall as 2:5:2; that they differ leaves the outer two, a half each.
  near(p([0, 5, 2, 3], [0, 4, 4, 0]), 2 * 0.5 * (1 / 70), 'an even margin');
  near(p([0, 5, 1, 4], [0, 4, 4, 0]), 2 * 0.5 * (1 / 70), 'an odd one cannot fall evenly');
  near(p([1, 4, 1, 4], [0, 4, 4, 0]), 2 / 70, 'equal ones, repeated for the sake of another subtest, say nothing');
  near(p([0, 5, 2, 3], [0, 0, 0, 0]), fisherExact(0, 5, 2, 3), 'nothing repeated: as they are');
  // Between the two summits of such a law an outcome is rare and not extreme.
  const equal = p([0, 2, 2, 0], [2, 2, 2, 2]);
  t.ok(equal > 0.3, `${equal}`);
  t.end();
});

t.test('a law given that the first attempts differ is a law', (t) => {
  for (let n = 1; n <= 4; n++) {
    for (let failed = 0; failed <= 2 * n; failed++) {
      const first = Math.min(failed, n);
      const {attainable} = exactTest([
        {base: of(first, n - first), patched: of(failed - first, n - failed + first)},
        {base: of(1, 3), patched: of(2, 2)},
      ]);
      t.equal(attainable.at(-1), 1);
      t.same(
        [...attainable].sort((a, b) => a - b),
        attainable,
        `${failed} of ${2 * n}: ascending`,
      );
    }
  }
  t.end();
});

function choose(n: number, k: number): bigint {
  let value = 1n;
  for (let i = 1; i <= k; i++) value = (value * BigInt(n - k + i)) / BigInt(i);
  return k < 0 || k > n ? 0n : value;
}

function exactFisher(a: number, b: number, c: number, d: number): number {
  const [base, failed, total] = [a + b, a + c, a + b + c + d];
  const weight = (x: number): bigint => choose(base, x) * choose(total - base, failed - x);
  let sum = 0n;
  for (let x = 0; x <= failed; x++) if (weight(x) > 0n && weight(x) <= weight(a)) sum += weight(x);
  return Number(sum) / Number(choose(total, failed));
}
