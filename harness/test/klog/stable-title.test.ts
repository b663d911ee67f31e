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
  ['held by task Web Content (pid 412)', 'held by task a task (pid N)', 'Web Content'],
  ['left by "toy"', 'left by "a task"', 'toy'],
  ['Process toy (412) left 3 pages', 'Process a task (N) left N pages', 'toy'],
  ['a toy driver is wrong', 'a toy driver is wrong', 'toy'],
  ['comm: toy left it', 'comm: a task left it'],
  ['communication of it failed', 'communication of it failed'],
  ['kworker/0:1H and kworker/u9:3-events_unbound/412 are wrong', 'a task and a task are wrong'],
  ['0000:00:04.0 has no domain', 'ADDR has no domain'],
  ['nvme0n1 and enp0s3 are wrong', 'nvmeNnN and enpNsN are wrong'],
  ['mask ffffffff is not 00000003', 'mask ADDR is not ADDR'],
  ['page (____ptrval____) of pfn:1a2b3 is wrong', 'page ADDR of pfn:N is wrong'],
  ['cpus 0-3,5 took 12ns.', 'cpus N took Nns.'],
  ['nothing that varies', 'nothing that varies'],
];

for (const [said, title, comm] of CASES) t.equal(stableTitle(said, comm), title, said);
