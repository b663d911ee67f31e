// SPDX-License-Identifier: MIT
/** Whether a result is there is an outcome like another, and is counted on both sides alike. */
import t from 'tap';
import type {Attempt} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf} from '../../verdict/findings.js';
import {printed} from './fixture.js';
import {always, DIED, FAILED, judge, KILLED, LOST, type Run, run, SLOW} from './runs.js';

const WHOLE: Run = ['TAP version 13|1..3|ok 1 a|ok 2 b|ok 3 c'];
const NESTED: Run = ['KTAP version 1|1..2|    KTAP version 1|    1..2|    ok 1 x|    ok 2 y|ok 1 deep|ok 2 last'];

/** How base ends inside its plan, what the series makes of it, and the rows that must come out. */
const REPAIRS: [string, Run, Run, string[]][] = [
  [
    'a bail out',
    ['TAP version 13|1..3|ok 1 a|Bail out! no memory', FAILED],
    WHOLE,
    ['t fixed', 't/a unchanged', 't/b fixed', 't/c fixed'],
  ],
  ['exit 1', ['TAP version 13|1..3|ok 1 a', FAILED], WHOLE, ['t/a unchanged', 't/b fixed', 't/c fixed']],
  ['exit 0', ['TAP version 13|1..3|ok 1 a'], WHOLE, ['t/a unchanged', 't/b fixed', 't/c fixed']],
  [
    'a signal, seen by a shell',
    ['TAP version 13|1..3|ok 1 a', DIED],
    WHOLE,
    ['t fixed', 't/a unchanged', 't/b fixed', 't/c fixed'],
  ],
  ['a signal', ['TAP version 13|1..3|ok 1 a', KILLED], WHOLE, ['t fixed', 't/a unchanged', 't/b fixed', 't/c fixed']],
  [
    'the time limit',
    ['TAP version 13|1..3|ok 1 a', SLOW],
    WHOLE,
    ['t fixed', 't/a unchanged', 't/b fixed', 't/c fixed'],
  ],
  ['a lost guest', ['TAP version 13|1..3|ok 1 a', LOST], WHOLE, ['t fixed', 't/a unchanged', 't/b fixed', 't/c fixed']],
  ['a gap', ['TAP version 13|1..3|ok 1 a|ok 3 c'], WHOLE, ['t/a unchanged', 't/b fixed', 't/c unchanged']],
  ['an order of its own', ['TAP version 13|1..3|ok 1 c', FAILED], WHOLE, ['t/a fixed', 't/b fixed', 't/c unchanged']],
  [
    'counting from 0',
    ['TAP version 13|1..3|ok 0 a', FAILED],
    ['TAP version 13|1..3|ok 0 a|ok 1 b|ok 2 c'],
    ['t/a unchanged', 't/b fixed', 't/c fixed'],
  ],
  [
    'no plan',
    ['TAP version 13|ok 1 a', FAILED],
    ['TAP version 13|ok 1 a|ok 2 b'],
    ['t fixed', 't/a unchanged', 't/b new'],
  ],
  [
    'a level below',
    ['KTAP version 1|1..2|    KTAP version 1|    1..2|    ok 1 x', FAILED],
    NESTED,
    ['t/deep fixed', 't/deep/x unchanged', 't/deep/y fixed', 't/last fixed'],
  ],
  [
    'a level below, and a guest that is lost',
    ['KTAP version 1|1..2|    KTAP version 1|    1..2|    ok 1 x', LOST],
    NESTED,
    ['t fixed', 't/deep fixed', 't/deep/x unchanged', 't/deep/y fixed', 't/last fixed'],
  ],
  [
    'a second document',
    ['TAP version 13|1..1|ok 1 a|TAP version 13|1..2|ok 1 b', FAILED],
    ['TAP version 13|1..1|ok 1 a|TAP version 13|1..2|ok 1 b|ok 2 c'],
    ['t/a unchanged', 't/b unchanged', 't/c fixed'],
  ],
];

for (const [name, base, patched, rows] of REPAIRS) {
  t.test(`base ends inside its plan, the series repairs it: ${name}`, async (t) => {
    for (const first of [1, 4]) {
      const seen = run(always(base), always(patched), first);
      t.equal(seen.verdict, 'good', `${first} first attempts`);
      t.same([...seen.rows].sort(), rows);
      t.same(
        seen.findings.filter(({severity}) => severity !== 'info'),
        [],
      );
    }
    const back = run(always(patched), always(base), 4);
    t.equal(back.verdict, 'bad', 'and the other way round it is bad');
    const once = run((n) => (n === 1 ? base : patched), always(patched), 9);
    t.equal(once.verdict, 'good', 'in one of nine attempts');
    t.same(
      once.rows.filter((row) => !/ (?:unchanged|flaky|new)$/.test(row)),
      [],
    );
  });
}

