// SPDX-License-Identifier: MIT
import t from 'tap';
import {cleanLogLine} from '../../klog/clean.js';

const plain = {text: 'BUG: x', stamped: true, dropped: false};
const CASES: readonly (readonly [string, object])[] = [
  ['[    5.000001] BUG: x', plain],
  ['<4>[12345.000001][  T12] BUG: x\r', {...plain, caller: 'T12'}],
  ['login: [    5.000001] BUG: x', plain],
  ['[  OK  ] Started [    5.000001][    C1] BUG: x', {...plain, caller: 'C1'}],
  ['BUG: x', {...plain, stamped: false}],
  // Too narrow for printk.
  ['took [5.000001] BUG: x', {text: 'took [5.000001] BUG: x', stamped: false, dropped: false}],
  ['** 12 printk messages dropped **', {text: '** 12 printk messages dropped **', stamped: false, dropped: true}],
  [
    'login: ** 12 printk messages dropped **',
    {text: 'login: ** 12 printk messages dropped **', stamped: false, dropped: true},
  ],
  // Of two times the later one is printk's; an older one is quoted.
  ['[    5.000000] half[    5.000001] BUG: x', plain],
  ['[    5.000000][ T1] half[    5.000001][    C1] BUG: x', {...plain, caller: 'C1'}],
  [
    '[    5.000002] it said [    5.000001] BUG: x',
    {text: 'it said [    5.000001] BUG: x', stamped: true, dropped: false},
  ],
  ['** 1 printk messages dropped ** [    5.000001] BUG: x', {...plain, dropped: true}],
];

for (const [raw, line] of CASES) t.same(cleanLogLine(raw), line, raw);
