// SPDX-License-Identifier: MIT
import t from 'tap';
import {judgeSentinel} from '../../sentinel/judge.js';
import type {Sentinel} from '../../sentinel/sentinel.js';
import {compareAttempts} from '../../verdict/compare.js';
import type {BuildRecord, Finding, Results} from '../../verdict/results.js';
import {exampleResults} from '../reports/fixture.js';
import {attempt, times} from '../verdict/fixture.js';

const WARNING = {
  kind: 'warning',
  file: 'mm/x.c',
  line: 3,
  column: 5,
  text: 'unset',
  option: '-Wmaybe-uninitialized',
} as const;

function build(side: 'base' | 'patched', more: Partial<BuildRecord> = {}): BuildRecord {
  return {
    ...{arch: 'x86_64', side, status: 'ok', seconds: 1, cached: false, compiler: 'gcc', release: '6.12', objects: 1},
    ...{newWarnings: [], errors: [], absentSymbols: []},
    ...more,
  };
}

const results = (more: Partial<Results>): Results => ({
  ...exampleResults(),
  ...{comparisons: [], findings: [], builds: [build('base'), build('patched')]},
  ...more,
});
const sentinel = (expect: Sentinel['expect'], run: Sentinel['run'] = []): Sentinel => ({
  ...{name: 'n', directory: '/n', thread: 't', summary: 's', applies: ['6.12'], expect, run},
});
const judge = (one: Sentinel, seen: Results) => judgeSentinel(one, seen, (profile) => profile);
const RACE = {suite: 's', test: 't/race', profiles: ['x86_64'], change: 'regressed'} as const;
const finding = (kind: Finding['kind'], more: Partial<Finding> = {}): Finding => ({
  ...{kind, severity: 'warning', title: `it is ${kind}`, reproduce: ''},
  ...more,
});
const runs = (base: 'pass' | 'fail' | 'skip', patched: 'pass' | 'fail' | 'skip', n = 5): Results =>
  results({
    comparisons: compareAttempts([
      ...times(n, 'base', {race: base, calm: 'pass'}, {exit: {code: base === 'fail' ? 1 : 0}}),
      ...times(n, 'patched', {race: patched, calm: 'pass'}, {exit: {code: patched === 'fail' ? 1 : 0}}),
    ]),
  });

t.test('detected: the change came, with k of n on each side', (t) => {
  const seen = judge(sentinel([RACE]), runs('pass', 'fail'));
  t.equal(seen.outcome, 'detected');
  t.match(seen.rows, [
    {what: 's:t/race', outcome: 'detected', base: {failed: 0, of: 5}, patched: {failed: 5, of: 5}, testSeconds: 10},
  ]);
  const any = judge(sentinel([{...RACE, test: 't'}]), runs('pass', 'fail'));
  t.match(any.rows, [{what: 's:t/race', outcome: 'detected'}], 'a test stands for its subtests');
  t.match(
    judge(sentinel([{...RACE, test: 't/rac'}]), runs('pass', 'fail')).outcome,
    'missed',
    'and not for its namesakes',
  );
  t.end();
});

t.test('missed: it passed, was skipped, or failed too seldom; and the word for what came', (t) => {
  const rows: [Results, RegExp][] = [
    [runs('pass', 'pass'), /^unchanged/],
    [runs('skip', 'skip'), /^unchanged: .*race skip$/],
    [runs('fail', 'fail'), /^still-failing/],
    [
      runs('pass', 'fail', 2),
      /^inconclusive, p=0\.33: .*; a new run with --max-runs 6 would find a difference of this size with a chance of 90 %, if the rates stay as seen$/,
    ],
    [results({}), /^no result of it$/],
    [results({findings: [finding('boot-failed', {profile: 'x86_64', severity: 'bad'})]}), /^it is boot-failed$/],
  ];
  for (const [seen, words] of rows) t.match(judge(sentinel([RACE]), seen).rows, [{outcome: 'missed', seen: words}]);
  t.end();
});

