// SPDX-License-Identifier: MIT
import t from 'tap';
import {changeLines} from '../../../reports/changes.js';
import type {KernelChange} from '../../verdict/kernel-change.js';

const change = (more: Partial<KernelChange>): KernelChange => ({
  ...{arch: 'arm64', same: false, because: 'it changed', notHeld: [], symbols: []},
  ...more,
});
const symbols = (n: number): KernelChange['symbols'] =>
  Array.from({length: n}, (_, i) => ({change: 'changed', kind: 'function', name: `f${i}`, file: 'mm/a.c'}));

t.test('what changed in a kernel, in one line', (t) => {
  const line = (more: Partial<KernelChange>): string | undefined => changeLines([change(more)])[0];
  t.equal(line({symbols: symbols(1)}), 'arm64: changed in the kernel: f0 (mm/a.c)');
  t.match(line({symbols: symbols(9)}), /f5 \(mm\/a\.c\), and 3 more$/);
  t.match(line({symbols: symbols(6), omitted: 40}), /and 40 more$/);
  const data = {change: 'added', kind: 'data', name: 'd', file: 'mm/a.c'} as const;
  t.equal(line({symbols: [data, ...symbols(1)]}), 'arm64: changed in the kernel: f0 (mm/a.c), added d (mm/a.c)');
  t.match(line({}), /no symbol, but what is between them$/);
  t.match(line({symbolsUnknown: 'an old base'}), /not known: an old base$/);
  t.match(line({same: true, because: '--force'}), /all the same: --force$/);
  t.same(changeLines([{arch: 'arm64', same: true, notHeld: [], symbols: []}]), [], 'a finding says it');
  t.end();
});
