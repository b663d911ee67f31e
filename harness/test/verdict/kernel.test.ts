// SPDX-License-Identifier: MIT
/** What kernels said, compared: the same splat on both sides is one, and only a new one is a regression. */
import t from 'tap';
import {type Attempt, BOOT_TEST} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf} from '../../verdict/findings.js';
import {markFollowers} from '../../verdict/followers.js';
import {testsToRepeat} from '../../verdict/needs-more.js';
import type {Comparison} from '../../verdict/results.js';
import {splatRecords} from '../../verdict/splat-records.js';
import {attempt, seen, splat, times} from './fixture.js';

const known = {kind: 'warning', title: 'WARNING in known'} as const;
const fresh = {kind: 'warning', title: 'WARNING in fresh'} as const;

const both = (base: Partial<Attempt>, patched: Partial<Attempt>, n = 5): Attempt[] => [
  ...times(n, 'base', {a: 'pass'}, base),
  ...times(n, 'patched', {a: 'pass'}, patched),
];
const changes = (rows: readonly Comparison[]): Record<string, string> =>
  Object.fromEntries(rows.map(({test, change}) => [test, change]));
const titles = (rows: readonly Comparison[]): string[] =>
  findingsOf({comparisons: rows, builds: [], guests: []}, () => 'x')
    .filter(({severity}) => severity === 'bad')
    .map(({title}) => title);

t.test('a WARN that base has too is not a regression, and its subtests are judged all the same', async (t) => {
  const rows = compareAttempts(both({kernel: seen(known)}, {kernel: seen(known)}));
  t.same(changes(rows), {t: 'still-failing', 't/kernel: WARNING in known': 'still-failing', 't/a': 'unchanged'});
  t.same(titles(rows), []);
});

t.test('a new one is', async (t) => {
  const rows = compareAttempts(both({kernel: seen()}, {kernel: seen(fresh)}));
  t.match(changes(rows), {t: 'regressed', 't/kernel: WARNING in fresh': 'regressed', 't/a': 'unchanged'});
  t.equal(titles(rows).length, 1, 'one finding');
  t.match(titles(rows)[0], /x86_64 s:t: regressed/);
});

t.test('also under one that base has, where the test as a whole fails on both sides', async (t) => {
  const rows = compareAttempts(both({kernel: seen(known)}, {kernel: seen(known, fresh)}));
  t.match(changes(rows), {t: 'still-failing', 't/kernel: WARNING in fresh': 'regressed'});
  t.match(titles(rows), [/kernel: WARNING in fresh: regressed/]);
});

t.test('one that is gone is told as fixed', async (t) => {
  const rows = compareAttempts(both({kernel: seen(known)}, {kernel: seen()}));
  t.match(changes(rows), {t: 'fixed', 't/kernel: WARNING in known': 'fixed'});
});

t.test('now and then on the patched side alone: too few to tell, and how many more would', async (t) => {
  const attempts = [
    ...times(5, 'base', {a: 'pass'}, {kernel: seen()}),
    ...times(4, 'patched', {a: 'pass'}, {kernel: seen()}),
  ];
  const rows = compareAttempts([...attempts, attempt('patched', {a: 'pass'}, {number: 5, kernel: seen(fresh)})]);
  t.match(
    rows.find(({test}) => test === 't/kernel: WARNING in fresh'),
    {change: 'inconclusive', base: {pass: 5}, patched: {pass: 4, fail: 1}, advice: {maxRuns: Number}},
  );
});

t.test('a test that fails by itself under a splat of both sides is a regression', async (t) => {
  const attempts = both({kernel: seen(known)}, {kernel: seen(known), exit: {code: 3}});
  t.match(changes(compareAttempts(attempts)), {t: 'still-failing', 't/own result': 'regressed'});
});

t.test('a cut report is the whole one that another attempt has', async (t) => {
  const whole = {...fresh, title: 'WARNING at mm/a.c in f', frame: 'f', identity: 'WARNING at mm/a.c in f <- g'};
  const cut = {...fresh, title: 'WARNING at mm/a.c in f', frame: 'f', corrupted: 'cut: the log ends here'};
  const rows = compareAttempts(both({kernel: seen(whole)}, {kernel: seen(cut)}));
  t.equal(changes(rows)['t/kernel: WARNING at mm/a.c in f <- g'], 'still-failing');
});

