// SPDX-License-Identifier: MIT
import t from 'tap';
import {clopperPearson} from '../../verdict/interval.js';

const near = (t: {ok(value: boolean, name: string): boolean}, seen: number, value: number): void =>
  void t.ok(Math.abs(seen - value) < 5e-5, `${seen} is ${value}`);

t.test('values of R, binom.test(x, n)$conf.int', async (t) => {
  for (const [hits, of, low, high] of [
    [0, 20, 0, 0.16843],
    [1, 20, 0.00127, 0.24873],
    [3, 20, 0.03207, 0.37893],
    [20, 20, 0.83157, 1],
    [500, 10000, 0.04581, 0.05445],
  ] as const) {
    const seen = clopperPearson(hits, of);
    near(t, seen.low, low);
    near(t, seen.high, high);
  }
});

t.test('more of them, to seven digits', async (t) => {
  for (const [hits, of, low, high] of [
    [5, 5, 0.4781762, 1],
    [1, 4, 0.006309463, 0.8058796],
    [3, 10, 0.06673951, 0.6524529],
    [50, 100, 0.3983211, 0.6016789],
  ] as const) {
    const seen = clopperPearson(hits, of);
    t.ok(Math.abs(seen.low - low) < 1e-6, `low ${seen.low}`);
    t.ok(Math.abs(seen.high - high) < 1e-6, `high ${seen.high}`);
  }
});

t.test('many attempts, and a higher confidence', async (t) => {
  const {low, high} = clopperPearson(3, 2000);
  t.ok(low > 0 && high < 0.006, 'many attempts do not overflow');
  t.ok(clopperPearson(2, 8, 0.99).high > clopperPearson(2, 8).high);
});

t.test('nothing seen of nothing says nothing', async (t) => {
  t.same(clopperPearson(0, 0), {low: 0, high: 1});
});

t.test('the end of zero of n is known: 1 - 0.025^(1/n)', async (t) => {
  for (const n of [1, 7, 300]) near(t, clopperPearson(0, n).high, 1 - 0.025 ** (1 / n));
});
