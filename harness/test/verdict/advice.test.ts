// SPDX-License-Identifier: MIT
import t from 'tap';
import {adviceOptions, adviceWords} from '../../verdict/advice.js';

const chance = 0.9;

t.test('what decides all open results, not the first of them', async (t) => {
  t.equal(
    adviceWords([
      {advice: {maxRuns: 6, chance}},
      {advice: {runs: 14, maxRuns: 70, chance}},
      {advice: {maxRuns: 9, chance}},
    ]),
    'a new run with --runs 14 --max-runs 70 would find each of these differences with a chance of 90 %, if the rates stay as seen',
  );
  t.equal(
    adviceWords([{advice: {maxRuns: 6, chance}}]),
    'a new run with --max-runs 6 would find a difference of this size with a chance of 90 %, if the rates stay as seen',
  );
});

t.test('how many of them, when others want more than anybody waits for', async (t) => {
  t.equal(
    adviceWords([{}, {advice: {maxRuns: 6, chance}}, {}]),
    'a new run with --max-runs 6 would find 1 of these differences with a chance of 90 %, if the rates stay as seen; for the others no --max-runs up to 200 is known to be enough',
  );
  t.equal(adviceWords([{}, {}]), '');
});

t.test('as options', async (t) => {
  t.same(adviceOptions({runs: 14, maxRuns: 56, chance}), ['--runs', '14', '--max-runs', '56']);
  t.same(adviceOptions({maxRuns: 5, chance}), ['--max-runs', '5']);
});
