// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Attempt} from '../../suite/attempt.js';
import {RULES} from '../../verdict/change.js';
import {compareAttempts} from '../../verdict/compare.js';
import {testsToRepeat} from '../../verdict/needs-more.js';
import type {Comparison} from '../../verdict/results.js';
import {attempt, times} from './fixture.js';

const pass = {a: 'pass'} as const;
const fail = {a: 'fail'} as const;
const skip = {a: 'skip'} as const;
const lost = {how: 'panic', detail: 'Kernel panic'} as const;
const infra = {notRun: {status: 'error', reason: 'no space left', blame: 'infra'}} as const;

/** So many first attempts that all go alike, and so many repeats. */
const first = (n: number, repeats: number, ...[side, results]: [Attempt['side'], Parameters<typeof attempt>[1]]) => [
  ...times(n, side, results),
  ...times(repeats, side, results).map((one) => ({...one, number: n + one.number, repeat: one.number})),
];

/** Attempts, and `key change [--runs, --max-runs that a new run needs]` for every row that must come out. */
const CASES: [string, Attempt[], string[]][] = [
  ['one pass each', [attempt('base', pass), attempt('patched', pass)], ['t/a unchanged']],
  ['xfail is as good as a pass', [attempt('base', {a: 'xfail'}), attempt('patched', pass)], ['t/a unchanged']],
  ['1 against 1 decides nothing', [attempt('base', pass), attempt('patched', fail)], ['t/a inconclusive 5']],
  ['3 against 3 decides nothing', [...times(3, 'base', pass), ...times(3, 'patched', fail)], ['t/a inconclusive 5']],
  ['4 against 4 does', [...times(4, 'base', pass), ...times(4, 'patched', fail)], ['t/a regressed']],
  ['the other way round', [...times(4, 'base', fail), ...times(4, 'patched', pass)], ['t/a fixed']],
  ['fails everywhere', [...times(2, 'base', fail), ...times(2, 'patched', {a: 'timeout'})], ['t/a still-failing']],
  [
    'never passes on base, once with the series',
    [...times(20, 'base', fail), ...times(19, 'patched', fail), attempt('patched', pass)],
    ['t/a still-failing'],
  ],
  [
    'passes once on base, never with the series',
    [...times(19, 'base', fail), attempt('base', pass), ...times(20, 'patched', fail)],
    ['t/a still-failing'],
  ],
  [
    'passes always on base, and fails once with the series',
    [...times(20, 'base', pass), ...times(19, 'patched', pass), attempt('patched', fail)],
    ['t/a inconclusive'],
  ],
  [
    'fails once on base, and never with the series',
    [...times(19, 'base', pass), attempt('base', fail), ...times(20, 'patched', pass)],
    ['t/a flaky'],
  ],
  [
    'never passes on either side, and skips once',
    [...times(5, 'base', fail), ...times(4, 'patched', fail), attempt('patched', skip)],
    ['t/a still-failing 14/59'],
  ],
  [
    'never passes on either side, and does not come once on base',
    [...times(4, 'base', fail), attempt('base', {a: 'missing'}), ...times(5, 'patched', fail)],
    ['t/a still-failing 14/59'],
  ],
  [
    'fails now and then on base',
    [...times(3, 'base', pass), attempt('base', fail), ...times(4, 'patched', pass)],
    ['t/a flaky 11/45'],
  ],
  [
    'fails now and then on both',
    [...times(3, 'base', pass), attempt('base', fail), attempt('patched', pass), ...times(3, 'patched', fail)],
    ['t/a flaky 6/34'],
  ],
  [
    'fails now and then on the patched side only',
    [...times(4, 'base', pass), ...times(2, 'patched', pass), ...times(2, 'patched', fail)],
    ['t/a inconclusive 5/21'],
  ],
  [
    'only the patched side has it',
    [attempt('base', pass), attempt('patched', {...pass, b: 'pass'})],
    ['t/a unchanged', 't/b new'],
  ],
  [
    'only base has it',
    [attempt('base', {...pass, b: 'pass'}), attempt('patched', pass)],
    ['t/a unchanged', 't/b inconclusive 5'],
  ],
  [
    'and goes on so',
    [...first(1, 4, 'base', {...pass, b: 'pass'}), ...first(1, 4, 'patched', pass)],
    ['t/a unchanged', 't/b gone'],
  ],
  [
    'fixed is what never fails with the series',
    [...times(20, 'base', fail), ...times(20, 'patched', pass)],
    ['t/a fixed'],
  ],
  [
    'what still fails now and then fails less often',
    [...times(20, 'base', fail), ...times(17, 'patched', pass), ...times(3, 'patched', fail)],
    ['t/a less-often'],
  ],
  [
    'a new one that fails every time',
    [...first(1, 4, 'base', pass), ...first(1, 4, 'patched', {...pass, b: 'fail'})],
    ['t/a unchanged', 't/b new'],
  ],
  ['promised, and did not come', [attempt('base', pass), attempt('patched', {a: 'missing'})], ['t/a inconclusive 5']],
  ['promised and never came', [...first(1, 4, 'base', pass), ...first(1, 4, 'patched', {a: 'missing'})], ['t/a gone']],
  [
    'base itself gives none now and then',
    [attempt('base', pass), attempt('base', {a: 'missing'}), ...times(2, 'patched', {a: 'missing'})],
    ['t/a flaky 5/21'],
  ],
  ['skipped on both sides', [attempt('base', skip), attempt('patched', skip)], ['t/a unchanged']],
  ['skipped on base only', [attempt('base', skip), attempt('patched', pass)], ['t/a new']],
  ['a skip instead of a pass, once', [attempt('base', pass), attempt('patched', skip)], ['t/a inconclusive 5']],
  [
    'a pass that became a skip',
    [...first(1, 4, 'base', pass), ...first(1, 4, 'patched', skip)],
    ['t/a skip-regressed'],
  ],
  [
    'a skip on base that became a failure',
    [...first(1, 4, 'base', skip), ...first(1, 4, 'patched', fail)],
    ['t/a new'],
  ],
  ['a failure that became a skip', [attempt('base', fail), attempt('patched', skip)], ['t/a inconclusive']],
  [
    'skipped now and then',
    [...times(2, 'base', pass), attempt('patched', pass), attempt('patched', skip)],
    ['t/a flaky 5/21'],
  ],
  ['our fault on one side', [attempt('base', {}, infra), attempt('patched', pass)], ['t/a inconclusive']],
  ['our fault on both sides', [attempt('base', {}, infra), attempt('patched', {}, infra)], ['t inconclusive']],
  ['no base attempts at all', [attempt('patched', fail)], ['t/a inconclusive']],
  [
    'a lost guest: the subtests it did not reach crash with it',
    [...times(4, 'base', {...pass, b: 'pass'}), ...times(4, 'patched', pass, {lost})],
    ['t/a unchanged', 't/b regressed', 't regressed'],
  ],
  [
    'one attempt lacks a subtest that another had',
    [...times(4, 'base', pass), ...times(3, 'patched', pass), attempt('patched', {z: 'pass'})],
    ['t/a inconclusive 11/45', 't/z new'],
  ],
  [
    'skipped by declaration',
    [
      attempt('base', {}, {notRun: {status: 'skip', reason: 'no soft-dirty', blame: 'kernel'}}),
      attempt('patched', {}, {notRun: {status: 'skip', reason: 'no soft-dirty', blame: 'kernel'}}),
    ],
    ['t unchanged'],
  ],
];

