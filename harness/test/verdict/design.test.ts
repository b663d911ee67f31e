// SPDX-License-Identifier: MIT
import t from 'tap';
import {firstRuns, looksOf, looksUpTo} from '../../verdict/design.js';

const sum = (looks: {share: number}[]): number => looks.reduce((all, {share}) => all + share, 0);

t.test('what all looks may spend is alpha, no more and no less', async (t) => {
  for (let repeats = 0; repeats <= 250; repeats++) {
    const looks = looksOf(repeats);
    t.ok(Math.abs(sum(looks) - 1) < 1e-12, `${repeats} repeats`);
    t.ok(
      looks.every(({share}) => share > 0),
      'each may spend something',
    );
    t.equal(looks.at(-1)?.repeats, repeats, 'the last look sees everything');
  }
});

t.test('the looks of the default', async (t) => {
  t.same(
    looksOf(19).map(({repeats, share}) => [repeats, Number(share.toFixed(3))]),
    [
      [0, 0.2],
      [4, 0.3],
      [7, 0.1],
      [12, 0.1],
      [19, 0.3],
    ],
  );
  t.same(looksOf(0), [{repeats: 0, share: 1}], 'what is looked at once may spend all');
});

t.test('a run that was ended early spends what is left at its end, and no more', async (t) => {
  t.same(
    looksUpTo(5, 19).map(({repeats}) => repeats),
    [0, 4, 5],
  );
  t.ok(Math.abs(sum(looksUpTo(5, 19)) - 1) < 1e-12);
  t.same(
    looksUpTo(4, 19).map(({repeats}) => repeats),
    [0, 4],
    'at a look, that look is the last',
  );
  t.ok(sum(looksUpTo(4, 19)) < 1);
});

t.test('first attempts: 1 - (1 - p)^n is at least the power, and half of the rest', async (t) => {
  t.equal(firstRuns(0.5, 0.9), 5);
  t.equal(firstRuns(0.1, 0.9), 29);
  t.equal(firstRuns(0.01, 0.9), 299);
  t.equal(firstRuns(1, 0.9), 1);
  t.equal(firstRuns(0.5, 0.5), 2, '1 - 0.5^2 is 0.75 exactly');
});
