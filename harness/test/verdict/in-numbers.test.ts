// SPDX-License-Identifier: MIT
import t from 'tap';
import {racy, repairing, repairingNothing, resultsWith, skipped} from '../reports/repairs.js';

t.test('a series that fixes everything is not told as one that fixes nothing', async (t) => {
  const cannot = 'nothing passed in x86_64 uffd_wp_race: skipped on both sides: no uffd-wp bit';
  t.equal(repairing().because, `1 fixed, 1 fails less often, none worse; ${cannot}`);
  t.equal(repairingNothing().because, `1 fails with and without the series, none worse; ${cannot}`);
});

t.test('beside a regression, and beside what is open', async (t) => {
  const fixed = racy('clear_refs', 9, {lost: 9}, {lost: 0}, {test: 'race'});
  const worse = resultsWith([...fixed, ...racy('gup_cow', 9, {a: 0}, {a: 9}, {test: 'cow'})]);
  t.match(worse.because, /^x86_64 gup_cow:cow\/a: regressed \(.*\); 1 fixed$/);
  const open = resultsWith([...fixed, ...racy('gup_cow', 9, {a: 0}, {a: 2}, {test: 'cow'})]);
  t.match(open.because, /^1 fixed; 1 result cannot be told apart, first x86_64 gup_cow:cow\/a; a new run with /);
});

t.test('good: passes, what became of the rest, and what never ran', async (t) => {
  t.equal(
    resultsWith([
      ...racy('clear_refs', 9, {lost: 9, other: 0, old: 9}, {lost: 0, other: 0, old: 9}, {test: 'race'}),
      ...skipped('clear_refs', 'no soft-dirty bit', {profile: 'arm64', test: 'race'}),
    ]).because,
    '2 results passed, 1 of them fixed, 1 fails with and without the series, 1 never ran, and none got worse',
  );
});