function needed({advice}: Comparison): string {
  return advice === undefined ? '' : ` ${[advice.runs ?? [], advice.maxRuns].flat().join('/')}`;
}

for (const [name, attempts, expected] of CASES) {
  const seen = compareAttempts(attempts).map((one) => `${one.test} ${one.change}${needed(one)}`);
  t.same(seen.sort(), [...expected].sort(), name);
}

t.test('every change has a case', async (t) => {
  const seen = new Set(CASES.flatMap(([, attempts]) => compareAttempts(attempts).map(({change}) => change)));
  for (const {change} of RULES) t.ok(seen.has(change), change);
});

t.test('the words, the counts and where to look', async (t) => {
  const log = {log: 'a/t.log', console: 'a/console'};
  const [row] = compareAttempts([...times(4, 'base', pass), ...times(4, 'patched', fail, log)]);
  t.match(row, {
    profile: 'x86_64',
    suite: 's',
    test: 't/a',
    base: {pass: 4, fail: 0},
    patched: {pass: 0, fail: 4},
    reason: 'a fail',
    seconds: 8,
    evidence: {side: 'patched', ...log, diagnostics: ['# about a']},
  });
  t.ok(Math.abs((row?.pValue ?? 1) - 0.02857) < 1e-4);
  const [skipped] = compareAttempts([attempt('base', skip), attempt('patched', skip)]);
  t.equal(skipped?.pValue, null, 'skips are no runs');
  t.match(skipped?.reason, /skipped on both sides: a skip/);
  t.equal(skipped?.declaredSkip, undefined, 'a test that skips itself declared nothing');
});

