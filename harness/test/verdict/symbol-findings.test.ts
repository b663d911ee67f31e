// SPDX-License-Identifier: MIT
import t from 'tap';
import {findingsOf} from '../../verdict/findings.js';
import type {BuildRecord, GuestRecord} from '../../verdict/results.js';
import {symbolFindings} from '../../verdict/symbol-findings.js';
import type {Untestable} from '../../verdict/untestable.js';
import {decideVerdict} from '../../verdict/verdict.js';

const build = (side: BuildRecord['side'], more: Partial<BuildRecord> = {}): BuildRecord => ({
  ...{arch: 'arm64', side, status: 'ok', seconds: 1, cached: false, compiler: 'gcc', release: '7.3', objects: 1},
  ...{newWarnings: [], errors: [], absentSymbols: []},
  ...more,
});
const MTE = {symbol: 'CONFIG_MTE', askedBy: ['mte.config:6']};
const TTY = {symbol: 'CONFIG_TTY', askedBy: ['base.config:3']};
const again = ({arch = ''}): string => `again ${arch}`;
const lost: Untestable = {
  ...{
    profile: 'arm64-mte',
    arch: 'arm64',
    suite: 'mte',
    where: 'series',
    symbols: ['CONFIG_MTE'],
    reason: 'it takes it away',
  },
};

t.test('what base has and the patched tree does not know is bad, whatever runs', (t) => {
  const builds = [build('base', {missingSymbols: [TTY]}), build('patched', {missingSymbols: [MTE, TTY]})];
  const findings = symbolFindings({builds, untestable: [lost]}, again);
  t.same(
    findings.map(({severity, kind, title, reproduce}) => [severity, kind, title, reproduce]),
    [
      [
        'bad',
        'symbol-gone',
        'arm64: the series takes CONFIG_MTE (mte.config:6) away: not testable with it: mte on arm64-mte',
        'again arm64',
      ],
    ],
  );
  t.equal(decideVerdict({comparisons: [], findings, builds}).verdict, 'bad');
  t.end();
});

t.test('what its fragment can do without is a warning', (t) => {
  const builds = [
    build('base', {absentSymbols: ['CONFIG_OLD']}),
    build('patched', {absentSymbols: ['CONFIG_OLD', 'CONFIG_SOFT_DIRTY']}),
  ];
  t.same(
    symbolFindings({builds}, again).map(({severity, title}) => [severity, title]),
    [['warning', 'arm64: CONFIG_SOFT_DIRTY is on in base and not with the series; its fragment can do without']],
  );
  t.end();
});

t.test('nothing is told of one tree, of equal ones, and of kernels that were not built', (t) => {
  const lacks = {missingSymbols: [MTE]};
  t.same(symbolFindings({builds: [build('only', lacks)]}, again), []);
  t.same(symbolFindings({builds: [build('base', lacks), build('patched', lacks)]}, again), []);
  t.same(symbolFindings({builds: [build('base', lacks), build('patched')]}, again), [], 'a series that brings it');
  t.same(symbolFindings({builds: [build('base'), build('patched', {...lacks, status: 'failed'})]}, again), []);
  t.end();
});

t.test('a kernel that does not boot: what every guest asks for and it is without is told with it', (t) => {
  const guests: GuestRecord[] = [
    {
      ...{name: 'g1', profile: 'arm64-mte', side: 'only', ended: 'boot-failed', blame: 'kernel'},
      ...{qemu: '10', bootSeconds: null, accelerator: {kind: 'tcg', reason: ''}},
    },
  ];
  const profiles = [{name: 'arm64-mte', arch: 'arm64', qemu: '10', accelerator: null, supported: true}];
  const titles = (...missingSymbols: (typeof MTE)[]): string[] =>
    findingsOf({comparisons: [], builds: [build('only', {missingSymbols})], guests, profiles}, again).map(
      ({title}) => title,
    );
  t.same(titles(MTE, TTY), ['arm64-mte: the kernel does not boot; its tree has no CONFIG_TTY (base.config:3)']);
  t.same(titles(MTE), ['arm64-mte: the kernel does not boot']);
  t.end();
});
