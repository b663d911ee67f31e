// SPDX-License-Identifier: MIT
import t from 'tap';
import type {Attempt} from '../../suite/attempt.js';
import {compareAttempts} from '../../verdict/compare.js';
import {findingsOf, type ReproduceTarget} from '../../verdict/findings.js';
import type {BuildRecord, Finding, GuestRecord} from '../../verdict/results.js';
import {decideVerdict} from '../../verdict/verdict.js';
import {attempt, times} from './fixture.js';

const reproduce = ({kind, arch, profile, suite, test}: ReproduceTarget): string =>
  ['kverdict', kind, arch, profile, suite, test].filter(Boolean).join(' ');

function build(side: BuildRecord['side'], more: Partial<BuildRecord> = {}): BuildRecord {
  return {
    arch: 'x86_64',
    side,
    status: 'ok',
    seconds: 1,
    cached: false,
    compiler: 'gcc',
    release: '6.12',
    objects: 1,
    newWarnings: [],
    errors: [],
    absentSymbols: [],
    ...more,
  };
}

function guest(side: GuestRecord['side'], ended: GuestRecord['ended']): GuestRecord {
  return {
    name: 'g',
    profile: 'x86_64',
    side,
    accelerator: {kind: 'tcg', reason: ''},
    qemu: '10.0',
    bootSeconds: null,
    ended,
  };
}

function decide(
  attempts: Attempt[],
  {
    builds = [build('base'), build('patched')],
    guests = [],
    extra = [],
    single = false,
  }: {builds?: BuildRecord[]; guests?: GuestRecord[]; extra?: Finding[]; single?: boolean} = {},
): {verdict: string; because: string; findings: Finding[]} {
  const comparisons = compareAttempts(attempts, {single});
  const findings = [...extra, ...findingsOf({comparisons, builds, guests}, reproduce)];
  return {...decideVerdict({comparisons, findings, builds}), findings};
}

const pass = {a: 'pass'} as const;
const good = [attempt('base', pass), attempt('patched', pass)];
const error = {kind: 'error', file: 'mm/x.c', line: 3, column: 5, text: 'expected ;'} as const;
const warning = {kind: 'warning', file: 'mm/x.c', line: 3, column: 5, text: 'unused variable'} as const;
const conflict: Finding = {
  severity: 'bad',
  kind: 'series-conflict',
  title: 'patch 2/3 does not apply to mm/x.c',
  reproduce: 'git am',
};
const infra: Finding = {severity: 'warning', kind: 'infra', title: 'no space left on the cache', reproduce: ''};
const unsupported: Finding = {
  severity: 'warning',
  kind: 'unsupported',
  title: 'arm64-mte: unsupported here: self-check `mte` failed',
  reproduce: '',
  profile: 'arm64-mte',
};
const skipped = (side: Attempt['side'], profile: string): Attempt =>
  attempt(side, {}, {profile, notRun: {status: 'skip', reason: 'arm64 has no soft-dirty', blame: 'kernel'}});