t.test('what fails with and without the series says how often, and is run again while its sides differ', async (t) => {
  const rowOf = (base: Attempt[], patched: Attempt[]): Comparison | undefined =>
    compareAttempts([...base, ...patched])[0];
  const [always, once] = [times(5, 'base', fail), [...times(4, 'patched', fail), attempt('patched', pass)]];
  const differs = rowOf(always, once);
  t.equal(differs?.change, 'still-failing');
  t.equal(differs?.reason, 'fails in 5 of 5 on base, 4 of 5 patched: a fail');
  t.equal(differs?.open, true);
  t.same(testsToRepeat(compareAttempts([...always, ...once])), [{profile: 'x86_64', suite: 's', test: 't'}]);
  t.equal(rowOf(always, times(5, 'patched', fail))?.open, undefined, 'no more runs can tell those apart');
  const skips = rowOf(always, [...times(4, 'patched', fail), attempt('patched', skip)]);
  t.equal(skips?.reason, 'fails in 5 of 5 on base, 4 of 4 patched; skipped in 0 base and 1 patched attempts: a fail');
  t.equal(skips?.open, true, 'and what skips more often, too');
});

t.test('a new test that fails says so', async (t) => {
  const rows = compareAttempts([attempt('base', pass), attempt('patched', {...pass, b: 'fail'})]);
  t.match(
    rows.find(({test}) => test === 't/b'),
    {change: 'inconclusive', open: true, reason: /and it fails in 1 of 1: too few attempts/},
  );
});

t.test('one tree, no base', async (t) => {
  const rows = compareAttempts([...times(2, 'base', pass), attempt('base', fail)], {single: true});
  t.match(rows, [{change: 'new', patched: {pass: 2, fail: 1}, base: {pass: 0}, reason: /fails in 1 of 3/}]);
});

t.test('what to run again: each test once, nearest to a decision first, and only what runs can decide', async (t) => {
  const two = [attempt('base', {...pass, b: 'pass'}), attempt('patched', {a: 'fail', b: 'fail'})];
  const other = [attempt('base', pass, {test: 'u'}), attempt('patched', pass, {test: 'u'})];
  const broken = [attempt('base', {}, {...infra, test: 'v'}), attempt('patched', pass, {test: 'v'})];
  const near = [...times(3, 'base', pass, {test: 'w'}), ...times(3, 'patched', fail, {test: 'w'})];
  const flaky = ['base', 'patched'] as const;
  const even = flaky.flatMap((side) => [attempt(side, pass, {test: 'x'}), attempt(side, fail, {test: 'x'})]);
  t.same(testsToRepeat(compareAttempts([...two, ...other, ...broken, ...near, ...even])), [
    {profile: 'x86_64', suite: 's', test: 'w'},
    {profile: 'x86_64', suite: 's', test: 't'},
  ]);
  t.same(testsToRepeat([] as Comparison[]), []);
});

