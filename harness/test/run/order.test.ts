// SPDX-License-Identifier: MIT
import t from 'tap';
import {nearestFirst, reachesAny} from '../../run/order.js';
import type {Lane} from '../../run/schedule.js';
import type {KernelChange} from '../../verdict/kernel-change.js';

const lane = (profile: string, name: string, reaches: string[]): Lane =>
  ({profile, suite: {name, reaches, tests: []}}) as unknown as Lane;
const lanes = [
  lane('x86_64', 'kvm', ['arch/arm64/kvm/', 'virt/kvm/']),
  lane('arm64', 'kvm', ['arch/arm64/kvm/', 'virt/kvm/']),
  lane('x86_64', 'refs', ['mm/', 'fs/proc/task_mmu.c']),
  lane('arm64', 'refs', ['mm/', 'fs/proc/task_mmu.c']),
  lane('arm64', 'any', []),
];
const archOf = (profile: string) => profile as 'x86_64' | 'arm64';
const order = (changes: KernelChange[], touched: string[] = []): string[] =>
  nearestFirst(lanes, changes, touched, archOf).map(({profile, suite}) => `${suite.name} ${profile}`);
const change = (arch: string, files: string[], more: Partial<KernelChange> = {}): KernelChange => ({
  ...{arch, same: false, because: 'it changed', notHeld: []},
  symbols: files.map((file) => ({change: 'changed', kind: 'function', name: 'f', file})),
  ...more,
});
const AS_THEY_ARE = ['kvm x86_64', 'kvm arm64', 'refs x86_64', 'refs arm64', 'any arm64'];

t.test('what reaches a changed file of its architecture comes first, and no lane is lost', (t) => {
  t.same(order([change('arm64', ['fs/proc/task_mmu.c']), change('x86_64', [])]), [
    'refs arm64',
    ...AS_THEY_ARE.filter((name) => name !== 'refs arm64'),
  ]);
  t.same(order([change('arm64', ['fs/exec.c']), change('x86_64', ['lib/x.c'])]), AS_THEY_ARE);
  t.end();
});

t.test('where symbols are not known, touched files stand in', (t) => {
  const unknown = change('arm64', [], {symbolsUnknown: 'an old kernel'});
  t.same(order([unknown], ['virt/kvm/kvm_main.c']).slice(0, 2), ['kvm x86_64', 'kvm arm64']);
  t.same(order([change('arm64', ['mm/gup.c'], {omitted: 9}), change('x86_64', [])], ['virt/kvm/a.c'])[0], 'kvm arm64');
  t.end();
});

t.test('a folder is meant with its `/`, anything else is a file', (t) => {
  t.ok(reachesAny(['mm/'], ['mm/memory.c']));
  t.notOk(reachesAny(['mm'], ['mm/memory.c']));
  t.notOk(reachesAny(['mm/'], ['arch/x86/mm/init.c']));
  t.ok(reachesAny(['fs/proc/task_mmu.c'], ['fs/proc/task_mmu.c']));
  t.end();
});
