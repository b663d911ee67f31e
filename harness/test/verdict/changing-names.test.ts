// SPDX-License-Identifier: MIT
/** Names with a number that is another one in each attempt. */
import t from 'tap';
import {printed} from './fixture.js';
import {FAILED, judge, ok, type Run, run} from './runs.js';

const rowsOf = ({comparisons}: ReturnType<typeof judge>) =>
  comparisons.map(({test, change, base, patched}) => `${test} ${change} ${base.pass}-${patched.pass}`);
/** So many first attempts a side, by the number of the attempt. */
const attempts = (count: number, base: (n: number) => Run, patched: (n: number) => Run) =>
  judge(
    Array.from({length: count}, (_, index) => index + 1).flatMap((number) =>
      (
        [
          ['base', base],
          ['patched', patched],
        ] as const
      ).map(([side, of]) => {
        const [output, more = {}] = of(number);
        return printed(side, output, {...more, number});
      }),
    ),
  );

t.test('one result whose name holds a value is one row, and told', async (t) => {
  const named: [string, (n: number) => string, string][] = [
    ['a process', (n) => `child pid ${300 + 7 * n} exits`, 'child pid * exits'],
    ['an address', (n) => `mmap at 0x7f${(1000 + 31 * n).toString(16)}000`, 'mmap at *'],
    ['an address without 0x', (n) => `page ffff88810${(10 + n).toString(16)}e0000`, 'page *'],
    ['a duration', (n) => `woke after ${(n * 0.137).toFixed(3)} ms`, 'woke after * ms'],
    ['a time of day', (n) => `started 12:${10 + (n % 50)}:17`, 'started *'],
    ['a size', (n) => `heap [${1000 + n} kB]`, 'heap [* kB]'],
    ['a long number', (n) => `worker ${4000 + 17 * n}`, 'worker *'],
    ['a process beside a number that counts', (n) => `case 2 of pid ${300 + n}`, 'case 2 of pid *'],
  ];
  for (const [what, name, row] of named) {
    const seen = attempts(
      3,
      (n) => ok('a', name(n), 'z'),
      (n) => ok('a', name(n + 25), 'z'),
    );
    t.same(rowsOf(seen), ['t/a unchanged 3-3', `t/${row} unchanged 3-3`, 't/z unchanged 3-3'], what);
    t.equal(seen.verdict, 'good');
    t.same(
      seen.findings.map(({severity, kind, title}) => [severity, kind, title]),
      [['info', 'changing-name', `x86_64 s:t/${row}: its name changes from run to run, and counts as one`]],
    );
    t.match(seen.findings[0]?.detail, `6 names, such as \`${name(1)}\`, \`${name(26)}\`, \`${name(2)}\`. There is one`);
    t.same(seen.asked, ['t']);
  }
});

t.test('with what is below it', async (t) => {
  const nested = (n: number): Run => [
    `KTAP version 1|1..1|    KTAP version 1|    1..2|    ok 1 x|    ok 2 y|ok 1 pid ${300 + n}`,
  ];
  t.same(rowsOf(attempts(3, nested, (n) => nested(n + 50))), [
    't/pid * unchanged 3-3',
    't/pid */x unchanged 3-3',
    't/pid */y unchanged 3-3',
  ]);
});

t.test('a failure in such a row is counted like any other', async (t) => {
  const name = (n: number): string => `child pid ${300 + n}`;
  const bad = (n: number): Run => [`TAP version 13|1..2|ok 1 a|not ok 2 ${name(n + 50)}`, FAILED];
  const seen = run((n) => ok('a', name(n)), bad, 5);
  t.equal(seen.verdict, 'bad');
  t.ok(seen.rows.includes('t/child pid * regressed'));
  t.same(seen.asked, ['t', 't'], 'the name of the finding is no name that -t could have');
  const gone = run(
    (n) => ok('a', name(n)),
    () => ok('a'),
    5,
  );
  t.equal(gone.verdict, 'bad', 'nor may it fall silent');
  t.ok(gone.rows.includes('t/child pid * gone'));
  const stops = run(
    (n) => ok('a', name(n)),
    () => ['TAP version 13|1..2|ok 1 a', FAILED],
    5,
  );
  t.equal(stops.verdict, 'bad', 'the plan says that it is missing');
  t.ok(stops.rows.includes('t/child pid * gone'));
});

t.test('two tests never become one', async (t) => {
  const kept: [string, (n: number) => Run, (n: number) => Run][] = [
    [
      'cases, of which one attempt stopped early',
      (n) => (n === 2 ? ok('case 100') : ok('case 100', 'case 200', 'case 300')),
      () => ok('case 100', 'case 200', 'case 300'),
    ],
    ['one case or another', (n) => ok(`case ${n % 2}`), (n) => ok(`case ${n % 2}`)],
    ['one of two delays', (n) => ok(`sleeps ${100 + 100 * (n % 2)} ms`), (n) => ok(`sleeps ${100 + 100 * (n % 2)} ms`)],
    ['one of three long numbers', (n) => ok(`case ${100 + (n % 3)}`), (n) => ok(`case ${100 + (n % 3)}`)],
    [
      'parameters',
      () => ok('at 0x10000000', 'at 0x20000000', 'at 0x30000000'),
      () => ok('at 0x10000000', 'at 0x20000000', 'at 0x30000000'),
    ],
    [
      'a parameter of three, one of which comes late',
      (n) => ok('1 ms', '2 ms', `${n} ms`),
      (n) => ok('1 ms', '2 ms', `${n} ms`),
    ],
  ];
  for (const [what, base, patched] of kept) {
    const seen = attempts(8, base, patched);
    t.same(
      seen.comparisons.filter(({changingName}) => changingName?.folded).map(({test}) => test),
      [],
      what,
    );
    t.not(seen.verdict, 'bad');
  }
  const renamed = attempts(
    5,
    () => ok('a', 'at 0x10000000'),
    () => ok('a', 'at 0x20000000'),
  );
  t.same(
    rowsOf(renamed),
    ['t/a unchanged 5-5', 't/at 0x10000000 gone 5-0', 't/at 0x20000000 new 0-5'],
    'a new name is the series’',
  );
  const both = attempts(
    4,
    (n) => ok(`pid ${300 + n}`, 'pid *'),
    (n) => ok(`pid ${400 + n}`, 'pid *'),
  );
  t.ok(rowsOf(both).includes('t/pid * unchanged 4-4'), 'a name that the test gives itself stays alone');
});