/** One first attempt and four repeats: what it takes to prove a thing that is always so. */
const proven = (attempts: Attempt[]): Attempt[] =>
  [0, 1, 2, 3, 4].flatMap((repeat) =>
    attempts.map((one) => (repeat === 0 ? one : {...one, number: one.number + repeat, repeat})),
  );

t.test('a test did not run as it did on base', (t) => {
  const change = (base: Attempt[], patched: Attempt[], often = proven): string[] =>
    compareAttempts(often([...base, ...patched]))
      .filter((one) => one.change !== 'unchanged')
      .map((one) => `${one.test} ${one.change}${needed(one)}`);
  const once = (attempts: Attempt[]): Attempt[] => attempts;
  const one = (side: 'base' | 'patched', results: Parameters<typeof attempt>[1], more = {}): Attempt[] => [
    attempt(side, results, more),
  ];

  t.same(change(one('base', {a: 'pass', b: 'pass'}), one('patched', {a: 'pass'})), ['t/b gone']);
  t.same(change(one('base', {a: 'pass', b: 'fail'}), one('patched', {a: 'pass'})), ['t/b gone'], 'a failing one, too');
  t.same(change(one('base', {a: 'pass', b: 'skip'}), one('patched', {a: 'pass'})), ['t/b gone'], 'and a skipped one');
  t.same(change(one('base', {a: 'pass', b: 'fail'}), one('patched', {a: 'pass'}), once), ['t/b inconclusive 5']);
  const [ten, eight] = [{a: 'pass', 'missing #2': 'missing'}, {a: 'pass'}] as const;
  t.same(
    change(one('base', ten), one('patched', eight)),
    ['t/missing #2 gone'],
    'the plan shrank, the names are the same',
  );

  const mixed = [attempt('base', {a: 'pass'}), attempt('base', {a: 'skip'}, {number: 2})];
  const skips = one('patched', {a: 'skip'});
  t.same(change(mixed, skips, once), ['t/a inconclusive 5/21'], 'base skips now and then');

  const unit = (side: 'base' | 'patched', name: string): Attempt[] => one(side, {a: 'pass'}, {test: `unit:${name}`});
  t.same(change([...unit('base', 'x'), ...unit('base', 'y')], unit('patched', 'x')), ['unit:y/a gone'], 'not listed');
  t.same(change([...unit('base', 'x'), ...unit('base', 'y')], unit('patched', 'x'), once), ['unit:y/a inconclusive 5']);
  t.same(change(unit('base', 'x'), [...unit('patched', 'x'), ...unit('patched', 'y')]), ['unit:y/a new']);
  t.same(change(unit('base', 'x'), []), ['unit:x/a inconclusive'], 'no guest of the patched side ran anything');
  t.end();
});

