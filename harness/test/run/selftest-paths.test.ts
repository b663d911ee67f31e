// SPDX-License-Identifier: MIT
import t from 'tap';
import {isRun} from '../../run/selftest-paths.js';
import type {Suite} from '../../suite/suite.js';

const mm = {programs: [{kind: 'kselftest', target: 'mm', names: ['cow']}]} as unknown as Suite;
const own = {programs: [{kind: 'own', name: 'x', sources: [], libs: []}]} as unknown as Suite;
const kvm = {programs: [], target: 'kvm'} as unknown as Suite;

t.test('a touched file counts where a selected suite runs what is made from it', (t) => {
  t.ok(isRun('tools/testing/selftests/mm/cow.c', [mm], 'x86_64'));
  t.ok(isRun('tools/testing/selftests/kselftest.h', [mm], 'x86_64'));
  t.ok(isRun('include/uapi/linux/mman.h', [own, mm], 'x86_64'));
  t.ok(isRun('tools/testing/selftests/kvm/lib/x.c', [kvm], 'arm64'));
  t.notOk(isRun('tools/testing/selftests/net/x.c', [mm, kvm], 'x86_64'), 'another target');
  t.notOk(isRun('tools/testing/selftests/mm/cow.c', [own], 'x86_64'), 'C of our own is made from nothing of the tree');
  t.notOk(isRun('tools/perf/x.c', [mm], 'x86_64'));
  t.end();
});
