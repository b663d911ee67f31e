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

t.test('nothing seen of nothing says nothing', async (t) => {
  t.same(clopperPearson(0, 0), {low: 0, high: 1});
});

t.test('the end of zero of n is known: 1 - 0.025^(1/n)', async (t) => {
  for (const n of [1, 7, 300]) near(t, clopperPearson(0, n).high, 1 - 0.025 ** (1 / n));
});
