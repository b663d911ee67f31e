// SPDX-License-Identifier: MIT
import t from 'tap';
import {capacity, informationBound, plainStep} from '../../bisect/channel.js';

t.test('capacity: one bit when nothing is left to chance, known values of a Z-channel', (t) => {
  t.ok(Math.abs(capacity(1, 0) - 1) < 1e-9);
  // log2(1 + (1 - p) p^(p / (1 - p))) with p = 0.5: log2(5 / 4).
  t.ok(Math.abs(capacity(0.5, 0) - Math.log2(1.25)) < 1e-5);
  t.equal(capacity(0.3, 0.3) < 1e-12, true);
  t.ok(informationBound(4096, 1, 0, 0.99) <= 12);
  t.ok(informationBound(4096, 0.05, 0.01, 0.99) > informationBound(4096, 0.05, 0, 0.99));
  t.end();
});

t.test('plain steps: the fewest attempts that keep both mistakes rare', (t) => {
  t.same(plainStep(1, 0, 0.001), {runs: 1, fails: 1});
  // (1 - 0.5)^10 < 0.001 < (1 - 0.5)^9
  t.same(plainStep(0.5, 0, 0.001), {runs: 10, fails: 1});
  const {runs, fails} = plainStep(0.5, 0.01, 0.001);
  t.ok(fails >= 2 && runs > 10);
  t.end();
});