t.test('not tried: the host, or a base that is no measure', (t) => {
  const rows: [Results, RegExp][] = [
    [results({findings: [finding('unsupported', {profile: 'x86_64'})]}), /unsupported/],
    [results({findings: [finding('infra')]}), /infra/],
    [results({builds: [build('base', {status: 'failed'})]}), /^base does not build for x86_64$/],
    [
      results({
        comparisons: compareAttempts([
          ...times(5, 'base', {race: 'pass'}),
          attempt('patched', {}, {notRun: {status: 'error', reason: 'no QEMU', blame: 'infra'}}),
        ]),
      }),
      /^inconclusive.*no QEMU/,
    ],
  ];
  for (const [seen, words] of rows) {
    const got = judge(sentinel([{...RACE, test: 't'}]), seen);
    t.match(got, {outcome: 'not-tried', rows: [{outcome: 'not-tried', seen: words}]});
  }
  const other = results({findings: [finding('unsupported', {profile: 'arm64'})]});
  t.equal(judge(sentinel([RACE]), other).outcome, 'missed', "another profile's trouble is no excuse");
  t.end();
});

t.test('one that is missed on one profile is missed', (t) => {
  const seen = judge(sentinel([{...RACE, profiles: ['x86_64', 'arm64']}]), runs('pass', 'fail'));
  t.equal(seen.outcome, 'missed');
  t.match(seen.rows, [
    {profile: 'x86_64', outcome: 'detected'},
    {profile: 'arm64', outcome: 'missed'},
  ]);
  t.end();
});

t.test('a finding of the build', (t) => {
  const wanted = {
    finding: 'new-warning',
    file: 'mm/x.c',
    option: '-Wmaybe-uninitialized',
    profiles: ['x86_64'],
  } as const;
  const warned = (more: Partial<BuildRecord>): Results => results({builds: [build('base'), build('patched', more)]});
  t.match(judge(sentinel([wanted]), warned({newWarnings: [WARNING]})).rows, [
    {outcome: 'detected', seen: 'mm/x.c:3: unset [-Wmaybe-uninitialized]', base: null, patched: null},
  ]);
  for (const newWarnings of [[], [{...WARNING, file: 'mm/y.c'}], [{...WARNING, option: '-Wshadow'}]]) {
    t.match(judge(sentinel([wanted]), warned({newWarnings})).rows, [{outcome: 'missed', seen: 'no new-warning'}]);
  }
  const extraWarnings = {options: [], compiled: [], notCompiled: [], seconds: 0, failed: 'objects are gone'};
  t.match(judge(sentinel([wanted]), warned({extraWarnings})).rows, [{outcome: 'not-tried', seen: 'objects are gone'}]);
  const broken = {finding: 'build-failed', file: 'mm/x.c', profiles: ['x86_64']} as const;
  const error = {...WARNING, kind: 'error'} as const;
  t.equal(judge(sentinel([broken]), warned({status: 'failed', errors: [error]})).outcome, 'detected');
  t.equal(judge(sentinel([broken]), warned({})).outcome, 'missed');
  const dead = {finding: 'boot-failed', profiles: ['x86_64']} as const;
  const boot = finding('boot-failed', {profile: 'x86_64', severity: 'bad'});
  t.equal(judge(sentinel([dead]), results({findings: [boot]})).outcome, 'detected');
  t.equal(judge(sentinel([dead]), results({findings: [{...boot, severity: 'warning'}]})).outcome, 'missed');
  t.end();
});

t.test('a control is good when its verdict is', (t) => {
  const control = sentinel([], [{suite: 's', profiles: ['x86_64']}]);
  const rows = [
    ['good', 'good'],
    ['good-in-part', 'not-tried'],
    ['bad', 'not-good'],
    ['inconclusive', 'not-good'],
    ['infra-error', 'not-tried'],
  ] as const;
  for (const [verdict, outcome] of rows) {
    const seen = judge(control, {...runs('pass', 'pass'), verdict});
    t.match(seen, {outcome, rows: [{profile: 'x86_64', outcome, patched: {failed: 0, of: 10}}]}, verdict);
  }
  t.end();
});

t.test('a suite that this tree has no symbols for is not tried, and not missed', (t) => {
  const untestable = [
    {
      profile: 'x86_64',
      arch: 'x86_64',
      suite: 's',
      where: 'tree',
      symbols: ['CONFIG_X'],
      reason: 'it has no CONFIG_X (f.config:1)',
    },
  ] as const;
  const skips = compareAttempts([attempt('base', {race: 'skip'}), attempt('patched', {race: 'skip'})]);
  const seen = results({
    comparisons: skips,
    untestable: [...untestable].map((one) => ({...one, symbols: [...one.symbols]})),
  });
  const {outcome, rows} = judge(sentinel([RACE]), seen);
  t.equal(outcome, 'not-tried');
  t.match(rows, [{seen: 'not testable on this tree: it has no CONFIG_X (f.config:1)'}]);
  t.end();
});