t.test('a boot that warns is compared; one that does not has no row', async (t) => {
  const boot = {test: BOOT_TEST};
  const quiet = [
    ...both({kernel: seen()}, {kernel: seen()}),
    ...both({...boot, kernel: seen()}, {...boot, kernel: seen()}),
  ];
  t.notOk(compareAttempts(quiet).some(({test}) => test.startsWith(BOOT_TEST)));
  const loud = [
    ...both({kernel: seen()}, {kernel: seen()}),
    ...both({...boot, kernel: seen()}, {...boot, kernel: seen(fresh)}),
  ];
  t.equal(changes(compareAttempts(loud))[`${BOOT_TEST}/kernel: WARNING in fresh`], 'regressed');
  const once = both({...boot, kernel: seen()}, {...boot, kernel: seen(fresh)}, 1);
  t.match(testsToRepeat(compareAttempts(once)), [{test: BOOT_TEST}], 'one boot proves nothing: it is booted again');
  const others = both({...boot, kernel: seen()}, {...boot, kernel: seen()}, 1).map((one) => ({...one, repeat: 1}));
  const same = [...both({kernel: seen()}, {kernel: seen()}, 1), ...others];
  t.same(testsToRepeat(compareAttempts(same)), [], 'quiet boots of the repeats of others ask for nothing');
});

t.test('a panic in the middle of three hundred results is one finding and one row that others follow', async (t) => {
  const names = Array.from({length: 300}, (_, n) => `case ${n}`);
  const all = Object.fromEntries(names.map((name) => [name, 'pass' as const]));
  const some = Object.fromEntries(names.slice(0, 10).map((name) => [name, 'pass' as const]));
  const unseen = Object.fromEntries(names.slice(10).map((_, n) => [`missing #${n + 11}`, 'crash' as const]));
  const lost = {how: 'panic', detail: 'Kernel panic'} as const;
  const rows = markFollowers(
    compareAttempts([
      ...times(5, 'base', all, {kernel: seen()}),
      ...times(5, 'patched', {...some, ...unseen}, {lost, kernel: seen({kind: 'panic', title: 'Kernel panic: x'})}),
    ]),
  );
  t.same(titles(rows).length, 1);
  t.match(titles(rows)[0], /x86_64 s:t: regressed .*, and 290 of its subtests with it/);
  t.equal(rows.filter(({test}) => test.includes('missing #')).length, 0);
  t.equal(rows.filter(({follows, kernel}) => follows === 't' && !kernel).length, 290);
  t.match(
    rows.find(({test}) => test === 't')?.reason,
    /kernel panic: Kernel panic; the kernel printed: Kernel panic: x; 290 planned results never came/,
  );
});

t.test('records of what kernels said, each identity once a side', async (t) => {
  const allowed = [{splat: splat(known), reason: 'known', link: 'https://x', expires: '2030-01-01'}];
  const records = splatRecords(both({kernel: {...seen(), allowed}}, {kernel: seen(fresh)}), (side) => side);
  t.match(records, [
    {side: 'base', title: known.title, times: 5, attempts: 5, allowed: {reason: 'known'}},
    {side: 'patched', title: fresh.title, attempts: 5},
  ]);
});

t.test('what a kernel prints is weighed among all rows, as any result is', async (t) => {
  const rows = compareAttempts(both({kernel: seen()}, {kernel: seen(fresh)}));
  const {adjusted = 1, pValue} = rows.find(({test}) => test === 't/kernel: WARNING in fresh') ?? {};
  t.equal(pValue?.toPrecision(2), '0.0079');
  const noisy = (test: string): Attempt[] => [
    ...times(2, 'base', {a: 'fail'}, {test}),
    ...times(3, 'base', {a: 'pass'}, {test}),
    ...times(3, 'patched', {a: 'fail'}, {test}),
    ...times(2, 'patched', {a: 'pass'}, {test}),
  ];
  const coins = Array.from({length: 9}, (_, index) => noisy(`noise${index}`)).flat();
  const among = compareAttempts([...both({kernel: seen()}, {kernel: seen(fresh)}), ...coins]);
  const row = among.find(({test}) => test === 't/kernel: WARNING in fresh');
  t.ok((row?.adjusted ?? 0) > adjusted, 'coins cost it');
  t.match(row, {change: 'inconclusive', kernel: true, open: true});
});