const CASES: [string, ReturnType<typeof decide>, string, RegExp][] = [
  ['all passed', decide(good), 'good', /1 result passed/],
  [
    'regressed',
    decide([...times(4, 'base', pass), ...times(4, 'patched', {a: 'fail'})]),
    'bad',
    /x86_64 s:t\/a: regressed .*base 0\/4, patched 4\/4, p=0.029/,
  ],
  [
    'gone',
    decide([...good, ...times(4, 'base', {b: 'pass'}, {test: 'u'}), ...times(4, 'patched', {c: 'pass'}, {test: 'u'})]),
    'bad',
    /no result with the series/,
  ],
  [
    'skip-regressed',
    decide([...good, ...times(4, 'base', {b: 'pass'}, {test: 'u'}), ...times(4, 'patched', {b: 'skip'}, {test: 'u'})]),
    'bad',
    /skipped with the series/,
  ],
  [
    'a new test that fails',
    decide([...times(4, 'base', pass), ...times(4, 'patched', {...pass, b: 'fail'})]),
    'bad',
    /fails, and base does not have it/,
  ],
  [
    'a failure where nothing is compared',
    decide(times(1, 'patched', {...pass, b: 'fail'}), {single: true}),
    'bad',
    /t\/b: fails \(failed 1\/1\)/,
  ],
  [
    'never green: gone, a skip, a new failure, once',
    decide([
      ...good,
      attempt('base', {b: 'pass', d: 'pass'}, {test: 'u'}),
      attempt('patched', {d: 'skip', e: 'fail'}, {test: 'u'}),
    ]),
    'inconclusive',
    /3 results cannot be told apart/,
  ],
  ['series conflict', decide([], {builds: [], extra: [conflict]}), 'bad', /patch 2\/3 does not apply/],
  [
    'the series breaks the build',
    decide([], {builds: [build('base'), build('patched', {status: 'failed', errors: [error]})]}),
    'bad',
    /does not build: mm\/x.c:3:5: expected ;/,
  ],
  [
    'base does not build either',
    decide([], {builds: [build('base', {status: 'failed'}), build('patched', {status: 'failed', errors: [error]})]}),
    'inconclusive',
    /base kernel does not build/,
  ],
  [
    'the series breaks the boot',
    decide(good, {guests: [guest('base', 'ok'), guest('patched', 'boot-failed')]}),
    'bad',
    /the patched kernel does not boot/,
  ],
  [
    'base does not boot either',
    decide(good, {guests: [guest('base', 'boot-failed'), guest('patched', 'boot-failed')]}),
    'inconclusive',
    /does not boot/,
  ],
  [
    'one boot of several failed',
    decide(good, {guests: [guest('base', 'ok'), guest('patched', 'ok'), guest('patched', 'boot-failed')]}),
    'inconclusive',
    /did not boot once/,
  ],
  [
    'one tree, with nothing beside it',
    decide([attempt('patched', pass)], {single: true}),
    'good',
    /^1 result passed, and none failed$/,
  ],
  ['nothing ran', decide([]), 'inconclusive', /not one test ran/],
  [
    'nothing ran, as the only profile is unsupported',
    decide([], {extra: [unsupported]}),
    'inconclusive',
    /^not one test ran: arm64-mte: unsupported here: self-check `mte` failed$/,
  ],
  [
    'good, and one profile is unsupported',
    decide(good, {extra: [unsupported]}),
    'good',
    /none got worse; not tested, as unsupported here: arm64-mte$/,
  ],
  ['nothing ran for our own reasons', decide([], {extra: [infra]}), 'infra-error', /no space left/],
  [
    'something was judged, and something was our fault',
    decide(good, {extra: [infra]}),
    'inconclusive',
    /no space left/,
  ],
  [
    'everything skips',
    decide([attempt('base', {a: 'skip'}), attempt('patched', {a: 'skip'})]),
    'inconclusive',
    /no test passed/,
  ],
  [
    'everything fails on both sides',
    decide([attempt('base', {a: 'fail'}), attempt('patched', {a: 'fail'})]),
    'inconclusive',
    /no test passed/,
  ],
  [
    'only flaky tests passed',
    decide([attempt('base', pass), attempt('base', {a: 'fail'}), attempt('patched', pass)]),
    'inconclusive',
    /only flaky/,
  ],
  [
    'only what fails without the series too passed, once',
    decide([...times(5, 'base', {a: 'fail'}), ...times(4, 'patched', {a: 'fail'}), attempt('patched', pass)]),
    'inconclusive',
    /^1 fails with and without the series; no test passed on the patched side: what passed at times fails with and without the series$/,
  ],
  [
    'beside a pass, what passed once is not counted with it',
    decide([
      ...times(5, 'base', {a: 'fail', b: 'pass'}),
      ...times(4, 'patched', {a: 'fail', b: 'pass'}),
      attempt('patched', {a: 'pass', b: 'pass'}),
    ]),
    'good',
    /^1 result passed, 1 fails with and without the series, and none got worse$/,
  ],
  [
    'a suite of which only that passed',
    decide([
      ...good,
      ...times(5, 'base', {a: 'fail'}, {suite: 'u'}),
      ...times(4, 'patched', {a: 'fail'}, {suite: 'u'}),
      attempt('patched', pass, {suite: 'u'}),
    ]),
    'inconclusive',
    /nothing passed in x86_64 u: fails in 5 of 5 on base, 4 of 5 patched/,
  ],
  [
    'too few attempts',
    decide([attempt('base', pass), attempt('patched', {a: 'fail'})]),
    'inconclusive',
    /; a new run with --max-runs 5 would find a difference of this size with a chance of 90 %, if the rates stay as seen$/,
  ],
  [
    'declared skip beside a profile that passes',
    decide([...good, skipped('base', 'arm64'), skipped('patched', 'arm64')]),
    'good',
    /1 result passed/,
  ],
  [
    'declared skip alone',
    decide([skipped('base', 'arm64'), skipped('patched', 'arm64')]),
    'inconclusive',
    /no test passed/,
  ],
  [
    'a suite that skips itself beside one that passes',
    decide([
      ...good,
      attempt('base', {'': 'skip'}, {profile: 'arm64'}),
      attempt('patched', {'': 'skip'}, {profile: 'arm64'}),
    ]),
    'inconclusive',
    /nothing passed in arm64 s/,
  ],
  [
    'a new warning alone',
    decide(good, {builds: [build('base'), build('patched', {newWarnings: [warning]})]}),
    'good',
    /passed/,
  ],
  [
    'still failing beside passes',
    decide([
      attempt('base', {...pass, b: 'fail'}, {exit: {code: 1}}),
      attempt('patched', {...pass, b: 'fail'}, {exit: {code: 1}}),
    ]),
    'good',
    /passed/,
  ],
];

