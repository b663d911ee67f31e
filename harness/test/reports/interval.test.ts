// SPDX-License-Identifier: MIT
import t from 'tap';
import {rateInterval} from '../../../reports/interval.js';

/** binom.test(k, n)$conf.int of R 4.2, and the closed forms at 0 and n: 1 - 0.025^(1/n). */
const KNOWN: readonly [failed: number, of: number, low: number, high: number][] = [
  [0, 5, 0, 0.5218238],
  [5, 5, 0.4781762, 1],
  [1, 4, 0.006309463, 0.8058796],
  [3, 10, 0.06673951, 0.6524529],
  [50, 100, 0.3983211, 0.6016789],
];

for (const [failed, of, low, high] of KNOWN) {
  t.test(`${failed} of ${of}`, (t) => {
    const seen = rateInterval(failed, of);
    t.ok(Math.abs(seen.low - low) < 1e-6, `low ${seen.low}`);
    t.ok(Math.abs(seen.high - high) < 1e-6, `high ${seen.high}`);
    t.end();
  });
}

t.test('the edges', (t) => {
  t.same(rateInterval(0, 0), {low: 0, high: 1}, 'nothing tried, nothing known');
  const wide = rateInterval(3, 2000);
  t.ok(wide.low > 0 && wide.high < 0.006, 'many attempts do not overflow');
  t.ok(rateInterval(2, 8, 0.99).high > rateInterval(2, 8).high);
  t.end();
});
