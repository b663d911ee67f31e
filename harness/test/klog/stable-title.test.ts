// SPDX-License-Identifier: MIT
import t from 'tap';
import {stableTitle} from '../../klog/stable-title.js';

const CASES: readonly (readonly [said: string, title: string, comm?: string])[] = [
  ['scheduling in a non-blocking section: toy/412/1', 'scheduling in a non-blocking section'],
  ['workqueue leaked it: kworker/u8:2[117]', 'workqueue leaked it'],
  ['kernel stack regs at 00000000f0aa3b1c in toy:412 is bad', 'kernel stack regs at ADDR in a task is bad'],
  ['state of Web Content:412 is wrong', 'state of a task is wrong', 'Web Content'],
  ['state of a+b (c)/412 is wrong', 'state of a task is wrong', 'a+b (c)'],
  ['it is wrong at /build/linux/mm/toy.c:10', 'it is wrong at mm/toy.c'],
  ['panicked at toy.rs:10:5', 'panicked at toy.rs'],
  ['toy_check+0x21/0x60 [toy] saw 3 of 4', 'toy_check saw N of N'],
  ['Dentry ffff888102a3c0f0{i=12,n=a name} in use', 'Dentry ADDR in use'],
  ['fe80::1 and 2001:db8::a:1 of veth12, eth0 at 0x18', 'ADDR and ADDR of vethN, ethN at ADDR'],
  ['ext4 and sha256 and ipv6 of x86_64 took 12 ms', 'ext4 and sha256 and ipv6 of x86_64 took N ms'],
  ['nothing that varies', 'nothing that varies'],
];

for (const [said, title, comm] of CASES) t.equal(stableTitle(said, comm), title, said);