t.test('a name that says how the test ended is one name', (t) => {
  const rows = (base: Parameters<typeof attempt>[1], patched: Parameters<typeof attempt>[1]): string[] =>
    compareAttempts(proven([attempt('base', base), attempt('patched', patched)])).map(
      ({test, change}) => `${test} ${change}`,
    );
  t.same(rows({a: 'pass', 'p/works': 'pass'}, {a: 'pass', 'p/no way': 'skip'}), [
    't/a unchanged',
    't/p/works skip-regressed',
  ]);
  t.same(rows({'no way': 'skip'}, {works: 'pass'}), ['t/no way new'], 'and the other way round');
  t.same(rows({a: 'pass'}, {b: 'pass'}), ['t/a gone', 't/b new'], 'two that pass are two tests');
  t.same(rows({a: 'pass', b: 'pass'}, {c: 'skip'}), ['t/a gone', 't/b gone', 't/c new'], 'the places must fit');
  t.same(rows({'p/a': 'pass'}, {'q/b': 'skip'}), ['t/p/a gone', 't/q/b new'], 'and what is above them');
  t.same(rows({a: 'pass', 'only 512 kB': 'skip'}, {a: 'pass', 'only 640 kB': 'skip'}), [
    't/a unchanged',
    't/only 512 kB unchanged',
  ]);
  for (const words of [': got 5', ' (got 5)', ' - got 5', ', got 5'])
    t.same(rows({a: 'pass', [`b${words}`]: 'fail'}, {a: 'pass', b: 'pass'}), ['t/a unchanged', `t/b${words} fixed`]);
  t.same(rows({b: 'pass'}, {'b: got 5': 'fail'}), ['t/b regressed']);
  t.same(rows({'b: got 5': 'pass'}, {b: 'fail'}), ['t/b: got 5 gone', 't/b new'], 'words of one that passes');
  t.same(rows({'size 64': 'fail'}, {'size 6': 'pass'}), ['t/size 64 gone', 't/size 6 new']);
  t.same(rows({'a 2': 'fail', b: 'pass'}, {a: 'pass', b: 'pass'}), ['t/a 2 gone', 't/b unchanged', 't/a new']);
  const [row] = compareAttempts([attempt('base', {works: 'pass'}), attempt('patched', {'no way': 'skip'})]);
  t.match(row?.reason, /called `t\/no way`/);
  t.end();
});

t.test('the looks of a run, replayed from its attempts', async (t) => {
  const design = {alpha: 0.05, power: 0.9, maxRuns: 20, maxRepeats: 19};
  const changes = (repeats: number, by = design): string[] =>
    compareAttempts([...first(1, repeats, 'base', pass), ...first(1, repeats, 'patched', fail)], {design: by}).map(
      ({change, adjusted}) => `${change} ${adjusted <= by.alpha}`,
    );
  t.same(changes(0), ['inconclusive false']);
  t.same(changes(3), ['inconclusive false'], '1 in 20 is not what the rest of alpha allows');
  t.same(changes(4), ['regressed true'], 'one first attempt and four repeats: 1 in 70');
  t.same(changes(4, {...design, alpha: 0.01}), ['inconclusive false']);
  t.same(changes(7, {...design, alpha: 0.01}), ['regressed true'], '1 in 3432');
});

t.test('what was claimed stays claimed, whatever comes after it', async (t) => {
  const design = {alpha: 0.05, power: 0.9, maxRuns: 20, maxRepeats: 19};
  const later = (side: Attempt['side']) =>
    times(3, side, pass).map((one) => ({...one, number: 5 + one.number, repeat: 4 + one.number}));
  const attempts = [...first(1, 4, 'base', pass), ...first(1, 4, 'patched', fail)];
  const [row] = compareAttempts([...attempts, ...later('base'), ...later('patched')], {design});
  t.match(row, {change: 'regressed', base: {pass: 8}, patched: {pass: 3, fail: 5}});
});

t.test('subtests that fail together count once, those of other tests each', async (t) => {
  const many = Object.fromEntries(Array.from({length: 60}, (_, index) => [`s${index}`, 'pass' as const]));
  const broken = Object.fromEntries(Object.keys(many).map((name) => [name, 'fail' as const]));
  const noisy = (test: string): Attempt[] => [
    ...times(2, 'base', {a: 'fail'}, {test}),
    ...times(3, 'base', pass, {test}),
    ...times(3, 'patched', {a: 'fail'}, {test}),
    ...times(2, 'patched', pass, {test}),
  ];
  const together = [...times(5, 'base', many), ...times(5, 'patched', broken)];
  const noise = Array.from({length: 4}, (_, index) => noisy(`noise${index}`)).flat();
  const told = compareAttempts([...together, ...noise]).filter(({change}) => change === 'regressed');
  t.equal(told.length, 60, 'one pattern among four coins: 5 * 2/252 is 0.040');
  const more = Array.from({length: 9}, (_, index) => noisy(`more${index}`)).flat();
  t.equal(compareAttempts([...together, ...noise, ...more]).filter(({change}) => change === 'regressed').length, 0);
});