t.test('base gives nothing, and with the series it counts from 0', async (t) => {
  const nothing: Run = ['TAP version 13|1..3|Bail out! no memory', FAILED];
  const seen = run(always(nothing), always(['TAP version 13|1..3|ok 0 a|ok 1 b|ok 2 c']), 4);
  t.equal(seen.verdict, 'good');
  t.same([...seen.rows].sort(), ['t fixed', 't/a fixed', 't/b fixed', 't/c fixed']);
  const shrunk = run(always(nothing), always(['TAP version 13|1..2|ok 1 a|ok 2 b']), 4);
  t.ok(shrunk.rows.includes('t/missing #3 gone'), 'a promise that nobody keeps stays one');
});

t.test('ksft_exit_skip() behind a plan, which the series makes run', async (t) => {
  for (const output of [
    'TAP version 13|1..3|ok 2 # SKIP need root',
    'TAP version 13|1..3|not ok 1 # SKIP need root',
    'TAP version 13|1..3|1..0 # SKIP need root',
    'TAP version 13|1..3|# need root',
  ]) {
    const skip: Run = [output, {exit: {code: 4}}];
    for (const first of [1, 4]) t.equal(run(always(skip), always(WHOLE), first).verdict, 'good', output);
    t.equal(run((n) => (n === 1 ? skip : WHOLE), always(WHOLE), 4).because, 'only flaky tests passed');
    const lost = run(always(WHOLE), always(skip), 4);
    t.equal(lost.verdict, 'bad');
    t.ok(lost.rows.includes('t/a skip-regressed'));
  }
});

t.test('nothing that base gives always may fall silent', async (t) => {
  const ten = `TAP version 13|1..10|${Array.from({length: 10}, (_, n) => `ok ${n + 1} s${n + 1}`).join('|')}`;
  const eight = ten.split('|').slice(0, 10);
  const shrunk: Run = [eight.join('|').replace('1..10', '1..8')];
  const stopped: Run = [eight.join('|')];
  for (const [name, patched] of [
    ['its plan shrinks', shrunk],
    ['it stops inside its plan', stopped],
  ] as const) {
    for (const first of [1, 4]) {
      const seen = run(always([ten]), always(patched), first);
      t.equal(seen.verdict, 'bad', name);
      t.same(
        seen.rows.filter((row) => row.endsWith('gone')),
        ['t/s9 gone', 't/s10 gone'],
      );
    }
  }
  const promised = run(always([`${eight.join('|')}`]), always(shrunk), 4);
  t.same(
    promised.rows.filter((row) => !row.endsWith('unchanged')),
    ['t/missing #9 gone', 't/missing #10 gone'],
    'a promise',
  );
  t.same([...new Set(promised.asked)], ['t'], 'nobody can ask for a number that never came');
  t.same(
    promised.comparisons.filter(({unnamed}) => unnamed).map(({test}) => test),
    ['t/missing #9', 't/missing #10'],
  );
});

t.test('who asks for a row by -t asks for what it is a part of, where a name of ours is in it', async (t) => {
  const seen = (output: string): (readonly [string, string | undefined])[] =>
    compareAttempts((['base', 'patched'] as const).map((side) => printed(side, output))).map(
      ({test, selects}) => [test, selects] as const,
    );
  t.same(
    seen('KTAP version 1|1..2|    KTAP version 1|    1..2|    ok 1 x|ok 1 deep'),
    [
      ['t/deep', undefined],
      ['t/deep/x', undefined],
      ['t/deep/missing #2', 't/deep'],
      ['t/missing #2', 't'],
    ],
    'promised, and never came',
  );
  t.same(
    seen('KTAP version 1|1..2|ok 1 a|    KTAP version 1|    1..1|    ok 1 x'),
    [
      ['t/a', undefined],
      ['t/missing #2', 't'],
      ['t/missing #2/x', 't'],
    ],
    'and what came below it',
  );
  t.same(
    seen('KTAP version 1|1..2|not ok 1 missing \\#4|ok 2 [names that change]'),
    [
      ['t/missing #4', undefined],
      ['t/[names that change]', undefined],
    ],
    'a test may call its results so',
  );
});

t.test('a placeholder and the name of its number are one row, with the counts of both', async (t) => {
  const {comparisons} = judge(
    Array.from({length: 4}, (_, n) => [
      printed('base', 'TAP version 13|1..3|ok 1 a', {number: n + 1}),
      printed('patched', WHOLE[0], {number: n + 1}),
    ]).flat(),
  );
  const row = comparisons.find(({test}) => test === 't/b');
  t.same(row?.base, {pass: 0, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 4});
  t.same(row?.outcomes, {base: 'mmmm', patched: 'pppp'});
  t.match(row?.reason, /: the plan of line 2 says 1\.\.3, and 1 came$/);
});