for (const [name, {verdict, because}, expected, words] of CASES) {
  t.equal(verdict, expected, name);
  t.match(because, words, `${name}: ${because}`);
}

t.test('why a kernel does not boot is in the finding, without the name of a guest', async (t) => {
  const failed = {
    ...guest('patched', 'boot-failed'),
    detail: `Guest g7 did not boot: the kernel panicked: Kernel panic - not syncing: ${'x'.repeat(300)}\n[    1.0] more`,
  };
  const [finding] = findingsOf({comparisons: [], builds: [], guests: [guest('base', 'ok'), failed]}, () => '');
  t.match(
    finding?.title,
    /^x86_64: the patched kernel does not boot: the kernel panicked: Kernel panic - not syncing: x{100,}…$/,
  );
});

t.test('findings: worst first, with a command each', async (t) => {
  const {findings} = decide(
    [...times(4, 'base', {a: 'pass', b: 'fail'}), ...times(4, 'patched', {a: 'fail', b: 'pass'})],
    {
      builds: [build('base'), build('patched', {newWarnings: [warning]})],
    },
  );
  t.same(
    findings.map(({severity, kind}) => `${severity} ${kind}`),
    ['bad regressed', 'warning new-warning', 'info fixed'],
  );
  t.equal(findings[0]?.reproduce, 'kverdict regressed x86_64 s t/a');
  t.match(findings[1]?.title, /x86_64: new warning: mm\/x.c:3:5: unused variable/);
});

t.test(
  'what fails on both sides is told as that, and as a warning where it fails in more attempts with the series',
  async (t) => {
    const told = (base: number, patched: number): string[] =>
      decide(
        (['base', 'patched'] as const).flatMap((side) => {
          const failed = side === 'base' ? base : patched;
          return [...times(failed, side, {a: 'fail'}), ...times(5 - failed, side, {a: 'pass'})];
        }),
      ).findings.map(({severity, kind, title}) => `${severity} ${kind}: ${title}`);
    const both = 'still-failing: x86_64 s:t/a: fails with and without the series';
    t.same(told(5, 5), [`info ${both} (failed: base 5/5, patched 5/5, p=1)`]);
    t.same(told(5, 4), [`info ${both} (failed: base 5/5, patched 4/5, p=1)`]);
    t.same(told(4, 5), [`warning ${both}, in more attempts with it (failed: base 4/5, patched 5/5, p=1)`]);
  },
);

t.test('a crash is one finding, not one per subtest', async (t) => {
  const many = Object.fromEntries(Array.from({length: 60}, (_, n) => [`s${n}`, 'pass' as const]));
  const lost = {how: 'panic', detail: 'Kernel panic: VFS'} as const;
  const {findings} = decide([
    ...times(4, 'base', many),
    ...times(4, 'patched', {}, {lost, exit: {code: null, endedBy: 'guest-lost'}}),
  ]);
  t.equal(findings.length, 1);
  t.match(findings[0], {
    title: /s:t: regressed .* and 60 of its subtests with it/,
    detail: /kernel panic: Kernel panic: VFS/,
  });
});

t.test('a plan that shrinks by many is one finding, which counts them', (t) => {
  const many = (n: number) => Object.fromEntries(Array.from({length: n}, (_, i) => [`r${i}`, 'pass' as const]));
  const gone = (n: number) =>
    findingsOf(
      {
        comparisons: compareAttempts([...times(5, 'base', many(10)), ...times(5, 'patched', many(10 - n))]),
        builds: [],
        guests: [],
      },
      reproduce,
    );
  t.equal(gone(5).length, 5);
  t.match(gone(9), [
    {kind: 'gone', severity: 'bad', test: 't/r1', title: /t\/r1: no result with .*, and 8 more of t$/},
  ]);
  t.equal(gone(9).length, 1);
  t.end();
});
