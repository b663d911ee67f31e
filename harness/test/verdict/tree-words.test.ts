// SPDX-License-Identifier: MIT
import t from 'tap';
import type {GuestRecord, ProfileRecord, TreeSymbols} from '../../verdict/results.js';
import {treeLines, untestableNames} from '../../verdict/tree-words.js';
import type {Untestable} from '../../verdict/untestable.js';

const TTY = {symbol: 'CONFIG_TTY', askedBy: ['base.config:3']};
const SWAP = {symbol: 'CONFIG_SWAP', askedBy: ['swap.config:3']};
const kernel = (arch: string, side: TreeSymbols['side'], more: Partial<TreeSymbols> = {}): TreeSymbols => ({
  ...{arch, side, status: 'ok'},
  ...more,
});
const untestable = (profile: string, suite: string, more: Partial<Untestable> = {}): Untestable => ({
  ...{
    profile,
    arch: 'arm64',
    suite,
    where: 'tree',
    symbols: ['CONFIG_MTE'],
    reason: 'it has no CONFIG_MTE (mte.config:6)',
  },
  ...more,
});

t.test('a tree that has all that is asked for: not a word', (t) => {
  t.same(treeLines({builds: [kernel('x86_64', 'base'), kernel('x86_64', 'patched')]}), []);
  t.same(treeLines({builds: []}), []);
  t.end();
});

t.test('suites for one reason share a line', (t) => {
  const all = [
    untestable('arm64-mte', 'mte'),
    untestable('arm64-kvm-mte', 'kvm_mte'),
    untestable('arm64', 'new', {where: 'base', reason: 'it has no CONFIG_NEW (new.config:1)'}),
    untestable('arm64', 'old', {where: 'series', reason: 'it takes CONFIG_OLD (old.config:1) away'}),
  ];
  t.same(treeLines({builds: [], untestable: all}), [
    'not testable on this tree: mte on arm64-mte, kvm_mte on arm64-kvm-mte: it has no CONFIG_MTE (mte.config:6)',
    'not testable on base: new on arm64: it has no CONFIG_NEW (new.config:1)',
    'not testable with the series: old on arm64: it takes CONFIG_OLD (old.config:1) away',
  ]);
  t.equal(untestableNames({untestable: all}), 'mte on arm64-mte, kvm_mte on arm64-kvm-mte, old on arm64');
  t.end();
});

t.test('what every guest asks for: a boot is the proof, and only one that was seen', (t) => {
  const builds = [kernel('x86_64', 'only', {missingSymbols: [TTY]}), kernel('arm64', 'only', {missingSymbols: [TTY]})];
  const line = 'no CONFIG_TTY (base.config:3) in this tree';
  t.same(treeLines({builds}), [`${line}: a boot shows whether guests do without it`]);
  const profiles = [{name: 'arm64-mte', arch: 'arm64'}] as ProfileRecord[];
  const guest = (ended: GuestRecord['ended']): GuestRecord[] =>
    [{profile: 'arm64-mte', side: 'only', ended}] as GuestRecord[];
  t.same(treeLines({builds, profiles, guests: guest('boot-failed')}), [
    `${line}: a boot shows whether guests do without it`,
  ]);
  t.same(treeLines({builds, profiles, guests: guest('ok')}), [`${line}: guests boot without it`]);
  t.end();
});

t.test('where it is so: of one architecture, of one side', (t) => {
  const both = [kernel('x86_64', 'base'), kernel('arm64', 'base'), kernel('x86_64', 'patched')];
  const arm = kernel('arm64', 'patched', {missingSymbols: [SWAP]});
  t.same(treeLines({builds: [...both, arm]}), [], 'what a series takes away is a finding, and told there');
  const lacking = both.map((one) => (one.arch === 'arm64' ? {...one, missingSymbols: [SWAP]} : one));
  t.same(treeLines({builds: [...lacking, arm]}), [
    'no CONFIG_SWAP (swap.config:3) in the tree for arm64: no chosen suite needs it',
  ]);
  const named = untestable('arm64', 'gup', {symbols: ['CONFIG_SWAP'], reason: 'it has no CONFIG_SWAP (swap.config:3)'});
  t.same(
    treeLines({builds: [...lacking, arm], untestable: [named]}),
    ['not testable on this tree: gup on arm64: it has no CONFIG_SWAP (swap.config:3)'],
    'told once',
  );
  const renamedSymbols = [{symbol: 'CONFIG_NEW', as: 'CONFIG_OLD', askedBy: ['mm.config:1', 'swap.config:2']}];
  const renames = [
    ...['x86_64', 'arm64'].map((arch) => kernel(arch, 'base', {renamedSymbols})),
    ...['x86_64', 'arm64'].map((arch) => kernel(arch, 'patched')),
  ];
  t.same(treeLines({builds: renames}), ['CONFIG_NEW is CONFIG_OLD (mm.config:1, swap.config:2) in the tree of base']);
  t.end();
});