const EXTRA: Run = ['TAP version 13|1..3|ok 1 a|ok 2 b|ok 3 second look'];
const USUAL: Run = ['TAP version 13|1..2|ok 1 a|ok 2 b'];
const BAD_EXTRA: Run = ['TAP version 13|1..3|ok 1 a|ok 2 b|not ok 3 second look', FAILED];

t.test('a result that comes now and then', async (t) => {
  const rowsOf = (seen: ReturnType<typeof judge>) => seen.comparisons.filter(({test}) => test === 't/second look');
  const fixed = (base: readonly Run[], patched: readonly Run[]) =>
    judge([
      ...base.map(([out, more], n) => printed('base', out, {...more, number: n + 1})),
      ...patched.map(([out, more], n) => printed('patched', out, {...more, number: n + 1})),
    ]);
  const three = [USUAL, USUAL, USUAL];
  const once = fixed([EXTRA, ...three], [USUAL, ...three]);
  t.equal(once.verdict, 'good');
  const [row] = rowsOf(once);
  t.same(row?.base, {pass: 1, fail: 0, skip: 0, timeout: 0, crash: 0, missing: 0, absent: 3});
  t.same([row?.change, row?.pValue, row?.asked], ['flaky', 1, 'absences'], '1 of 4 against 0 of 4 is p = 1');
  t.match(row?.reason, 'comes in 1 of 4 attempts on base, 0 of 4 patched');
  t.match(once.findings[0]?.title, 't/second look: flaky (came: base 1/4, patched 0/4, p=1');

  t.equal(fixed([...three, ...three, ...three], [...three, ...three, ...three].with(4, EXTRA)).verdict, 'good');
  const failing = fixed([...three, ...three], [...three, ...three].with(2, BAD_EXTRA));
  t.equal(failing.verdict, 'inconclusive', 'it fails, in one attempt of the patched side only');
  t.match(rowsOf(failing)[0]?.reason, 'only the patched side has it, in 1 of 6 attempts, and it fails in 1 of 1');

  t.equal(run(always(EXTRA), always(USUAL), 1).verdict, 'bad', 'base gives it always, the series never');
  t.same(rowsOf(run(always(EXTRA), always(USUAL), 1))[0]?.change, 'gone');
  t.same(rowsOf(run(always(USUAL), always(BAD_EXTRA), 1))[0]?.change, 'new');
  const rarer = run(always(EXTRA), (n) => (n % 5 === 1 ? EXTRA : USUAL), 5);
  t.equal(rarer.verdict, 'bad');
  t.match(rowsOf(rarer)[0], {change: 'regressed', asked: 'absences', reason: /^comes less often: comes in /});
  const more = run((n) => (n % 5 === 1 ? EXTRA : USUAL), always(EXTRA), 5);
  t.equal(more.verdict, 'good');
  t.match(rowsOf(more)[0], {change: 'fixed', asked: 'absences', reason: /^comes more often: comes in /});
});

t.test('what an attempt says does not depend on those beside it', async (t) => {
  /** `x` gives the result, `-` does not. */
  const sum = (base: string, patched: string) => {
    const of = (side: 'base' | 'patched', letters: string): Attempt[] =>
      [...letters].map((letter, n) => printed(side, (letter === 'x' ? EXTRA : USUAL)[0], {number: n + 1}));
    const row = compareAttempts([...of('base', base), ...of('patched', patched)]).find(
      ({test}) => test === 't/second look',
    );
    return {
      pass: (row?.base.pass ?? 0) + (row?.patched.pass ?? 0),
      absent: (row?.base.absent ?? 0) + (row?.patched.absent ?? 0),
      missing: (row?.base.missing ?? 0) + (row?.patched.missing ?? 0),
    };
  };
  for (const [base = '', patched = ''] of [
    ['xx--', '----'],
    ['----', '-xx-'],
    ['x---', '---x'],
    ['--', 'xx----'],
  ])
    t.same(sum(base, patched), {pass: 2, absent: 6, missing: 0}, `${base} ${patched}`);
});

t.test('one tree, no base: what comes now and then is told', async (t) => {
  const attempts = [EXTRA, USUAL, USUAL].map(([output], n) => printed('base', output, {number: n + 1}));
  const comparisons = compareAttempts(attempts, {single: true});
  const [finding, ...others] = findingsOf({comparisons, builds: [], guests: []}, () => '');
  t.same(others, []);
  t.equal(finding?.title, 'x86_64 s:t/second look: flaky (came 1/3)');
  t.equal(finding?.detail, 'comes in 1 of 3 attempts');
});
