// SPDX-License-Identifier: MIT
import t from 'tap';
import {changesOf, readHostState} from '../../../scripts/host-state.js';

t.test('a host that nobody changes is as it was', async (t) => {
  t.same(changesOf(readHostState(), readHostState()), []);
  t.ok(readHostState().has('sysctl vm/swappiness'), 'settings are looked at');
  t.ok(
    [...readHostState().keys()].some((key) => key.startsWith('mount ')),
    'mounts are looked at',
  );
});

t.test('what came, went and changed is told', async (t) => {
  const before = new Map([
    ['mount none /mnt tmpfs', 'there'],
    ['sysctl vm/swappiness', '60'],
    ['sysctl vm/overcommit_memory', '0'],
  ]);
  const after = new Map([
    ['sysctl vm/swappiness', '10'],
    ['sysctl vm/overcommit_memory', '0'],
    ['swap /dev/zram0 partition', 'there'],
  ]);
  t.same(changesOf(before, after), [
    'mount none /mnt tmpfs: gone',
    'swap /dev/zram0 partition: there now',
    'sysctl vm/swappiness: was 60, is 10',
  ]);
});