t.test('sizes that a test was given are names, also one in each attempt', async (t) => {
  const sizes = [64, 2048, 32768, 1048576];
  const one = (of: (size: number) => string) => (n: number) => ok('a', of(sizes[n % 4] ?? 0));
  for (const of of [
    (size: number) => `hugetlb ${size}kB`,
    (size: number) => `folio of ${size} pages`,
    (size: number) => `align ${size} B`,
  ]) {
    const seen = attempts(8, one(of), one(of));
    t.same(
      seen.rows.slice(1),
      [1, 2, 3, 0].map((n) => `t/${of(sizes[n] ?? 0)} flaky`),
    );
  }
  const five = attempts(
    5,
    (n) => ok(`map ${2 ** (9 + n)} kB`),
    (n) => ok(`map ${2 ** (14 + n)} kB`),
  );
  t.notOk(
    five.comparisons.some(({changingName}) => changingName?.folded),
    'nor as long numbers',
  );
  const measured = attempts(
    3,
    (n) => ok(`heap of ${1021 + n} kB`),
    (n) => ok(`heap of ${1030 + n} kB`),
  );
  t.notOk(
    measured.comparisons.some(({changingName}) => changingName?.folded),
    'and a measured one that looks so',
  );
  t.not(measured.verdict, 'bad');
});

t.test('a process has another number on each side, as one kernel starts one thread more', async (t) => {
  for (const first of [1, 4]) {
    const seen = run(
      () => ok('a', 'child pid 300'),
      () => ok('a', 'child pid 301'),
      first,
    );
    t.equal(seen.verdict, 'good');
    t.same(seen.rows, ['t/a unchanged', 't/child pid * unchanged']);
  }
  const failing = run(
    () => ok('a', 'child pid 300'),
    () => ['TAP version 13|1..2|ok 1 a|not ok 2 child pid 301', FAILED],
    4,
  );
  t.same(failing.rows, ['t/a unchanged', 't/child pid * regressed']);
  const two = attempts(
    5,
    () => ok('kill pid 1', 'kill pid 2'),
    () => ok('kill pid 1'),
  );
  t.same(rowsOf(two), ['t/kill pid 1 unchanged 5-5', 't/kill pid 2 gone 5-0'], 'two in one attempt are two');
});

t.test('what cannot be one row is not compared, and never green when it fails', async (t) => {
  const two = (n: number): Run => ok('a', `worker ${1000 + 2 * n}`, `worker ${1001 + 2 * n}`);
  const quiet = run(two, (n) => two(n + 500), 5);
  t.equal(quiet.verdict, 'good');
  t.equal(quiet.runs, 5, 'and nothing is repeated');
  t.same(rowsOf(quiet), ['t/a unchanged 5-5', 't/[names that change] unchanged 5-5']);
  t.same(
    quiet.findings.map(({severity, kind, title}) => [severity, kind, title]),
    [['info', 'changing-name', 'x86_64 s:t: the names of 20 results change from run to run: they cannot be compared']],
  );
  const bad = (n: number): Run => [
    `TAP version 13|1..3|ok 1 a|not ok 2 worker ${3000 + n}|ok 3 worker ${4000 + n}`,
    FAILED,
  ];
  const failing = run(two, bad, 5);
  t.equal(failing.verdict, 'inconclusive');
  t.equal(failing.runs, 5);
  t.equal(
    run(two, (n) => (n === 3 ? bad(n) : two(n + 500)), 5).verdict,
    'inconclusive',
    'in one attempt of the patched side',
  );
  t.equal(
    run(
      (n) => (n === 3 ? bad(n) : two(n)),
      (n) => two(n + 500),
      5,
    ).verdict,
    'good',
    'of base only',
  );
  t.equal(run(two, () => ok('a'), 5).verdict, 'inconclusive', 'and it is not green when they are lost');
  const random = run(
    (n) => ok('a', `tmp.${'xyzzy'.slice(n % 5)}${'plugh'.slice(n % 3)}`),
    (n) => ok('a', `tmp.q${'w'.repeat(n)}`),
    5,
  );
  t.not(random.verdict, 'bad', 'letters');
});

t.test('a plan that shrinks in single attempts is no name that changes', async (t) => {
  const seen = judge([printed('base', ok('a', 'b', 'c', 'd')[0]), printed('patched', ok('a')[0])]);
  t.same(seen.rows, ['t/a unchanged', 't/b inconclusive', 't/c inconclusive', 't/d inconclusive']);
});
